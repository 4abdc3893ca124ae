package org.consentgateway.ledger.proof;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.tree.ArchivalStatement;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SuccessorStatement;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * The roots that somebody signed for one log, in the store and outside of it, to be compared with
 * the tree at each size. Since every one is compared, any two of them are consistent. Confined to
 * one verification.
 */
public final class SignedRoots {
    /** What is as old, compared with the newest checkpoint, has to be witnessed by now. */
    private static final Duration WITNESSED_WITHIN = Duration.ofHours(1);

    /** A signed root, and where it is kept. */
    private record Signed(Checkpoint checkpoint, String place, long millis) {}

    private final Log log;
    private final Collection<VerifierKey> keys;
    private final TrustPolicy policy;
    private final Findings findings;
    private final NavigableMap<Long, List<Signed>> bySize = new TreeMap<>();
    private final List<Doubted> doubted = new ArrayList<>();
    private @Nullable SuccessorStatement ending;
    private long compared;
    private long archivedTo;

    /** Size of the largest tree that a key in force has signed. */
    private long believed;

    /** Size of the largest tree that enough witnesses have cosigned. */
    private long witnessed;

    /** A checkpoint that no key in force has signed. */
    private record Doubted(long size, String what, boolean revoked) {}

    private SignedRoots(Log log, Trust trust, Findings findings) {
        this.log = log;
        this.keys = trust.keys();
        this.policy = trust.policy();
        this.findings = findings;
    }

    /**
     * Whom to believe of a log.
     *
     * @param policy its witnesses
     */
    record Trust(Collection<VerifierKey> keys, TrustPolicy policy) {}

    /**
     * Reads them and checks their signatures.
     *
     * @param exported checkpoints of any log that are kept outside the store, by where they are
     */
    static SignedRoots of(
            Connection connection,
            Log log,
            Map<String, String> exported,
            Trust trust,
            Findings findings)
            throws SQLException {
        SignedRoots roots = new SignedRoots(log, trust, findings);
        Rows.list(
                        connection,
                        "SELECT size, time_ms, note FROM ledger_checkpoint WHERE log = ?"
                                + " ORDER BY size",
                        row -> new Object[] {row.getLong(1), row.getLong(2), row.getString(3)},
                        log.id())
                .forEach(row ->
                        roots.add(
                                "checkpoint " + row[0],
                                (String) row[2],
                                (Long) row[1],
                                (Long) row[0]));
        exported.forEach((place, text) -> roots.add(place, text, Long.MAX_VALUE, null));
        return roots;
    }

    /** It ended where an old backup was restored: so said, and held against it. */
    void endsBy(SuccessorStatement statement) {
        ending = statement;
        Checkpoint end = statement.restored();
        bySize.computeIfAbsent(end.size(), at -> new ArrayList<>())
                .add(
                        new Signed(
                                end,
                                "what " + statement.origin() + " says of its end",
                                Long.MAX_VALUE));
        if (log.size() > end.size()) {
            find("was written on after it had ended at " + end.size() + " entries");
        }
    }

    /** How many of its entries need no row. */
    long archivedTo() {
        return archivedTo;
    }

    /** Its first entries stand in the archive: so said, and held against it. */
    void archivedAs(ArchivalStatement statement) {
        Checkpoint archived = statement.archived();
        archivedTo = Math.max(archivedTo, archived.size());
        bySize.computeIfAbsent(archived.size(), at -> new ArrayList<>())
                .add(
                        new Signed(
                                archived,
                                "what " + statement.origin() + " says of its archive",
                                Long.MAX_VALUE));
    }

    /**
     * @param millis when it was signed
     * @param size it is stored under; null if it is kept outside the store
     */
    private void add(String place, String text, long millis, @Nullable Long size) {
        SignedNote note = SignedNote.parse(text).orElse(null);
        Checkpoint checkpoint = note == null ? null : Checkpoint.parse(note.text()).orElse(null);
        if (note == null || checkpoint == null) {
            find(place + " is damaged: no signed note");
            return;
        }
        if (size == null && !checkpoint.origin().equals(log.origin())) {
            return; // of another log
        }
        if (!checkpoint.origin().equals(log.origin())
                || (size != null && size != checkpoint.size())) {
            find(place + " is not the one stored here");
            return;
        }
        List<VerifierKey> ofLog =
                keys.stream().filter(key -> key.name().equals(log.origin())).toList();
        boolean quorum = hasQuorum(place, note);
        switch (note.verify(ofLog, checkpoint.size(), null)) {
            case SignedNote.Verdict.Verified _ -> {
                believed = Math.max(believed, checkpoint.size());
                witnessed = quorum ? Math.max(witnessed, checkpoint.size()) : witnessed;
            }
            case SignedNote.Verdict.NotBelieved(VerifierKey key, String why) ->
                    doubted.add(
                            new Doubted(
                                    checkpoint.size(),
                                    place + " is signed by key " + key.hash() + " alone, " + why,
                                    key.life().revoked() != null));
            case SignedNote.Verdict.WrongSignature wrong ->
                    find(place + ": the signature of key " + wrong.key().hash() + " is wrong");
            case SignedNote.Verdict.NoKnownKey _ -> {
                if (!ofLog.isEmpty()) {
                    find(place + " is signed by no known key");
                }
            }
        }
        bySize.computeIfAbsent(checkpoint.size(), at -> new ArrayList<>())
                .add(new Signed(checkpoint, place, millis));
    }

