package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.bundles.EntrySearch;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.keys.DurableFile;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.Merkle;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one command. Rows of one log that go, 256 entries in a commit: each is compared with
 * its file once more, and its leaf stays.
 */
final class BundleTaking {
    /** About as long as a commit takes: then others have their turn. */
    private static final Duration PAUSE = Duration.ofMillis(2);

    /** Level of the tree whose hashes are those of 256 leaves. */
    private static final int ABOVE = 8;

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** Without content, and with the mark that it was erased. */
    private static final String ERASED =
            "log = ? AND idx >= ? AND idx < ?"
                    + " AND NOT EXISTS (SELECT 1 FROM ledger_payload p"
                    + " WHERE p.log = ledger_entry.log AND p.idx = ledger_entry.idx)"
                    + " AND NOT EXISTS (SELECT 1 FROM ledger_lookup f"
                    + " WHERE f.log = ledger_entry.log AND f.idx = ledger_entry.idx)"
                    + " AND EXISTS (SELECT 1 FROM ledger_erased m"
                    + " WHERE m.log = ledger_entry.log AND m.idx = ledger_entry.idx)";

    private final Connection connection;
    private final Log log;
    private final EntryBundles files;
    private final Instant now;
    private long seen;
    private long taken;
    private @Nullable Instant rest;

    BundleTaking(Connection connection, Log log, EntryBundles files, Instant now) {
        this.connection = connection;
        this.log = log;
        this.files = files;
        this.now = now;
    }

    /** Erased entries that had a row. */
    long seen() {
        return seen;
    }

    long taken() {
        return taken;
    }

    /** When the first of those may go that are there still. */
    Optional<Instant> rest() {
        return Optional.ofNullable(rest);
    }

    void count(int erased) {
        seen += erased;
    }

    /** Indexes of rows of what was erased and is found in the archive by its id. */
    List<Long> erased(long from, long to) throws SQLException {
        List<StoredEntry> rows =
                Rows.list(
                        connection,
                        "SELECT "
                                + StoredEntry.COLUMNS
                                + " FROM ledger_entry WHERE "
                                + ERASED
                                + " ORDER BY idx",
                        StoredEntry.ROW,
                        log.id(),
                        from,
                        to);
        return rows.stream().filter(EntrySearch::isFound).map(StoredEntry::index).toList();
    }

    /** What the store keeps of a bundle. */
    private record Kept(byte[] leaves, BitSet gone, long goneMillis) {}

    /**
     * In one commit, or not at all.
     *
     * @throws IOException where the file is not what the store has; says where
     */
    void take(long bundle, Duration wait) throws SQLException, IOException {
        // Somebody may have put the file back a moment ago, and it be in memory alone.
        DurableFile.force(files.file(log, bundle));
        List<byte[]> entries = files.entries(log, bundle);
        try {
            change(bundle, entries, wait);
            connection.commit();
        } catch (SQLException | IOException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    private void change(long bundle, List<byte[]> entries, Duration wait)
            throws SQLException, IOException {
        long from = bundle * Log.BUNDLE;
        // Written before it is read: SQLite lets nobody write on what others have changed since.
        int fresh =
                Rows.change(
                        connection,
                        "INSERT INTO ledger_leaves (log, idx, leaves, gone, gone_ms)"
                                + " VALUES (?, ?, ?, ?, 0) ON CONFLICT (log, idx) DO NOTHING",
                        log.id(),
                        bundle,
                        EntryBundles.leaves(entries),
                        octets(new BitSet()));
        Kept kept = kept(bundle);
        List<StoredEntry> rows = StoredEntry.range(connection, log, from, from + Log.BUNDLE);
        compare(bundle, entries, kept, rows);
        if (fresh == 1 && rows.size() != Log.BUNDLE) {
            throw new IOException(
                    "of the entries of "
                            + log.origin()
                            + " from "
                            + from
                            + " on one is missing in the store: run scripts/gateway ledger verify");
        }
        BitSet erased = new BitSet(Log.BUNDLE);
        erased(from, from + Log.BUNDLE).forEach(i -> erased.set(Math.toIntExact(i - from)));
        seen += erased.cardinality();
        boolean ripe = !now.isBefore(Instant.ofEpochMilli(kept.goneMillis).plus(wait));
        BitSet going = (BitSet) erased.clone();
        going.and(kept.gone);
        if (ripe && !going.isEmpty()) {
            delete(rows, going, from);
            erased.andNot(going);
        }
        if (ripe || kept.gone.isEmpty()) {
            note(bundle, erased);
            later(erased, now.plus(wait));
        } else {
            later(erased, Instant.ofEpochMilli(kept.goneMillis).plus(wait));
        }
    }

    private void later(BitSet left, Instant then) {
        Instant before = rest;
        if (!left.isEmpty() && (before == null || then.isBefore(before))) {
            rest = then;
        }
    }

    private Kept kept(long bundle) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT leaves, gone, gone_ms FROM ledger_leaves WHERE log = ? AND idx = ?",
                        row ->
                                new Kept(
                                        row.getBytes(1),
                                        BitSet.valueOf(row.getBytes(2)),
                                        row.getLong(3)),
                        log.id(),
                        bundle)
                .orElseThrow(() -> new SQLException("the leaves are not there"));
    }

