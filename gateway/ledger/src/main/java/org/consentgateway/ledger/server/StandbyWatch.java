package org.consentgateway.ledger.server;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. How it stands with the standby of a store, as it was seen last. */
public final class StandbyWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StandbyWatch.class);

    private final DataSource source;
    private final int servers;
    private volatile Standby seen = Standby.NOT_ASKED;

    /**
     * @param source of connections to the primary
     * @param servers that the address names; 0: it is no server that could have a standby
     */
    public StandbyWatch(DataSource source, int servers) {
        this.source = source;
        this.servers = servers;
    }

    /** When it was looked last. */
    public Standby seen() {
        return seen;
    }

    /** Asks anew; may wait for a connection. A store that is away is told of elsewhere. */
    public void look() {
        if (servers == 0) {
            return;
        }
        Standby now;
        try (Connection connection = source.getConnection()) {
            now = StandbyCheck.of(connection, servers);
        } catch (SQLException away) {
            now = Standby.NOT_ASKED;
        }
        tell(now);
        seen = now;
    }

    private void tell(Standby now) {
        if (now == Standby.AWAY && seen != Standby.AWAY) {
            LOG.error(
                    "the standby that the primary waits for is away: no consent can be recorded"
                            + " until it is back, or synchronous_standby_names is changed");
        } else if (now == Standby.FOLLOWS && seen == Standby.AWAY) {
            LOG.info("the standby follows again");
        }
    }
}