    /** A wrong cosignature is told, and there is no quorum. */
    private boolean hasQuorum(String place, SignedNote note) {
        TrustPolicy.Witnessed judged = policy.judge(note);
        for (String name : judged.wrong()) {
            find(place + ": the cosignature of witness " + name + " is wrong");
        }
        return policy.needsWitnesses() && judged.enough();
    }

    /**
     * Holds what the witnesses have seen against what the log has. An ended log is covered by the
     * one that goes on.
     *
     * @param always whether a log of which no witness has seen anything is wrong, too: not where
     *     witnesses may have been asked for the first time a minute ago
     * @return what a reader should know
     */
    Optional<String> witnesses(boolean always) {
        if (!policy.needsWitnesses() || ending != null || bySize.isEmpty()) {
            return Optional.empty();
        }
        if (witnessed == 0 && !always) {
            return Optional.of(
                    log.origin() + ": no checkpoint is cosigned by " + policy.needed() + " yet");
        }
        long newest = stored().mapToLong(Signed::millis).max().orElse(0);
        stored().filter(one -> one.checkpoint.size() > witnessed)
                .filter(one -> one.millis < newest - WITNESSED_WITHIN.toMillis())
                .findFirst()
                .ifPresent(one ->
                        find(
                                one.place
                                        + " and those after it are not cosigned by "
                                        + policy.needed()
                                        + ": witnessed are the first "
                                        + witnessed
                                        + " entries of "
                                        + log.size()));
        if (witnessed == 0) {
            find("no checkpoint is cosigned by " + policy.needed());
        }
        return Optional.of(
                log.origin()
                        + ": the first "
                        + witnessed
                        + " entries are witnessed by "
                        + policy.needed());
    }

    /** Those of the store, which have a time. */
    private Stream<Signed> stored() {
        return bySize.values().stream()
                .flatMap(List::stream)
                .filter(one -> one.millis != Long.MAX_VALUE);
    }

    /**
     * Compares those of this size.
     *
     * @param lastMillis time of the newest entry so far
     */
    void compare(Frontier tree, long lastMillis) {
        List<Signed> here = bySize.getOrDefault(tree.size(), List.of());
        if (here.isEmpty()) {
            return;
        }
        byte[] root = tree.root();
        for (Signed signed : here) {
            if (!Arrays.equals(root, signed.checkpoint.root())) {
                find(
                        signed.place
                                + " has another root: one of the first "
                                + tree.size()
                                + " entries was changed after it was signed");
            }
            if (signed.millis < lastMillis) {
                find(signed.place + " was signed before the time of the last entry it covers");
            }
        }
        compared += here.size();
    }

    /**
     * After the last entry: what is signed for beyond it was cut off; and what a revoked key alone
     * has signed is borne out by a later root, or by nothing.
     */
    void end() {
        for (Doubted one : doubted) {
            if (!one.revoked || one.size > believed) {
                find(one.what);
            }
        }
        bySize.tailMap(log.size(), false)
                .forEach((size, list) -> {
                    if (ending == null || !ending.isLost(size)) {
                        list.forEach(signed ->
                                find(
                                        "holds "
                                                + log.size()
                                                + " entries, but "
                                                + signed.place
                                                + " covers "
                                                + size
                                                + ": the entries from "
                                                + log.size()
                                                + " on were cut off, or an old backup was"
                                                + " restored"));
                    }
                });
    }

    long compared() {
        return compared;
    }

    /** Entries after the newest one. */
    long unsigned() {
        return log.size() - (bySize.isEmpty() ? 0 : Math.min(log.size(), bySize.lastKey()));
    }

    private void find(String what) {
        findings.add(log.origin(), null, what);
    }
}
