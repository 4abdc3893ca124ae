package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables, by one history of migrations for both vendors ({@code db/migration}). */
public final class Schema {
    /** Of the newest migration; a store that is there already costs one question at start. */
    static final String NEWEST = String.valueOf(Tables.NEWEST);

    private static final String TABLE = Tables.SCHEMA;

    private Schema() {}

    public static void migrate(LedgerSettings settings, DataSource source) throws SQLException {
        if (newest(source).equals(Optional.of(NEWEST))) {
            return;
        }
        try (Connection connection = source.getConnection()) {
            Tables.requireKnown(connection);
        }
        migrate(settings, source, NEWEST);
    }

    /**
     * @param version up to which; also of an older program, for tests of what it finds
     */
    static void migrate(LedgerSettings settings, DataSource source, String version)
            throws SQLException {
        Vendor vendor = Vendor.of(settings);
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(vendor.migrating(settings, source))
                    .locations("classpath:db/migration")
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
                    // An index that is built beside its writers waits for every transaction, also
                    // for one that Flyway would hold its lock with.
                    .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                    .target(version)
                    .table(TABLE)
                    .connectRetries(0)
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new SQLException("the ledger's tables cannot be made: " + e.getMessage(), e);
        }
    }

    private static Optional<String> newest(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Rows.first(
                    connection,
                    "SELECT version FROM " + TABLE + " ORDER BY installed_rank DESC LIMIT 1",
                    row -> row.getString(1));
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith("08")) {
                throw e; // no connection: nothing can be made either
            }
            return Optional.empty(); // no such table yet
        }
    }
}
