package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one verification. Recomputes a store's logs from their first entry and compares:
 * leaves, chain, tree, every checkpoint's root and signature, payloads, salts, times, lookup rows.
 * Since every checkpoint is compared with the tree of its size, any two of them are consistent.
 */
final class LogVerifier {
    private static final int CHUNK = 8192;

    // The range stands at each table: PostgreSQL does not carry it over a join, and reads a whole
    // table for every chunk otherwise.
    private static final String ROWS =
            "SELECT e.idx, e.entry_id, e.time_ms, e.type, e.commitment, e.leaf, p.key_id,"
                    + " p.sealed, f.type, f.time_ms, f.subject, f.notice, f.line, f.call_id,"
                    + " f.sip_hash, f.refers, f.until_ms, f.delete_ms, f.idx FROM ledger_entry e"
                    + " LEFT JOIN ledger_payload p ON p.log = e.log AND p.idx = e.idx"
                    + " AND p.idx >= ? AND p.idx < ?"
                    + " LEFT JOIN ledger_lookup f ON f.log = e.log AND f.idx = e.idx"
                    + " AND f.idx >= ? AND f.idx < ?"
                    + " WHERE e.log = ? AND e.idx >= ? AND e.idx < ? ORDER BY e.idx";

    private final Connection connection;
    private final Collection<VerifierKey> keys;
    private final @Nullable Sealer sealer;
    private final Map<String, String> exported;
    private final LongConsumer progress;
    private final Erasures erasures = new Erasures();
    private final List<Verification.Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final SaltSet salts = new SaltSet();
    private long found;
    private long done;

    /**
     * @param sealer null where the payload keys are not here
     * @param exported checkpoints kept outside the store, by where they are
     * @param progress told how many entries are done
     */
    LogVerifier(
            Connection connection,
            Collection<VerifierKey> keys,
            @Nullable Sealer sealer,
            Map<String, String> exported,
            LongConsumer progress) {
        this.connection = connection;
        this.keys = keys;
        this.sealer = sealer;
        this.exported = exported;
        this.progress = progress;
    }

