package org.consentgateway.ledger.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.tree.LedgerTorn;

/** Seals all payloads under a new key, then forgets the old ones. */
public final class Resealing {
    private static final int BATCH = 1000;

    private Resealing() {}

    private record Row(long index, String keyId, byte[] sealed) {}

    public static long run(LedgerSettings settings) throws IOException {
        Vendor vendor = Vendor.of(settings);
        List<Vendor.Claim> claims = new ArrayList<>();
        try (Connection connection = vendor.open(settings, false).getConnection()) {
            Tables.requireKnown(connection);
            vendor.prepareWriter(connection, settings.limits().commitTimeout());
            List<Log> logs = Log.all(connection);
            for (Log log : logs) {
                claims.add(vendor.claim(settings.withNode(log.node()), connection));
            }
            Sealer sealer =
                    new Sealer(
                            KeyFiles.rotatePayload(
                                    settings.keys(), settings.node(), settings.logOrigin()));
            connection.setAutoCommit(false);
            long resealed = 0;
            for (Log log : logs) {
                resealed += reseal(connection, log, "ledger_payload", sealer);
                if (Tables.has(connection, "ledger_erased")) {
                    reseal(connection, log, "ledger_erased", sealer);
                }
            }
            KeyFiles.forgetOldPayloadKeys(settings.keys());
            connection.setAutoCommit(true);
            vendor.scrub(connection, false);
            return resealed;
        } catch (SQLException | LedgerTorn e) {
            throw new IOException(
                    "not all payloads are sealed anew, the old keys stay: " + e.getMessage(), e);
        } finally {
            for (Vendor.Claim claim : claims) {
                claim.release();
            }
        }
    }

    private static long reseal(Connection connection, Log log, String table, Sealer sealer)
            throws SQLException {
        long resealed = 0;
        for (long from = 0; from < log.size(); from += BATCH) {
            List<Row> rows =
                    Rows.list(
                            connection,
                            "SELECT idx, key_id, sealed FROM "
                                    + table
                                    + " WHERE log = ? AND idx >= ? AND idx < ?",
                            row -> new Row(row.getLong(1), row.getString(2), row.getBytes(3)),
                            log.id(),
                            from,
                            from + BATCH);
            try (PreparedStatement update =
                    connection.prepareStatement(
                            "UPDATE "
                                    + table
                                    + " SET key_id = ?, sealed = ? WHERE log = ? AND idx = ?")) {
                for (Row row : rows) {
                    Sealer.Opened opened =
                            sealer.open(log.origin(), row.index, row.keyId, row.sealed)
                                    .orElseThrow(() ->
                                            new SQLException(
                                                    "the payload of entry "
                                                            + row.index
                                                            + " does not open"));
                    Sealer.Sealed sealed = sealer.seal(log.origin(), row.index, opened);
                    update.setString(1, sealed.keyId());
                    update.setBytes(2, sealed.bytes());
                    update.setInt(3, log.id());
                    update.setLong(4, row.index);
                    update.addBatch();
                }
                if (!rows.isEmpty()) {
                    update.executeBatch();
                }
            }
            connection.commit();
            resealed += rows.size();
        }
        return resealed;
    }
}
