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

    private StandbyCheck() {}

    /**
     * Says in the log where it is not so.
     *
     * @param servers that the address names: one alone has no standby to wait for
     */
    public static void look(Connection primary, int servers) throws SQLException {
        if (servers > 1 && setting(primary, "synchronous_standby_names").isBlank()) {
            LOG.warn(
                    "store.url names {} servers, and the primary confirms commits without a"
                            + " standby: what callers heard confirmed is lost where it dies. Set"
                            + " synchronous_standby_names (config/postgresql/README.md)",
                    servers);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + name)) {
            return row.next() && row.getString(1) != null ? row.getString(1) : "";
        }
    }
}
