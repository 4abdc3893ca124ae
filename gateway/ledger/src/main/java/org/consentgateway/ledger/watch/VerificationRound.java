package org.consentgateway.ledger.watch;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.consentgateway.ledger.bundles.ArchivedEntries;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.columns.ColumnTypes;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.proof.ArchiveCheck;
import org.consentgateway.ledger.proof.Findings;
import org.consentgateway.ledger.proof.LogVerifier;
import org.consentgateway.ledger.proof.PayloadCheck;
import org.consentgateway.ledger.proof.StrayRows;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.proof.WholeEntry;
import org.consentgateway.ledger.statement.Archivals;
import org.consentgateway.ledger.statement.OpenStatement;
import org.consentgateway.ledger.statement.Successors;
import org.consentgateway.ledger.store.ErasedIndexes;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.ArchivalStatement;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread. One look at all entries that are there at its begin, some at a time and
 * each time at the store of that moment: no snapshot is held for long, so that what is erased
 * meanwhile leaves the files. Compares leaves, chain, tree, payloads, look-up rows, and the roots
 * that are signed in the store.
 */
final class VerificationRound {
    private final Supplier<Collection<VerifierKey>> keys;
    private final Sealer sealer;
    private final ErasedIndexes erasures = new ErasedIndexes();
    private final Findings findings = new Findings();
    private final Deque<Log> logs = new ArrayDeque<>();

    /** What cannot be opened counts for nobody, a withdrawal neither; told once. */
    private final Set<String> unread = new HashSet<>();

    private final @Nullable EntryBundles files;
    private @Nullable ArchiveCheck archive;
    private @Nullable ColumnTypes types;
    private @Nullable Walk walk;
    private long done;
    private long size;

    /**
     * @param files of entries that have no row any more; null where none are configured
     */
    VerificationRound(
            Supplier<Collection<VerifierKey>> keys, Sealer sealer, @Nullable EntryBundles files) {
        this.keys = keys;
        this.sealer = sealer;
        this.files = files;
    }

    long done() {
        return done;
    }

    long size() {
        return size;
    }

    List<Verification.Finding> findings() {
        return findings.kept();
    }

    /**
     * Looks at so many more entries.
     *
     * @param connection in a transaction of its own
     * @return false where none are left
     */
    boolean step(Connection connection, int entries) throws SQLException {
        ArchiveCheck texts = archive;
        ColumnTypes columns = types;
        if (texts == null || columns == null) {
            columns = ColumnTypes.of(connection);
            types = columns;
            texts = begin(connection, columns);
            archive = texts;
        }
        Walk now = walk;
        if (now == null) {
            if (logs.isEmpty()) {
                return false;
            }
            now = new Walk(logs.remove());
            walk = now;
        }
        if (now.isDone()) {
            now.end(connection);
            walk = null;
            return true;
        }
        long to = Math.min(now.log.size(), now.next() + entries);
        List<Long> wrong = erasures.addMarks(connection, now.log, sealer, now.next(), to);
        wrong.forEach(now::noMark);
        columns.part(connection, now.log, now.next(), to, findings::add);
        List<WholeEntry> rows = now.rows(connection, to);
        var payloads = new PayloadCheck(sealer, erasures, texts);
        findings.add(payloads.of(now.log, rows).findings());
        for (String what : payloads.unchecked()) {
            if (unread.add(what)) {
                now.find(null, what);
            }
        }
        done += to - now.next();
        now.to(connection, rows, to);
        return true;
    }

    private ArchiveCheck begin(Connection connection, ColumnTypes columns) throws SQLException {
        logs.addAll(Log.all(connection));
        for (Log log : logs) {
            Archivals.by(connection, log, keys.get())
                    .wrong()
                    .forEach(one -> findings.add(log.origin(), one.index(), one.what()));
        }
        StrayRows.find(connection, List.copyOf(logs), findings);
        columns.small(connection, List.copyOf(logs), findings::add);
        for (Log log : logs) {
            size += log.size();
            erasures.addListed(connection, log, sealer);
        }
        return ArchiveCheck.of(connection, findings);
    }

    /** As of this moment: what is archived while a round goes on was said before. */
    private List<ArchivalStatement> archivals(Connection connection) throws SQLException {
        List<ArchivalStatement> all = new ArrayList<>();
        for (Log log : Log.all(connection)) {
            all.addAll(Archivals.by(connection, log, keys.get()).statements());
        }
        return all;
    }

    /** Through one log. */
    private final class Walk {
        private final Log log;
        private final Frontier tree = new Frontier();
        private byte[] prev = Header.noLeaf();
        private long lastMillis;

        /** How often it says what it continues. */
        private long resumed;

        /** Leaves of entries that nobody has any more, by index. */
        private Map<Long, byte[]> bare = Map.of();

        Walk(Log log) {
            this.log = log;
        }

        long next() {
            return tree.size();
        }

        boolean isDone() {
            return tree.size() == log.size();
        }

