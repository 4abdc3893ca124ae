package org.consentgateway.ledger.bundles;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.store.Tables;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one question. Finds in the archive the entry of an id: a UUIDv7 tells when it was
 * made, and the entries of a log are in the order of their times.
 */
public final class EntrySearch {
    /** So much later than its id an entry is written at most, where the store was down. */
    private static final Duration LATEST = Duration.ofDays(2);

    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private final Connection connection;
    private final EntryBundles files;

    /**
     * An entry that has no row.
     *
     * @param entry with its leaf, which is the one that the store has kept
     */
    public record Found(Log log, StoredEntry entry) {}

    public EntrySearch(Connection connection, EntryBundles files) {
        this.connection = connection;
        this.files = files;
    }

    /**
     * Whether entries of this store stand in an archive: of an id that has no row, its files alone
     * tell whether there is an entry.
     */
    public static boolean isWanted(Connection connection) throws SQLException {
        return Tables.has(connection, "ledger_leaves")
                && Rows.first(
                                connection,
                                "SELECT idx FROM ledger_leaves LIMIT 1",
                                row -> row.getLong(1))
                        .isPresent();
    }

    /**
     * Whether an archived entry is found by its id. What is not has to keep its row: whoever writes
     * something once under an id that is made of what it is about (a consent from elsewhere, a
     * monthly report) has to meet it for good, also after its content was erased.
     */
    public static boolean isFound(StoredEntry entry) {
        Instant written = Instant.ofEpochMilli(entry.timeMillis());
        return EntryIds.time(entry.id())
                .filter(made -> !written.isBefore(made.minus(CLOCKS)))
                .filter(made -> !written.isAfter(made.plus(LATEST)))
                .isPresent();
    }

    /**
     * @return empty where no log has it, or it was written days after its id was made
     * @throws IOException where a file that may have it is lost, or is not what was archived
     */
    public Optional<Found> of(UUID id) throws SQLException, IOException {
        @Nullable Instant time = EntryIds.time(id).orElse(null);
        if (time == null || !Tables.has(connection, "ledger_leaves")) {
            return Optional.empty();
        }
        long made = time.toEpochMilli();
        for (Log log : Log.all(connection)) {
            List<Long> bundles =
                    Rows.list(
                            connection,
                            "SELECT idx FROM ledger_leaves WHERE log = ? ORDER BY idx",
                            row -> row.getLong(1),
                            log.id());
            for (int at = firstFrom(log, bundles, made - CLOCKS.toMillis());
                    at < bundles.size();
                    at++) {
                List<StoredEntry> entries = entries(log, bundles.get(at));
                Optional<StoredEntry> found =
                        entries.stream()
                                .filter(entry -> entry.entryId().equals(id.toString()))
                                .findFirst();
                if (found.isPresent()) {
                    return Optional.of(new Found(log, found.get()));
                }
                if (entries.getFirst().timeMillis() > made + LATEST.toMillis()) {
                    break;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * @throws IOException where the file that has it is lost, or is not what was archived
     */
    public Optional<StoredEntry> at(Log log, long index) throws SQLException, IOException {
        return entries(log, index / Log.BUNDLE).stream()
                .filter(entry -> entry.index() == index)
                .findFirst();
    }

    /**
     * The first bundle that has an entry of this time or later: the last one that begins before.
     */
    private int firstFrom(Log log, List<Long> bundles, long millis)
            throws SQLException, IOException {
        int low = 0;
        int high = bundles.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries(log, bundles.get(middle)).getFirst().timeMillis() < millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(0, low - 1);
    }

    private List<StoredEntry> entries(Log log, long bundle) throws SQLException, IOException {
        return octets(connection, files, log, bundle).stream()
                .map(BundledEntry::read)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * A bundle, held against the leaves that the store has kept.
     *
     * @throws IOException where it is lost, or not what was archived
     */
    public static List<byte[]> octets(
            Connection connection, EntryBundles files, Log log, long bundle)
            throws SQLException, IOException {
        List<byte[]> octets = files.entries(log, bundle);
        byte[] leaves = EntryBundles.leaves(octets);
        boolean same =
                Rows.first(
                                connection,
                                "SELECT leaves FROM ledger_leaves WHERE log = ? AND idx = ?",
                                row -> row.getBytes(1),
                                log.id(),
                                bundle)
                        .filter(kept -> Arrays.equals(kept, leaves))
                        .isPresent();
        if (!same) {
            throw new IOException(
                    files.file(log, bundle)
                            + " is not what was archived: run scripts/gateway ledger verify");
        }
        return octets;
    }
}
