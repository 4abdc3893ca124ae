package org.consentgateway.ledger.rotation;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.keys.PayloadKey;
import org.consentgateway.ledger.keys.PayloadKeyFile;
import org.consentgateway.ledger.keys.PayloadKeys;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.store.LedgerClaimed;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.RetiredKeys;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confined to one command. Seals all payloads under a new key, some at a time beside gateways that
 * write, then destroys the old keys. Stopped at any time, it goes on where it ended.
 */
public final class Resealing {
    private static final Logger LOG = LoggerFactory.getLogger(Resealing.class);

    /** In one commit, for which gateways wait. */
    private static final int BATCH = 200;

    /** About as long as a commit takes. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** What is left for the last commit at most. */
    private static final long FEW = 200;

    private static final String MARKS = "ledger_erased";
    private static final String PAYLOADS = "ledger_payload";

    /**
     * What was done.
     *
     * @param keyId of the new key
     * @param resealed payloads
     * @param nodes that must have the new key before anything is sealed under it; empty where all
     *     is done
     */
    public record Outcome(String keyId, long resealed, List<String> nodes) {}

    private record Row(long index, String keyId, byte[] sealed) {}

    private final LedgerSettings settings;
    private final LongConsumer progress;
    private final Vendor vendor;

    /** By log: all before it is sealed anew. */
    private final Map<Integer, Long> done = new HashMap<>();

    private long resealed;

    Resealing(LedgerSettings settings, LongConsumer progress) {
        this.settings = settings;
        this.progress = progress;
        this.vendor = Vendor.of(settings);
    }

    /**
     * @param everywhere whether the other nodes have the newest payload.keys
     */
    Outcome run(boolean everywhere) throws IOException {
        try (Connection connection = vendor.open(settings, false).getConnection()) {
            Tables.requireKnown(connection);
            vendor.prepareWriter(connection, settings.limits().commitTimeout());
            Vendor.Claim claim = vendor.claim(settings.withNode("reseal"), connection);
            try {
                List<String> others = everywhere ? List.of() : others(connection);
                PayloadKeys keys = PayloadKeyFile.resealing(settings.keys(), others.isEmpty());
                if (keys.stage() == PayloadKeys.Stage.PREPARED) {
                    return new Outcome(keys.keys().getLast().id(), 0, others);
                }
                all(connection, new Sealer(keys));
                return new Outcome(keys.current().id(), resealed, List.of());
            } finally {
                claim.release();
            }
        } catch (LedgerClaimed e) {
            throw new IOException("everything is being sealed anew already", e);
        } catch (SQLException | LedgerTorn e) {
            throw new IOException(
                    "not all payloads are sealed anew, the old keys stay: " + e.getMessage(), e);
        }
    }

    private List<String> others(Connection connection) throws SQLException {
        Set<String> nodes = new TreeSet<>();
        for (Log log : Log.all(connection)) {
            nodes.add(LogNames.configuredNode(log.node()));
        }
        nodes.remove(LogNames.node(settings.node()));
        return List.copyOf(nodes);
    }

    private void all(Connection connection, Sealer sealer) throws SQLException, IOException {
        connection.setAutoCommit(false);
        while (pass(connection, sealer) > FEW) {
            // Gateways have written meanwhile, the more the longer it took.
        }
        List<String> old =
                sealer.keys().keys().stream()
                        .map(PayloadKey::id)
                        .filter(id -> !id.equals(sealer.keys().current().id()))
                        .toList();
        lock(connection);
        for (Log log : Log.all(connection)) {
            resealed += reseal(connection, sealer, new Part(log, PAYLOADS, from(log), log.size()));
            for (Part marks : oldMarks(connection, sealer, log)) {
                long _ = reseal(connection, sealer, marks);
            }
        }
        RetiredKeys.add(connection, old);
        connection.commit();
        PayloadKeys _ = PayloadKeyFile.forget(settings.keys(), old);
        connection.setAutoCommit(true);
        try {
            vendor.scrub(connection, false);
        } catch (SQLException e) {
            LOG.info("what is sealed under destroyed keys is cut out of the files later: {}", e);
        }
    }

    private long from(Log log) {
        return done.getOrDefault(log.id(), 0L);
    }

