package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongConsumer;
import org.consentgateway.ledger.bundles.ArchivedEntries;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.columns.ColumnTypes;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.number.CountedEndings;
import org.consentgateway.ledger.statement.Archivals;
import org.consentgateway.ledger.statement.KeyLog;
import org.consentgateway.ledger.statement.OpenStatement;
import org.consentgateway.ledger.store.ErasedIndexes;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.tree.ArchivalStatement;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one verification. Recomputes a store's logs from their first entry and compares:
 * leaves, chain, tree, every checkpoint's root and signature, payloads, salts, times, lookup rows.
 */
public final class LogVerifier {
    private static final int CHUNK = 8192;

    private final Connection connection;
    private final Collection<VerifierKey> keys;
    private final TrustPolicy policy;
    private final boolean alwaysWitnessed;
    private final @Nullable Sealer sealer;
    private final Map<String, String> exported;
    private final LongConsumer progress;
    private final ErasedIndexes erasures = new ErasedIndexes();
    private final Findings findings = new Findings();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> unchecked = new LinkedHashSet<>();
    private @Nullable EntryBundles archive;
    private @Nullable CountedEndings endings;
    private long done;

    /**
     * Whom to believe.
     *
     * @param policy which witnesses have to have cosigned
     * @param alwaysWitnessed whether a log is wrong of which no witness has seen anything
     */
    public record Trust(
            Collection<VerifierKey> keys, TrustPolicy policy, boolean alwaysWitnessed) {}

    /**
     * @param sealer null where the payload keys are not here
     * @param exported checkpoints kept outside the store, by where they are
     * @param progress told how many entries are done
     */
    public LogVerifier(
            Connection connection,
            Trust trust,
            @Nullable Sealer sealer,
            Map<String, String> exported,
            LongConsumer progress) {
        this.connection = connection;
        this.keys = trust.keys();
        this.policy = trust.policy();
        this.alwaysWitnessed = trust.alwaysWitnessed();
        this.sealer = sealer;
        this.exported = exported;
        this.progress = progress;
    }

    /**
     * @param files of entries that have no row any more; null where they are not here
     */
    public LogVerifier reading(@Nullable EntryBundles files) {
        this.archive = files;
        return this;
    }

    /**
     * @param pseudonyms whose key is that of the counts; null where it is not here
     */
    public LogVerifier counting(@Nullable Pseudonyms pseudonyms) {
        this.endings = pseudonyms == null ? null : new CountedEndings(pseudonyms);
        return this;
    }

    public Verification verify() throws SQLException {
        List<Log> logs = Log.all(connection);
        if (exported.isEmpty() && !logs.isEmpty()) {
            notes.add(
                    "no exported checkpoint was here to compare with: entries cut off at the end"
                            + " would not be seen. Give one you have kept by --checkpoint FILE");
        }
        if (sealer == null) {
            notes.add(
                    "payloads were not opened: the payload keys are not here; order, times and"
                            + " completeness are checked");
        } else {
            collectErasures(logs, sealer);
        }
        StrayRows.find(connection, logs, findings);
        ColumnTypes.of(connection).all(connection, logs, findings::add);
        ArchiveCheck texts = ArchiveCheck.of(connection, findings);
        notes.addAll(texts.notes());
        var payloads = new PayloadCheck(sealer, erasures, texts, endings);
        List<Verification.CheckedLog> checked = new ArrayList<>();
        Map<String, List<VerifierKey>> keysOf = new HashMap<>();
        for (Log log : logs) {
            keysOf.put(log.origin(), keysOf(log));
        }
        LogEndings ended = LogEndings.of(connection, logs, keysOf, findings);
        notes.addAll(ended.notes());
        List<ArchivalStatement> archivals = archivals(logs, keysOf);
        var archived = new ArchivedEntries(archive, Archivals.sizes(archivals));
        for (Log log : logs) {
            SignedRoots roots =
                    SignedRoots.of(
                            connection,
                            log,
                            exported,
                            new SignedRoots.Trust(
                                    Objects.requireNonNull(keysOf.get(log.origin())), policy),
                            findings);
            ended.of(log.origin()).ifPresent(roots::endsBy);
            archivals.stream()
                    .filter(one -> one.archived().origin().equals(log.origin()))
                    .forEach(roots::archivedAs);
            checked.add(verify(new Walk(log, roots, tiles(log)), payloads, archived));
            roots.witnesses(alwaysWitnessed).ifPresent(notes::add);
        }
        if (endings != null && sealer != null && endings.compare(connection, logs, findings::add)) {
            unchecked.add("counts of what ends a consent, under a key that pseudonym.keys has not");
        }
        exported.forEach((place, text) ->
                SignedNote.parse(text)
                        .flatMap(note -> Checkpoint.parse(note.text()))
                        .filter(c -> logs.stream().noneMatch(of(c.origin())))
                        .filter(c -> !ended.isLost(c))
                        .ifPresent(c ->
                                findings.add(
                                        c.origin(),
                                        null,
                                        "the store has no such log, but "
                                                + place
                                                + " covers "
                                                + c.size()
                                                + " entries of it")));
        unchecked.addAll(payloads.unchecked());
        tell(archived);
        return findings.with(checked, List.copyOf(notes), List.copyOf(unchecked));
    }

