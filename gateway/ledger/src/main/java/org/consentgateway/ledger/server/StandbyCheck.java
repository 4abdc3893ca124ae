package org.consentgateway.ledger.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a commit is on two machines before it is confirmed. The session's {@code
 * synchronous_commit} alone does not say so: without {@code synchronous_standby_names} the server
 * confirms what it alone has.
 */
public final class StandbyCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StandbyCheck.class);

    /**
     * A role without {@code pg_read_all_stats} sees of a standby that there is one, not which, and
     * of other sessions those of its own name: so a commit that waits is what says that those there
     * are the wrong ones.
     */
    private static final String STATE =
            "SELECT current_setting('synchronous_standby_names'),"
                    + " (SELECT count(*) FROM pg_stat_replication),"
                    + " (SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                    + " AND clock_timestamp() - query_start > interval '1 second')";

    private StandbyCheck() {}

    /**
     * Asks the primary.
     *
     * @param servers that the address names: one alone need not have a standby
     */
    public static Standby of(Connection primary, int servers) throws SQLException {
        try (Statement statement = primary.createStatement();
                ResultSet row = statement.executeQuery(STATE)) {
            if (!row.next()) {
                return Standby.NOT_ASKED;
            }
            String names = row.getString(1);
            if (names == null || names.isBlank()) {
                return servers > 1 ? Standby.NOT_WAITED_FOR : Standby.NOT_ASKED;
            }
            return row.getLong(2) == 0 || row.getLong(3) > 0 ? Standby.AWAY : Standby.FOLLOWS;
        }
    }

    /**
     * Says in the log where nothing is waited for.
     *
     * @param servers that the address names
     */
    public static void look(Connection primary, int servers) throws SQLException {
        if (of(primary, servers) == Standby.NOT_WAITED_FOR) {
            LOG.warn(
                    "store.url names {} servers, and the primary confirms commits without a"
                            + " standby: what callers heard confirmed is lost where it dies. Set"
                            + " synchronous_standby_names (config/postgresql/README.md)",
                    servers);
        }
    }
}
