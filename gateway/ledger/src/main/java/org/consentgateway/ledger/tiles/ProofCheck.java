package org.consentgateway.ledger.tiles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.Rfc3339;
import org.consentgateway.ledger.proof.CheckResult;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Consistency;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A proof in one of the text forms, held against public keys.
 *
 * @param shown what it proves, in words
 */
public record ProofCheck(List<String> shown, List<String> findings) implements CheckResult {
    private static final JsonMapper JSON = new JsonMapper();

    /** Whether this text is of one of these forms. */
    public static boolean isOne(String text) {
        return TlogProof.isOne(text) || ConsistencyProof.isOne(text);
    }

    /**
     * @param kept checkpoints, by where they are: what a proof of consistency starts from
     */
    public static ProofCheck of(String text, List<VerifierKey> keys, Map<String, String> kept) {
        return of(text, keys, TrustPolicy.NONE, kept);
    }

    /**
     * @param policy which witnesses have to have cosigned its checkpoint
     * @param kept as above; of these no cosignature is asked
     */
    public static ProofCheck of(
            String text, List<VerifierKey> keys, TrustPolicy policy, Map<String, String> kept) {
        var checking = new Checking(keys, policy);
        if (TlogProof.isOne(text)) {
            TlogProof.parse(text)
                    .ifPresentOrElse(
                            checking::included, () -> checking.find("the proof is damaged"));
        } else {
            ConsistencyProof.parse(text)
                    .ifPresentOrElse(
                            proof -> checking.grown(proof, kept),
                            () -> checking.find("the proof is damaged"));
        }
        return new ProofCheck(List.copyOf(checking.shown), List.copyOf(checking.findings));
    }

    @Override
    public boolean passed() {
        return findings.isEmpty();
    }

    @Override
    public List<String> lines() {
        return CheckResult.verdict(shown, findings, findings.size(), List.of("the proof holds"));
    }

    @Override
    public ObjectNode json() {
        ObjectNode tree = JSON.createObjectNode().put("verified", passed());
        shown.forEach(tree.putArray("shown")::add);
        findings.forEach(tree.putArray("findings")::add);
        return tree;
    }

    /** Confined to one check. */
    private static final class Checking {
        private final List<VerifierKey> keys;
        private final TrustPolicy policy;
        private final List<String> shown = new ArrayList<>();
        private final List<String> findings = new ArrayList<>();

        Checking(List<VerifierKey> keys, TrustPolicy policy) {
            this.keys = keys;
            this.policy = policy;
        }

        void included(TlogProof proof) {
            JsonNode entry = entry(proof.extra());
            Instant time = Rfc3339.of(entry.path("time").asText());
            Checkpoint checkpoint = witnessed(proof.checkpoint(), time).orElse(null);
            if (checkpoint == null) {
                return;
            }
            boolean names =
                    entry.path("log").asText().equals(checkpoint.origin())
                            && entry.path("index").isIntegralNumber()
                            && entry.path("index").longValue() == proof.index();
            boolean included =
                    Merkle.includes(
                            proof.index(),
                            checkpoint.size(),
                            Merkle.leaf(proof.extra()),
                            proof.hashes(),
                            checkpoint.root());
            if (names && included) {
                shown.add(
                        "entry "
                                + proof.index()
                                + " of "
                                + checkpoint.origin()
                                + " is "
                                + proof.entry());
            } else {
                find("it is not one of the entries under the checkpoint");
            }
        }

        void grown(ConsistencyProof proof, Map<String, String> kept) {
            Checkpoint now = witnessed(proof.checkpoint(), null).orElse(null);
            if (now == null) {
                return;
            }
            int held = 0;
            for (Map.Entry<String, String> one : kept.entrySet()) {
                Optional<Checkpoint> old =
                        checkpoint(one.getValue())
                                .filter(c -> c.origin().equals(now.origin()))
                                .filter(c -> c.size() == proof.old());
                if (old.isPresent()) {
                    held++;
                    signed(one.getKey(), one.getValue(), null)
                            .ifPresent(c -> hold(one.getKey(), c, now, proof.hashes()));
                }
            }
            if (held == 0) {
                find(
                        "no checkpoint over "
                                + proof.old()
                                + " entries is here to begin with: give the one that you have kept"
                                + " by --checkpoint FILE");
            }
        }

        private void hold(String place, Checkpoint old, Checkpoint now, List<byte[]> hashes) {
            if (Consistency.holds(old.size(), now.size(), old.root(), now.root(), hashes)) {
                shown.add(
                        now.origin()
                                + " has only grown, from "
                                + old.size()
                                + " entries ("
                                + place
                                + ") to "
                                + now.size());
            } else {
                find(
                        place
                                + " is not what it began with: one of the first "
                                + old.size()
                                + " entries was changed, or the proof was");
            }
        }

        /** That of the proof; empty where it is not to be believed, which is told. */
        private Optional<Checkpoint> witnessed(String text, @Nullable Instant time) {
            Optional<Checkpoint> signed = signed("its checkpoint", text, time);
            boolean enough =
                    SignedNote.parse(text).filter(note -> policy.judge(note).enough()).isPresent();
            if (signed.isPresent() && !enough) {
                find("its checkpoint is not cosigned by " + policy.needed());
                return Optional.empty();
            }
            return signed;
        }

        /** Empty where it is not, which is told. */
        private Optional<Checkpoint> signed(String place, String text, @Nullable Instant time) {
            SignedNote note = SignedNote.parse(text).orElse(null);
            Checkpoint checkpoint = checkpoint(text).orElse(null);
            if (note == null || checkpoint == null) {
                find(place + " is damaged: no signed note");
                return Optional.empty();
            }
            Set<String> wrong = policy.judge(note).wrong();
            if (!wrong.isEmpty()) {
                find(place + ": the cosignature of witness " + wrong + " is wrong");
                return Optional.empty();
            }
            String origin = checkpoint.origin();
            List<VerifierKey> ofLog =
                    keys.stream().filter(key -> key.name().equals(origin)).toList();
            if (note.verify(ofLog, checkpoint.size(), time)
                    instanceof SignedNote.Verdict.Verified) {
                return Optional.of(checkpoint);
            }
            find(place + " is signed by no key that is believed");
            return Optional.empty();
        }

        void find(String what) {
            findings.add(what);
        }
    }

    private static Optional<Checkpoint> checkpoint(String note) {
        return SignedNote.parse(note).flatMap(signed -> Checkpoint.parse(signed.text()));
    }

    /** As {@link CanonicalJson} writes it; missing where it is none. */
    private static JsonNode entry(byte[] octets) {
        try {
            JsonNode entry = JSON.readTree(octets);
            return Arrays.equals(CanonicalJson.bytes(entry), octets) ? entry : JSON.missingNode();
        } catch (IOException | IllegalArgumentException e) {
            return JSON.missingNode();
        }
    }
}