    private void tell(ArchivedEntries archived) {
        for (String log : archived.unread()) {
            unchecked.add(
                    "entries of "
                            + log
                            + " that were taken to an archive: it is not here (store.archive, or"
                            + " --archive DIR)");
        }
        if (archived.found() > 0) {
            notes.add(archived.found() + " entries were read from the archive");
        }
    }

    /** What logs say of the archive, and what is not as they have said it. */
    private List<ArchivalStatement> archivals(List<Log> logs, Map<String, List<VerifierKey>> keysOf)
            throws SQLException {
        List<ArchivalStatement> all = new ArrayList<>();
        for (Log log : logs) {
            Archivals.OfLog said =
                    Archivals.by(connection, log, Objects.requireNonNull(keysOf.get(log.origin())));
            said.wrong().forEach(one -> findings.add(log.origin(), one.index(), one.what()));
            long entries = Archivals.entries(connection, log);
            int kept = said.statements().size() + said.wrong().size();
            if (entries != kept) {
                findings.add(
                        log.origin(),
                        null,
                        "it says " + entries + " times what is archived, kept are " + kept);
            }
            all.addAll(said.statements());
        }
        return all;
    }

    private static java.util.function.Predicate<Log> of(String origin) {
        return log -> log.origin().equals(origin);
    }

    private void collectErasures(List<Log> logs, Sealer with) throws SQLException {
        for (Log log : logs) {
            List<Optional<ObjectNode>> listings =
                    Rows.list(
                            connection,
                            "SELECT e.idx, p.key_id, p.sealed FROM ledger_entry e"
                                    + " JOIN ledger_payload p ON p.log = e.log AND p.idx = e.idx"
                                    + " WHERE e.log = ? AND e.type = 'Erased'",
                            row -> {
                                if (with.keys().byId(row.getString(2)).isEmpty()) {
                                    erasures.unreadable();
                                }
                                return with.open(
                                                log.origin(),
                                                row.getLong(1),
                                                row.getString(2),
                                                row.getBytes(3))
                                        .flatMap(opened ->
                                                Optional.ofNullable(
                                                        LogReader.parse(opened.payload())));
                            },
                            log.id());
            listings.forEach(listing -> listing.ifPresent(erasures::add));
            if (Tables.has(connection, "ledger_erased")) {
                for (long index : erasures.addMarks(connection, log, with)) {
                    findings.add(
                            log.origin(), index, "the mark that it was erased is none of ours");
                }
            }
        }
        if (erasures.untold() != 0) {
            findings.add(
                    "all logs",
                    null,
                    Math.abs(erasures.untold())
                            + (erasures.untold() > 0
                                    ? " payloads were destroyed that no Erased entry speaks of"
                                    : " marks of erased payloads are missing"));
        }
    }