    /** How many were sealed anew. */
    private long pass(Connection connection, Sealer sealer) throws SQLException {
        List<Log> logs = Log.all(connection);
        connection.commit();
        long before = resealed;
        for (Log log : logs) {
            for (long from = from(log); from < log.size(); from += BATCH) {
                long to = Math.min(log.size(), from + BATCH);
                resealed += batch(connection, sealer, new Part(log, PAYLOADS, from, to));
                done.put(log.id(), to);
                progress.accept(done.values().stream().mapToLong(Long::longValue).sum());
            }
            for (Part marks : oldMarks(connection, sealer, log)) {
                long _ = batch(connection, sealer, marks);
            }
        }
        return resealed - before;
    }

    /** Some entries of a log, in one of its tables. */
    private record Part(Log log, String table, long from, long to) {}

    /** In one commit; then others have their turn. */
    private static long batch(Connection connection, Sealer sealer, Part part) throws SQLException {
        boolean any = !rows(connection, sealer, part).isEmpty();
        connection.commit();
        if (!any) {
            return 0;
        }
        lock(connection);
        long resealed = reseal(connection, sealer, part);
        connection.commit();
        LockSupport.parkNanos(PAUSE.toNanos());
        return resealed;
    }

    /** Those of a log that are sealed under an old key, some at a time. */
    private static List<Part> oldMarks(Connection connection, Sealer sealer, Log log)
            throws SQLException {
        List<Long> indexes =
                Rows.list(
                        connection,
                        "SELECT idx FROM ledger_erased WHERE log = ? AND key_id <> ? ORDER BY idx",
                        row -> row.getLong(1),
                        log.id(),
                        sealer.keys().current().id());
        List<Part> parts = new ArrayList<>();
        for (int from = 0; from < indexes.size(); from += BATCH) {
            int to = Math.min(indexes.size(), from + BATCH);
            parts.add(new Part(log, MARKS, indexes.get(from), indexes.get(to - 1) + 1));
        }
        return parts;
    }

    /** Keeps all writers of the store out until the next commit. */
    private static void lock(Connection connection) throws SQLException {
        Rows.change(connection, "UPDATE ledger_log SET size = size");
    }

    private static List<Row> rows(Connection connection, Sealer sealer, Part part)
            throws SQLException {
        return Rows.list(
                connection,
                "SELECT idx, key_id, sealed FROM "
                        + part.table
                        + " WHERE log = ? AND idx >= ? AND idx < ? AND key_id <> ?",
                row -> new Row(row.getLong(1), row.getString(2), row.getBytes(3)),
                part.log.id(),
                part.from,
                part.to,
                sealer.keys().current().id());
    }

    private static long reseal(Connection connection, Sealer sealer, Part part)
            throws SQLException {
        List<Row> rows = new ArrayList<>(rows(connection, sealer, part));
        if (rows.isEmpty()) {
            return 0;
        }
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE "
                                + part.table
                                + " SET key_id = ?, sealed = ? WHERE log = ? AND idx = ?")) {
            for (Row row : rows) {
                Sealer.Sealed sealed = anew(sealer, part, row);
                update.setString(1, sealed.keyId());
                update.setBytes(2, sealed.bytes());
                update.setInt(3, part.log.id());
                update.setLong(4, row.index);
                update.addBatch();
            }
            update.executeBatch();
        }
        return rows.size();
    }

    private static Sealer.Sealed anew(Sealer sealer, Part part, Row row) throws SQLException {
        String log = part.log.origin();
        boolean mark = part.table.equals(MARKS);
        Sealer.Opened opened =
                (mark
                                ? sealer.openMark(log, row.index, row.keyId, row.sealed)
                                : sealer.open(log, row.index, row.keyId, row.sealed))
                        .orElseThrow(() ->
                                new SQLException(
                                        "the payload of entry "
                                                + row.index
                                                + " of "
                                                + log
                                                + (sealer.isDestroyed(log, row.index, row.keyId)
                                                        ? " was erased, and came back with an old"
                                                                + " backup: let the gateway run"
                                                                + " for an hour, which erases it"
                                                                + " again"
                                                        : " does not open")));
        return mark ? sealer.sealMark(log, row.index, opened) : sealer.seal(log, row.index, opened);
    }
}
