package org.consentgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.StoredCheckpoints;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Immutable. A log as an auditor looks at it first: how large it is, who has signed and cosigned
 * that, and with which keys.
 *
 * @param node that writes it, or has written it
 * @param size entries
 * @param checkpoints how many were signed
 * @param newest some of them, the newest first
 * @param keys public ones that sign it, or have signed it
 */
public record LogOverview(
        String node,
        String origin,
        long size,
        long checkpoints,
        List<Signed> newest,
        List<VerifierKey> keys) {
    private static final int SHOWN = 10;

    /**
     * A checkpoint.
     *
     * @param size entries that it covers
     * @param keys ids of the log's keys that have signed it and are believed
     * @param cosigned names of the witnesses whose cosignature is right
     * @param enough whether these are as many as are needed
     * @param note as it was signed (C2SP tlog-checkpoint)
     */
    public record Signed(
            long size,
            Instant at,
            List<String> keys,
            List<String> cosigned,
            boolean enough,
            String note) {}

    static LogOverview of(
            Connection connection, Log log, Collection<VerifierKey> verifiers, TrustPolicy policy)
            throws SQLException {
        List<Signed> newest = new ArrayList<>();
        for (StoredCheckpoints.Kept each : StoredCheckpoints.newest(connection, log, SHOWN)) {
            newest.add(signed(each, verifiers, policy));
        }
        return new LogOverview(
                log.node(),
                log.origin(),
                log.size(),
                StoredCheckpoints.count(connection, log),
                List.copyOf(newest),
                verifiers.stream().filter(key -> key.name().equals(log.origin())).toList());
    }

    private static Signed signed(
            StoredCheckpoints.Kept kept, Collection<VerifierKey> verifiers, TrustPolicy policy) {
        SignedNote note = SignedNote.parse(kept.note()).orElse(null);
        if (note == null) {
            return new Signed(kept.size(), kept.at(), List.of(), List.of(), false, kept.note());
        }
        TrustPolicy.Witnessed witnessed = policy.judge(note);
        List<String> keys =
                note.verify(verifiers, kept.size(), null)
                                instanceof SignedNote.Verdict.Verified(List<VerifierKey> by)
                        ? by.stream().map(VerifierKey::hash).toList()
                        : List.of();
        return new Signed(
                kept.size(),
                kept.at(),
                keys,
                witnessed.by().stream().sorted().toList(),
                witnessed.enough(),
                kept.note());
    }
}