    private Verification.CheckedLog verify(
            Walk walk, PayloadCheck payloads, ArchivedEntries archived) throws SQLException {
        Log log = walk.log;
        // Payloads are opened on another core, one part behind the walk.
        CompletableFuture<PayloadCheck.Checked> running = null;
        long end = end(log, walk.roots.archivedTo());
        for (long from = 0; from < end; from += CHUNK) {
            long to = Math.min(end, from + CHUNK);
            List<WholeEntry> rows = rows(walk, archived, from, to);
            var next = CompletableFuture.supplyAsync(() -> payloads.of(log, rows));
            rows.forEach(row -> walk.entry(row.entry()));
            walk.missingUpTo(to);
            walk.payloads(running);
            running = next;
            done += rows.size();
            progress.accept(done);
        }
        walk.payloads(running);
        walk.missingUpTo(end);
        checkEnd(log, walk.last);
        walk.roots.end();
        return new Verification.CheckedLog(
                log.origin(),
                log.size(),
                walk.opened,
                walk.erased,
                walk.roots.compared(),
                walk.roots.unsigned());
    }

    /**
     * The size of the log, unless it was set to more than anybody could have written: to count what
     * is missing there would take for ever.
     */
    private long end(Log log, long archived) throws SQLException {
        long rows =
                Rows.first(
                                connection,
                                "SELECT COALESCE(MAX(idx), -1) + 1 FROM ledger_entry WHERE log = ?"
                                        + " AND idx < ?",
                                row -> row.getLong(1),
                                log.id(),
                                log.size())
                        .orElse(0L);
        long there = Math.max(rows, archived);
        if (log.size() - there <= CHUNK) {
            return log.size();
        }
        findings.add(log.origin(), there, "is missing, and all that come after it");
        return there;
    }

    /** Those of the store, and in place of those that were taken out of it what the archive has. */
    private List<WholeEntry> rows(Walk walk, ArchivedEntries archived, long from, long to)
            throws SQLException {
        List<WholeEntry> rows = WholeEntry.range(connection, walk.log, from, to);
        ArchivedEntries.Part part =
                archived.without(
                        connection,
                        walk.log,
                        rows.stream().map(row -> row.entry().index()).toList(),
                        new ArchivedEntries.Range(from, to),
                        (index, what) -> findings.add(walk.log.origin(), index, what));
        walk.bare = part.bare();
        return WholeEntry.with(rows, part.entries().values());
    }

    /** The keys that were given for a log, and those that they vouch for in it. */
    private List<VerifierKey> keysOf(Log log) throws SQLException {
        KeyLog said = KeyLog.of(connection, log);
        for (OpenStatement one : said.said()) {
            if (!KeyLog.isSaid(connection, log, one)) {
                findings.add(
                        log.origin(), one.index(), "what it said of keys is not what stands here");
            }
        }
        long entries =
                Rows.first(
                                connection,
                                "SELECT COUNT(*) FROM ledger_entry WHERE log = ? AND type IN"
                                        + " ('SigningKeyRotated', 'SigningKeyRevoked')",
                                row -> row.getLong(1),
                                log.id())
                        .orElse(0L);
        long kept = said.said().stream().filter(one -> !KeyLog.isFirst(one)).count();
        if (entries != kept) {
            findings.add(
                    log.origin(),
                    null,
                    "it has said " + entries + " times what becomes of its keys, kept are " + kept);
        }
        KeyLog.Told told = said.from(keys);
        told.wrong().forEach(what -> findings.add(log.origin(), null, what));
        if (keys.stream().noneMatch(key -> key.name().equals(log.origin()))) {
            unchecked.add(
                    "whose log "
                            + log.origin()
                            + " is: no key of it is here; its signatures fit the key that it names"
                            + " itself"
                            + told.keys().stream()
                                    .findFirst()
                                    .map(key -> ", " + key.text())
                                    .orElse(""));
        }
        return told.keys();
    }

