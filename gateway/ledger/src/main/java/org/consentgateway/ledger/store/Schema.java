package org.consentgateway.ledger.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.consentgateway.ledger.migration.IndexBuilds;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables, by one history of migrations for both vendors ({@code db/migration}). */
public final class Schema {
    /** Of the newest migration; a store that is there already costs one question at start. */
    static final String NEWEST = String.valueOf(Tables.NEWEST);

    private static final String TABLE = Tables.SCHEMA;

    private static final String FAILED = "SELECT version FROM " + TABLE + " WHERE NOT success";

    /** SQLSTATE of PostgreSQL, as the next. */
    private static final String LOCK_TIMEOUT = "55P03";

    private static final String NOT_ALLOWED = "42501";

    private Schema() {}

    /**
     * Beside gateways that may not do it themselves, as the owner of the tables; once, for a person
     * who reads what failed.
     *
     * @return the version that they have now
     */
    public static String migrate(LedgerSettings settings) throws IOException {
        try {
            migrate(settings, Vendor.of(settings).open(settings, false));
        } catch (LedgerTorn e) {
            throw new IOException(e.getMessage(), e);
        } catch (SQLException e) {
            throw new IOException("run it again once this is mended: " + e.getMessage(), e);
        }
        return NEWEST;
    }

    public static void migrate(LedgerSettings settings, DataSource source) throws SQLException {
        if (newest(source).equals(Optional.of(NEWEST))) {
            return;
        }
        try (Connection connection = source.getConnection()) {
            Tables.requireKnown(connection);
        }
        migrate(settings, source, NEWEST, IndexBuilds.USUAL);
    }

    /**
     * @param version up to which; also of an older program, for tests of what it finds
     * @param patience for each transaction that began before an index is built
     */
    static void migrate(
            LedgerSettings settings, DataSource source, String version, Duration patience)
            throws SQLException {
        forgetFailed(source);
        try {
            apply(settings, source, version, patience);
        } catch (FlywayException e) {
            SQLException failed =
                    new SQLException("the ledger's tables cannot be made: " + why(e), e);
            try {
                forgetFailed(source);
            } catch (SQLException away) {
                failed.addSuppressed(away); // the next start does it
            }
            throw failed;
        }
    }

    private static void apply(
            LedgerSettings settings, DataSource source, String version, Duration patience) {
        Vendor vendor = Vendor.of(settings);
        Flyway.configure(Schema.class.getClassLoader())
                .dataSource(vendor.migrating(settings, source))
                .locations("classpath:" + IndexBuilds.SCRIPTS)
                .placeholders(
                        Map.of(
                                "bytes",
                                vendor.bytes,
                                "unsampled",
                                vendor.unsampled,
                                "unordered",
                                vendor.unordered,
                                "serial",
                                vendor.serial(),
                                "outbox_unsampled",
                                vendor.outboxUnsampled(),
                                "concurrently",
                                vendor.concurrently()))
                .callbacks(
                        new IndexBuilds(
                                vendor.concurrently(),
                                vendor::waitForLocks,
                                Vendor.TABLE_LOCK,
                                patience))
                // An index that is built beside its writers waits for every transaction, also
                // for one that Flyway would hold its lock with.
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .target(version)
                .table(TABLE)
                .connectRetries(0)
                .loggers("slf4j")
                .load()
                .migrate();
    }

    /**
     * What was in no transaction and failed is written down as such: then no node would try it
     * again, and one of the version before that starts would take its tables for newer ones.
     */
    private static void forgetFailed(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            if (Tables.has(connection, TABLE)
                    && Rows.first(connection, FAILED, row -> row.getString(1)).isPresent()) {
                Rows.change(connection, "DELETE FROM " + TABLE + " WHERE NOT success");
            }
        }
    }

    /** The server says neither whom a build waited for nor what to do where it is not allowed. */
    private static String why(FlywayException failed) {
        String said = String.valueOf(failed.getMessage());
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCK_TIMEOUT.equals(sql.getSQLState())) {
                return "others keep a lock, or a transaction that began before an index is built"
                        + " (ledger verify, pg_dump, VACUUM; SELECT * FROM pg_stat_activity ORDER"
                        + " BY xact_start), and have to end first. "
                        + said;
            }
            if (cause instanceof SQLException sql && NOT_ALLOWED.equals(sql.getSQLState())) {
                return "only their owner may: scripts/gateway ledger migrate --url"
                        + " 'jdbc:postgresql://…&user=consent_owner' of this version, then"
                        + " config/postgresql/roles.sql. "
                        + said;
            }
        }
        return said;
    }

    private static Optional<String> newest(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Rows.first(
                    connection,
                    "SELECT version FROM "
                            + TABLE
                            + " WHERE success ORDER BY installed_rank DESC LIMIT 1",
                    row -> row.getString(1));
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith("08")) {
                throw e; // no connection: nothing can be made either
            }
            return Optional.empty(); // no such table yet
        }
    }
}