        void noMark(long index) {
            find(index, "the mark that it was erased is none of ours");
        }

        /** Of the store, and of what was taken out of it those that the archive has. */
        List<WholeEntry> rows(Connection connection, long to) throws SQLException {
            List<WholeEntry> rows = WholeEntry.range(connection, log, next(), to);
            bare = Map.of();
            if (rows.size() == to - next()) {
                return rows;
            }
            var archived = new ArchivedEntries(files, Archivals.sizes(archivals(connection)));
            ArchivedEntries.Part part =
                    archived.without(
                            connection,
                            log,
                            rows.stream().map(row -> row.entry().index()).toList(),
                            new ArchivedEntries.Range(next(), to),
                            this::find);
            if (!archived.unread().isEmpty() && unread.add(log.origin())) {
                find(
                        part.bare().firstKey(),
                        "and others were taken to an archive, and store.archive does not say where"
                                + " it is");
            }
            bare = part.bare();
            return WholeEntry.with(rows, part.entries().values());
        }

        void to(Connection connection, List<WholeEntry> rows, long to) throws SQLException {
            Map<Long, String> signed = new HashMap<>();
            Rows.list(
                            connection,
                            "SELECT size, note FROM ledger_checkpoint WHERE log = ? AND size > ?"
                                    + " AND size <= ?",
                            row -> Map.entry(row.getLong(1), row.getString(2)),
                            log.id(),
                            tree.size(),
                            to)
                    .forEach(one -> signed.put(one.getKey(), one.getValue()));
            for (WholeEntry row : rows) {
                missingUpTo(row.entry().index(), signed);
                entry(row.entry());
                compare(signed);
            }
            missingUpTo(to, signed);
        }

        private void entry(StoredEntry entry) {
            LogVerifier.leafProblem(log, entry, prev).ifPresent(what -> find(entry.index(), what));
            if (entry.timeMillis() < lastMillis) {
                find(entry.index(), "time goes back");
            }
            lastMillis = Math.max(lastMillis, entry.timeMillis());
            prev = entry.leaf();
            resumed += entry.type().equals(EntryType.LOG_RESUMED.text()) ? 1 : 0;
            tree.append(prev, Frontier.Tiles.NONE);
        }

        private void missingUpTo(long index, Map<Long, String> signed) {
            while (tree.size() < index) {
                byte[] kept = bare.get(tree.size());
                if (kept == null) {
                    find(tree.size(), "is missing");
                }
                prev = kept == null ? Header.noLeaf() : kept;
                tree.append(prev, Frontier.Tiles.NONE);
                compare(signed);
            }
        }

        private void compare(Map<Long, String> signed) {
            String text = signed.get(tree.size());
            if (text == null) {
                return;
            }
            SignedNote note = SignedNote.parse(text).orElse(null);
            Checkpoint checkpoint =
                    note == null ? null : Checkpoint.parse(note.text()).orElse(null);
            String place = "checkpoint " + tree.size();
            if (note == null || checkpoint == null) {
                find(null, place + " is damaged: no signed note");
            } else if (!Arrays.equals(checkpoint.root(), tree.root())) {
                find(null, place + " has another root: an entry under it was changed");
            } else {
                signature(note, place);
            }
        }

        private void signature(SignedNote note, String place) {
            List<VerifierKey> own =
                    keys.get().stream().filter(key -> key.name().equals(log.origin())).toList();
            switch (note.verify(own)) {
                case SignedNote.Verdict.WrongSignature(VerifierKey key) ->
                        find(null, place + ": the signature of key " + key.hash() + " is wrong");
                case SignedNote.Verdict.NoKnownKey _ -> {
                    if (!own.isEmpty()) {
                        find(null, place + " is signed by no known key");
                    }
                }
                case SignedNote.Verdict.Verified _, SignedNote.Verdict.NotBelieved _ -> {}
            }
        }

        void end(Connection connection) throws SQLException {
            if (!Arrays.equals(prev, log.lastLeaf())) {
                find(null, "the head of the log does not name its last entry");
            }
            successors(connection);
        }

        /** What it says of the log before it: by that nobody relies on what may have ended. */
        private void successors(Connection connection) throws SQLException {
            List<OpenStatement> said = Successors.of(connection, log);
            // What is younger than this round has its entry behind the end that it goes to.
            long kept = said.stream().filter(one -> one.index() < log.size()).count();
            if (kept != resumed) {
                find(null, "it says " + resumed + " times what it continues, kept are " + kept);
            }
            boolean known = keys.get().stream().anyMatch(key -> key.name().equals(log.origin()));
            for (OpenStatement one : said) {
                boolean signed = !known || Successors.by(one, log, keys.get()).isPresent();
                if (!signed || !Successors.isSaid(connection, log, one)) {
                    find(one.index(), "what it said of the log before it is not what stands here");
                }
            }
        }

        private void find(@Nullable Long index, String what) {
            findings.add(log.origin(), index, what);
        }
    }
}