    /** Through one log, entry by entry: chain, times, tree. */
    private final class Walk {
        private final Log log;
        private final SignedRoots roots;
        private final Map<String, byte[]> tiles;
        private final Frontier tree = new Frontier();

        /** What the next entry's header has to name; unknown behind one that is missing. */
        private byte[] prev = Header.noLeaf();

        private byte[] last = Header.noLeaf();
        private long lastMillis;
        private long opened;
        private long erased;

        /** Leaves of entries that nobody has any more, by index. */
        private Map<Long, byte[]> bare = Map.of();

        Walk(Log log, SignedRoots roots, Map<String, byte[]> tiles) {
            this.log = log;
            this.roots = roots;
            this.tiles = tiles;
            roots.compare(tree, lastMillis);
        }

        void entry(StoredEntry entry) {
            missingUpTo(entry.index());
            leafProblem(log, entry, prev)
                    .ifPresent(what -> findings.add(log.origin(), entry.index(), what));
            if (entry.timeMillis() < lastMillis) {
                findings.add(
                        log.origin(),
                        entry.index(),
                        "time goes back, from "
                                + Header.time(Instant.ofEpochMilli(lastMillis))
                                + " to "
                                + Header.time(Instant.ofEpochMilli(entry.timeMillis())));
            }
            lastMillis = Math.max(lastMillis, entry.timeMillis());
            prev = entry.leaf();
            last = prev;
            tree.append(prev, (level, at, hash) -> checkTile(log, tiles, level, at, hash));
            roots.compare(tree, lastMillis);
        }

        void payloads(@Nullable CompletableFuture<PayloadCheck.Checked> running) {
            if (running == null) {
                return;
            }
            try {
                PayloadCheck.Checked checked = running.join();
                opened += checked.opened();
                erased += checked.erased();
                findings.add(checked.findings());
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }

        /**
         * Goes on with a leaf nobody has, so that all that follows is still looked at; of what was
         * taken to the archive with the leaf that is kept: what is wrong there was told.
         */
        void missingUpTo(long index) {
            while (tree.size() < index) {
                byte[] kept = bare.get(tree.size());
                if (kept == null) {
                    findings.add(log.origin(), tree.size(), "is missing");
                    tree.append(Header.noLeaf(), Frontier.Tiles.NONE);
                    prev = Header.noLeaf();
                } else {
                    tree.append(kept, (level, at, hash) -> checkTile(log, tiles, level, at, hash));
                    prev = kept;
                }
                roots.compare(tree, lastMillis);
            }
        }
    }

    /**
     * @param prev leaf of the entry before it
     */
    public static Optional<String> leafProblem(Log log, StoredEntry entry, byte[] prev) {
        try {
            return Arrays.equals(entry.header(log.origin(), prev).leaf(), entry.leaf())
                    ? Optional.empty()
                    : Optional.of(
                            "does not match its leaf hash: it, or the entry before it, was"
                                    + " changed");
        } catch (LedgerTorn e) {
            return Optional.of("holds what no gateway writes: " + e.getMessage());
        }
    }

    /** The head names the last entry. */
    private void checkEnd(Log log, byte[] last) throws SQLException {
        if (!Arrays.equals(last, log.lastLeaf())) {
            findings.add(log.origin(), null, "the head of the log does not name its last entry");
        }
    }

    private Map<String, byte[]> tiles(Log log) throws SQLException {
        Map<String, byte[]> tiles = new HashMap<>();
        Rows.list(
                        connection,
                        "SELECT level, idx, hash FROM ledger_tile WHERE log = ?",
                        row -> Map.entry(row.getInt(1) + "/" + row.getLong(2), row.getBytes(3)),
                        log.id())
                .forEach(tile -> tiles.put(tile.getKey(), tile.getValue()));
        return tiles;
    }

    private void checkTile(Log log, Map<String, byte[]> tiles, int level, long at, byte[] hash) {
        if (!Arrays.equals(tiles.get(level + "/" + at), hash)) {
            findings.add(
                    log.origin(), null, "tree hash " + at + " of level " + level + " is wrong");
        }
    }
}