    Verification verify() throws SQLException {
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
        List<Verification.CheckedLog> checked = new ArrayList<>();
        for (Log log : logs) {
            checked.add(verify(log));
        }
        exported.forEach((place, text) ->
                SignedNote.parse(text)
                        .flatMap(note -> Checkpoint.parse(note.text()))
                        .filter(c -> logs.stream().noneMatch(of(c.origin())))
                        .ifPresent(c ->
                                find(
                                        c.origin(),
                                        null,
                                        "the store has no such log, but "
                                                + place
                                                + " covers "
                                                + c.size()
                                                + " entries of it")));
        return new Verification(checked, List.copyOf(notes), List.copyOf(findings), found);
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
                            row ->
                                    with.open(
                                                    log.origin(),
                                                    row.getLong(1),
                                                    row.getString(2),
                                                    row.getBytes(3))
                                            .flatMap(opened ->
                                                    Optional.ofNullable(
                                                            LogReader.parse(opened.payload()))),
                            log.id());
            listings.forEach(listing -> listing.ifPresent(erasures::add));
        }
    }

    /** One row of everything there is about an entry. */
    private record Full(
            StoredEntry entry,
            @Nullable String keyId,
            byte @Nullable [] sealed,
            @Nullable String lookupType,
            long lookupMillis,
            @Nullable Facts facts) {
        static Full read(ResultSet row) throws SQLException {
            StoredEntry entry = StoredEntry.ROW.read(row);
            boolean lookup = row.getObject(19) != null;
            return new Full(
                    entry,
                    row.getString(7),
                    row.getBytes(8),
                    row.getString(9),
                    row.getLong(10),
                    lookup
                            ? new Facts(
                                    row.getString(11),
                                    row.getString(12),
                                    row.getString(13),
                                    row.getString(14),
                                    row.getString(15),
                                    row.getString(16),
                                    millis(row, 17),
                                    millis(row, 18))
                            : null);
        }

        private static @Nullable Long millis(ResultSet row, int at) throws SQLException {
            long millis = row.getLong(at);
            return row.wasNull() ? null : millis;
        }
    }

    private record Payloads(long opened, long erased, List<Verification.Finding> findings) {}

    private Verification.CheckedLog verify(Log log) throws SQLException {
        NavigableMap<Long, List<Claimed>> claims = checkpoints(log);
        Map<String, byte[]> tiles = tiles(log);
        Frontier frontier = new Frontier();
        byte[] prev = Header.NO_LEAF;
        long lastMillis = 0;
        long opened = 0;
        long erased = 0;
        long roots = compare(claims, log, frontier, lastMillis);
        CompletableFuture<Payloads> running = null;
        for (long from = 0; from < log.size(); from += CHUNK) {
            long to = Math.min(log.size(), from + CHUNK);
            List<Full> rows =
                    Rows.list(connection, ROWS, Full::read, from, to, from, to, log.id(), from, to);
            CompletableFuture<Payloads> next =
                    CompletableFuture.supplyAsync(() -> payloads(log, rows));
            for (Full row : rows) {
                StoredEntry entry = row.entry();
                while (frontier.size() < entry.index()) {
                    find(log.origin(), frontier.size(), "is missing");
                    // Goes on with a leaf nobody has, so that all that follows is still looked at.
                    frontier.append(Header.NO_LEAF, Frontier.Tiles.NONE);
                    prev = Header.NO_LEAF;
                    roots += compare(claims, log, frontier, lastMillis);
                }
                checkLeaf(log, entry, prev);
                if (entry.timeMillis() < lastMillis) {
                    find(
                            log.origin(),
                            entry.index(),
                            "time goes back, from "
                                    + Header.time(Instant.ofEpochMilli(lastMillis))
                                    + " to "
                                    + Header.time(Instant.ofEpochMilli(entry.timeMillis())));
                }
                lastMillis = Math.max(lastMillis, entry.timeMillis());
                prev = entry.leaf();
                frontier.append(prev, (level, at, hash) -> checkTile(log, tiles, level, at, hash));
                roots += compare(claims, log, frontier, lastMillis);
            }
            if (running != null) {
                Payloads before = join(running);
                opened += before.opened();
                erased += before.erased();
            }
            running = next;
            done += rows.size();
            progress.accept(done);
        }
        if (running != null) {
            Payloads before = join(running);
            opened += before.opened();
            erased += before.erased();
        }
        while (frontier.size() < log.size()) {
            find(log.origin(), frontier.size(), "is missing");
            frontier.append(Header.NO_LEAF, Frontier.Tiles.NONE);
            roots += compare(claims, log, frontier, lastMillis);
        }
        checkEnd(log, prev);
        long signed = claims.isEmpty() ? 0 : Math.min(log.size(), claims.lastKey());
        claims.tailMap(log.size(), false)
                .forEach((size, list) -> list.forEach(claim -> cut(log, claim)));
        return new Verification.CheckedLog(
                log.origin(), log.size(), opened, erased, roots, log.size() - signed);
    }

    private void cut(Log log, Claimed claim) {
        find(
                log.origin(),
                null,
                "holds "
                        + log.size()
                        + " entries, but "
                        + claim.place
                        + " covers "
                        + claim.checkpoint.size()
                        + ": the entries from "
                        + log.size()
                        + " on were cut off, or an old backup was restored");
    }

    private Payloads join(CompletableFuture<Payloads> running) {
        try {
            Payloads payloads = running.join();
            payloads.findings().forEach(f -> find(f.log(), f.index(), f.what()));
            return payloads;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void checkLeaf(Log log, StoredEntry entry, byte[] prev) {
        try {
            if (!Arrays.equals(entry.header(log.origin(), prev).leaf(), entry.leaf())) {
                find(
                        log.origin(),
                        entry.index(),
                        "does not match its leaf hash: it, or the entry before it, was changed");
            }
        } catch (LedgerTorn e) {
            find(log.origin(), entry.index(), "holds what no gateway writes: " + e.getMessage());
        }
    }

    /** Head, and nothing stored beyond it. */
    private void checkEnd(Log log, byte[] last) throws SQLException {
        if (!Arrays.equals(last, log.lastLeaf())) {
            find(log.origin(), null, "the head of the log does not name its last entry");
        }
        List<Long> beyond =
                Rows.list(
                        connection,
                        "SELECT MIN(idx) FROM ledger_entry WHERE log = ? AND idx >= ?"
                                + " HAVING MIN(idx) IS NOT NULL",
                        row -> row.getLong(1),
                        log.id(),
                        log.size());
        beyond.forEach(at -> find(log.origin(), at, "was inserted behind the end of the log"));
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
            find(log.origin(), null, "tree hash " + at + " of level " + level + " is wrong");
        }
    }

    /** A checkpoint somebody signed, and where it is kept. */
    private record Claimed(Checkpoint checkpoint, String place, long millis) {}

    private NavigableMap<Long, List<Claimed>> checkpoints(Log log) throws SQLException {
        NavigableMap<Long, List<Claimed>> claims = new TreeMap<>();
        Rows.list(
                        connection,
                        "SELECT size, time_ms, note FROM ledger_checkpoint WHERE log = ?"
                                + " ORDER BY size",
                        row -> new Object[] {row.getLong(1), row.getLong(2), row.getString(3)},
                        log.id())
                .forEach(row ->
                        claim(
                                claims,
                                log,
                                "checkpoint " + row[0],
                                (String) row[2],
                                (Long) row[1],
                                (Long) row[0]));
        exported.forEach((place, text) -> claim(claims, log, place, text, Long.MAX_VALUE, null));
        return claims;
    }

    private void claim(
            NavigableMap<Long, List<Claimed>> claims,
            Log log,
            String place,
            String text,
            long millis,
            @Nullable Long size) {
        SignedNote note = SignedNote.parse(text).orElse(null);
        Checkpoint checkpoint = note == null ? null : Checkpoint.parse(note.text()).orElse(null);
        if (note == null || checkpoint == null) {
            find(log.origin(), null, place + " is damaged: no signed note");
            return;
        }
        if (size == null && !checkpoint.origin().equals(log.origin())) {
            return; // of another log
        }
        if (!checkpoint.origin().equals(log.origin())
                || (size != null && size != checkpoint.size())) {
            find(log.origin(), null, place + " is not the one stored here");
            return;
        }
        List<VerifierKey> ofLog =
                keys.stream().filter(key -> key.name().equals(log.origin())).toList();
        switch (note.verify(ofLog)) {
            case SignedNote.Verdict.Verified verified -> {}
            case SignedNote.Verdict.WrongSignature wrong ->
                    find(
                            log.origin(),
                            null,
                            place + ": the signature of key " + wrong.key().hash() + " is wrong");
            case SignedNote.Verdict.NoKnownKey none ->
                    find(log.origin(), null, place + " is signed by no known key");
        }
        claims.computeIfAbsent(checkpoint.size(), at -> new ArrayList<>())
                .add(new Claimed(checkpoint, place, millis));
    }

    private long compare(
            NavigableMap<Long, List<Claimed>> claims, Log log, Frontier frontier, long lastMillis) {
        List<Claimed> here = claims.getOrDefault(frontier.size(), List.of());
        if (here.isEmpty()) {
            return 0;
        }
        byte[] root = frontier.root();
        for (Claimed claim : here) {
            if (!Arrays.equals(root, claim.checkpoint.root())) {
                find(
                        log.origin(),
                        null,
                        claim.place
                                + " has another root: one of the first "
                                + frontier.size()
                                + " entries was changed after it was signed");
            }
            if (claim.millis < lastMillis) {
                find(
                        log.origin(),
                        null,
                        claim.place + " was signed before the time of the last entry it covers");
            }
        }
        return here.size();
    }

    private Payloads payloads(Log log, List<Full> rows) {
        List<Verification.Finding> wrong = new ArrayList<>();
        long opened = 0;
        long erased = 0;
        for (Full row : rows) {
            long index = row.entry().index();
            if (row.sealed() == null) {
                if (sealer == null || erasures.covers(log.origin(), index)) {
                    erased++;
                } else {
                    wrong.add(
                            new Verification.Finding(
                                    log.origin(),
                                    index,
                                    "its payload is missing, and no Erased entry covers it"));
                }
                if (row.facts() != null) {
                    wrong.add(
                            new Verification.Finding(
                                    log.origin(),
                                    index,
                                    "its payload is gone, its lookup row not"));
                }
                continue;
            }
            String problem = sealer == null ? null : payload(log, row, sealer);
            if (problem != null) {
                wrong.add(new Verification.Finding(log.origin(), index, problem));
            }
            opened += sealer == null ? 0 : 1;
        }
        return new Payloads(opened, erased, wrong);
    }

    private @Nullable String payload(Log log, Full row, Sealer with) {
        StoredEntry entry = row.entry();
        String keyId = Objects.requireNonNull(row.keyId());
        if (with.keys().byId(keyId).isEmpty()) {
            return "its payload is sealed under key " + keyId + ", which is not here";
        }
        if (erasures.covers(log.origin(), entry.index())) {
            return "its payload was erased, by an Erased entry, and is still here";
        }
        Sealer.Opened opened =
                with.open(log.origin(), entry.index(), keyId, Objects.requireNonNull(row.sealed()))
                        .orElse(null);
        if (opened == null) {
            return "its payload was changed or belongs to another entry: it does not open";
        }
        if (!Arrays.equals(opened.commitment(), entry.commitment())) {
            return "its payload is not the one its leaf commits to";
        }
        if (!salts.add(opened.salt())) {
            return "its salt was used before: salts must never repeat";
        }
        ObjectNode payload = LogReader.parse(opened.payload());
        if (payload == null) {
            return "its payload is no JSON object";
        }
        boolean same =
                Facts.of(payload).equals(row.facts())
                        && entry.type().equals(row.lookupType())
                        && entry.timeMillis() == row.lookupMillis();
        return same ? null : "its lookup row does not match its payload";
    }

    private synchronized void find(String log, @Nullable Long index, String what) {
        found++;
        if (findings.size() < Verification.MAX_FINDINGS) {
            findings.add(new Verification.Finding(log, index, what));
        }
    }
}
