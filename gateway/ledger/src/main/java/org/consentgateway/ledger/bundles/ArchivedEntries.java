package org.consentgateway.ledger.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.Merkle;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one verification. In place of rows that were taken to the archive: their entries, out
 * of its files, each held against the leaf that the store has kept.
 */
public final class ArchivedEntries {
    /** Told of what is wrong. */
    public interface Wrong {
        void add(long index, String what);
    }

    /**
     * Of entries without a row.
     *
     * @param entries as the files have them, each with the leaf of the store
     * @param bare the leaves of those that the files do not have
     */
    public record Part(NavigableMap<Long, StoredEntry> entries, NavigableMap<Long, byte[]> bare) {}

    private final @Nullable EntryBundles files;
    private final Map<String, Long> sizes;
    private final Set<String> unread = new HashSet<>();
    private long found;

    /**
     * @param files null where they are not here
     * @param sizes by origin, how many of the first entries may be without their rows, as a log has
     *     said under its signature
     */
    public ArchivedEntries(@Nullable EntryBundles files, Map<String, Long> sizes) {
        this.files = files;
        this.sizes = Map.copyOf(sizes);
    }

    /** Origins of logs of which entries could not be looked at, for the files are not here. */
    public Set<String> unread() {
        return Set.copyOf(unread);
    }

    /** Entries that were read from the files. */
    public long found() {
        return found;
    }

    /**
     * Those from the first index to before the second that have no row.
     *
     * @param there indexes of rows in that range, in their order
     */
    public Part without(Connection connection, Log log, List<Long> there, Range range, Wrong wrong)
            throws SQLException {
        Part part = new Part(new TreeMap<>(), new TreeMap<>());
        long to = Math.min(range.to, sizes.getOrDefault(log.origin(), 0L));
        if (there.size() == range.to - range.from || range.from >= to) {
            return part;
        }
        NavigableMap<Long, byte[]> leaves =
                Log.archivedLeaves(connection, log.id(), range.from, to);
        leaves.keySet().removeAll(new HashSet<>(there));
        if (leaves.isEmpty()) {
            return part;
        }
        contents(connection, log, leaves, wrong);
        if (files == null) {
            unread.add(log.origin());
            part.bare.putAll(leaves);
            return part;
        }
        long first = leaves.firstKey() / TilePath.WIDTH;
        long last = leaves.lastKey() / TilePath.WIDTH;
        for (long bundle = first; bundle <= last; bundle++) {
            var of =
                    leaves.subMap(
                            bundle * TilePath.WIDTH, true, (bundle + 1) * TilePath.WIDTH, false);
            if (!of.isEmpty()) {
                bundle(files, log, bundle, of, part, wrong);
            }
        }
        return part;
    }

    /** From the first index to before the second. */
    public record Range(long from, long to) {}

    /** What has a payload is found by its entry: such a row is never taken away. */
    private static void contents(
            Connection connection, Log log, NavigableMap<Long, byte[]> leaves, Wrong wrong)
            throws SQLException {
        for (String table : List.of("ledger_payload", "ledger_lookup")) {
            Rows.list(
                            connection,
                            "SELECT idx FROM " + table + " WHERE log = ? AND idx >= ? AND idx <= ?",
                            row -> row.getLong(1),
                            log.id(),
                            leaves.firstKey(),
                            leaves.lastKey())
                    .stream()
                    .filter(leaves::containsKey)
                    .forEach(index ->
                            wrong.add(
                                    index,
                                    "is missing, though it stands in "
                                            + table
                                            + ": only what was erased goes to the archive"));
        }
    }

    private void bundle(
            EntryBundles from,
            Log log,
            long bundle,
            NavigableMap<Long, byte[]> leaves,
            Part part,
            Wrong wrong) {
        List<byte[]> entries;
        String why = "";
        try {
            entries = from.entries(log, bundle);
        } catch (IOException e) {
            entries = List.of();
            why = String.valueOf(e.getMessage());
        }
        boolean lost = entries.isEmpty();
        if (lost) {
            wrong.add(
                    leaves.firstKey(),
                    "and "
                            + (leaves.size() - 1)
                            + " more up to entry "
                            + leaves.lastKey()
                            + " were taken to the archive and are lost there: "
                            + why);
        }
        if (entries.isEmpty()) {
            part.bare.putAll(leaves);
            return;
        }
        List<byte[]> read = entries;
        tile(from, log, bundle, leaves.firstKey(), read, wrong);
        leaves.forEach((index, leaf) -> {
            byte[] octets = read.get(Math.toIntExact(index % TilePath.WIDTH));
            Optional<StoredEntry> entry =
                    Arrays.equals(Merkle.leaf(octets), leaf)
                            ? BundledEntry.read(octets)
                            : Optional.empty();
            if (entry.isPresent() && entry.get().index() == index) {
                part.entries.put(index, entry.get());
                found++;
            } else {
                part.bare.put(index, leaf);
                wrong.add(
                        index,
                        "was taken to the archive, and "
                                + from.file(log, bundle)
                                + " has another one in its place");
            }
        });
    }

    /** The tile of leaves beside the bundle, by which third parties prove. */
    private static void tile(
            EntryBundles from,
            Log log,
            long bundle,
            long index,
            List<byte[]> entries,
            Wrong wrong) {
        byte[] ours = EntryBundles.leaves(entries);
        boolean same;
        try {
            same = Arrays.equals(Files.readAllBytes(from.tile(log, bundle)), ours);
        } catch (IOException e) {
            same = false;
        }
        if (!same) {
            wrong.add(
                    index,
                    "was taken to the archive, and "
                            + from.tile(log, bundle)
                            + " is missing, or is not that of its entries");
        }
    }
}