    /** The file, octet by octet, with the rows, the leaves that are kept, and the tree. */
    private void compare(long bundle, List<byte[]> entries, Kept kept, List<StoredEntry> rows)
            throws SQLException, IOException {
        long from = bundle * Log.BUNDLE;
        boolean same =
                Arrays.equals(kept.leaves, EntryBundles.leaves(entries))
                        && isInTree(bundle, entries);
        byte[] before =
                from == 0
                        ? Header.noLeaf()
                        : Log.hashes(connection, log.id()).at(0, from - 1, from).stream()
                                .findFirst()
                                .orElseThrow(() -> new SQLException("the leaf before is missing"));
        for (StoredEntry row : rows) {
            int at = Math.toIntExact(row.index() - from);
            byte[] prev = at == 0 ? before : Merkle.leaf(entries.get(at - 1));
            byte[] ours = row.header(log.origin(), prev).text().getBytes(StandardCharsets.UTF_8);
            same &= Arrays.equals(ours, entries.get(at));
            same &= Arrays.equals(row.leaf(), Merkle.leaf(entries.get(at)));
        }
        if (!same) {
            throw new IOException(
                    files.file(log, bundle)
                            + " is not what the store has: nothing of it is taken away. Run"
                            + " scripts/gateway ledger verify");
        }
    }

    private boolean isInTree(long bundle, List<byte[]> entries) throws SQLException {
        Frontier tree = new Frontier();
        entries.forEach(entry -> tree.append(Merkle.leaf(entry), Frontier.Tiles.NONE));
        return Log.hashes(connection, log.id()).at(ABOVE, bundle, bundle + 1).stream()
                .anyMatch(hash -> Arrays.equals(hash, tree.root()));
    }

    private void delete(List<StoredEntry> rows, BitSet going, long from) throws SQLException {
        record Day(long day, String type) {}
        Map<Day, Long> counts = new HashMap<>();
        List<StoredEntry> gone = new ArrayList<>();
        for (StoredEntry row : rows) {
            if (going.get(Math.toIntExact(row.index() - from))) {
                gone.add(row);
                counts.merge(
                        new Day(Math.floorDiv(row.timeMillis(), DAY_MILLIS), row.type()),
                        1L,
                        Long::sum);
            }
        }
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM ledger_entry WHERE log = ? AND idx = ?")) {
            for (StoredEntry row : gone) {
                delete.setInt(1, log.id());
                delete.setLong(2, row.index());
                delete.addBatch();
            }
            int[] _ = delete.executeBatch();
        }
        for (Map.Entry<Day, Long> count : counts.entrySet()) {
            int _ =
                    Rows.change(
                            connection,
                            "INSERT INTO ledger_archived_count (log, day, type, entries)"
                                    + " VALUES (?, ?, ?, ?) ON CONFLICT (log, day, type) DO UPDATE"
                                    + " SET entries = ledger_archived_count.entries"
                                    + " + excluded.entries",
                            log.id(),
                            count.getKey().day,
                            count.getKey().type,
                            count.getValue());
        }
        taken += gone.size();
    }

    /** Never none: to SQLite that would be NULL. */
    private static byte[] octets(BitSet bits) {
        return Arrays.copyOf(bits.toByteArray(), Log.BUNDLE / Byte.SIZE);
    }

    private void note(long bundle, BitSet erased) throws SQLException {
        int _ =
                Rows.change(
                        connection,
                        "UPDATE ledger_leaves SET gone = ?, gone_ms = ? WHERE log = ? AND idx = ?",
                        octets(erased),
                        now.toEpochMilli(),
                        log.id(),
                        bundle);
    }
}
