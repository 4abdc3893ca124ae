package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Immutable. Exported checkpoints and receipts, checked without the log they are of: signatures,
 * each receipt's proof, and that no two checkpoints of one size disagree.
 *
 * @param logs by name
 * @param doubted checkpoints that a revoked key alone has signed: only the log itself can bear them
 *     out
 * @param findings what is wrong
 */
public record ExportCheck(List<ExportedLog> logs, List<String> doubted, List<String> findings)
        implements CheckResult {
    private static final String NOT_COVERED =
            "not covered: the entries themselves, which are not here. Check the database against"
                    + " this directory: DATABASE --checkpoint DIRECTORY";

    /**
     * What was found right of one log.
     *
     * @param newest size that a checkpoint signs for
     */
    public record ExportedLog(String log, long checkpoints, long receipts, long newest) {}

    /**
     * @throws IOException where the directory cannot be read or holds nothing that proves anything
     */
    public static ExportCheck of(Path directory, List<VerifierKey> keys, TrustPolicy policy)
            throws IOException {
        Checking checking = new Checking(keys, policy);
        for (Map.Entry<String, String> file : Exports.texts(directory).entrySet()) {
            checking.checkpoint(file.getKey(), file.getValue(), false);
        }
        for (Path file : Exports.files(directory, ".json")) {
            checking.receipt(file);
        }
        for (Path file : Exports.files(directory, ".html")) {
            checking.page(file);
        }
        if (checking.files == 0) {
            throw new IOException(
                    directory
                            + " holds neither a checkpoint (*.checkpoint) nor a receipt (*.json)");
        }
        checking.end();
        return new ExportCheck(
                List.copyOf(checking.logs.values()),
                List.copyOf(checking.doubted),
                List.copyOf(checking.findings));
    }

    @Override
    public boolean passed() {
        return findings.isEmpty();
    }

    @Override
    public boolean isComplete() {
        return doubted.isEmpty();
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ExportedLog log : logs) {
            lines.add(
                    log.log()
                            + ": "
                            + log.checkpoints()
                            + " checkpoints, the newest over "
                            + log.newest()
                            + " entries, "
                            + log.receipts()
                            + " receipts");
        }
        doubted.forEach(what -> lines.add("CANNOT CHECK: " + what));
        return CheckResult.verdict(
                lines,
                findings,
                findings.size(),
                List.of(
                        (isComplete() ? "verified: every" : "but for these, every")
                                + " checkpoint and receipt is signed by a trusted key and agrees",
                        NOT_COVERED));
    }

    @Override
    public ObjectNode json() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("verified", passed() && isComplete());
        ArrayNode checked = tree.putArray("logs");
        for (ExportedLog log : logs) {
            checked.addObject()
                    .put("log", log.log())
                    .put("checkpoints", log.checkpoints())
                    .put("receipts", log.receipts())
                    .put("newest", log.newest());
        }
        ArrayNode open = tree.putArray("unchecked");
        doubted.forEach(open::add);
        ArrayNode wrong = tree.putArray("findings");
        findings.forEach(wrong::add);
        return tree;
    }

    /** Confined to one check. */
    private static final class Checking {
        private final List<VerifierKey> keys;
        private final TrustPolicy policy;

        /** By log, the largest tree that enough witnesses have cosigned. */
        private final Map<String, Long> witnessed = new HashMap<>();

        private final Map<String, ExportedLog> logs = new TreeMap<>();
        private final Map<String, Claim> claims = new HashMap<>();
        private final List<String> findings = new ArrayList<>();
        private final List<String> doubted = new ArrayList<>();
        private int files;

        private record Claim(byte[] root, String place) {}

        Checking(List<VerifierKey> keys, TrustPolicy policy) {
            this.keys = keys;
            this.policy = policy;
        }

        /** A directory knows no times: at least one of each log has to be witnessed. */
        void end() {
            for (ExportedLog log : logs.values()) {
                if (policy.needsWitnesses() && !witnessed.containsKey(log.log())) {
                    findings.add(log.log() + ": no checkpoint is cosigned by " + policy.needed());
                }
            }
        }

        private void cosignatures(String place, SignedNote note, Checkpoint checkpoint) {
            TrustPolicy.Witnessed judged = policy.judge(note);
            judged.wrong()
                    .forEach(name ->
                            findings.add(
                                    place + ": the cosignature of witness " + name + " is wrong"));
            if (judged.enough()) {
                witnessed.merge(checkpoint.origin(), checkpoint.size(), Math::max);
            }
        }

        void receipt(Path file) throws IOException {
            JsonNode json = ReceiptCheck.read(file);
            JsonNode receipt = ReceiptCheck.find(json).orElse(null);
            if (receipt == null) {
                return; // something else, such as the answer to a caller's request
            }
            receipt(file, ReceiptCheck.of(json, keys, policy), receipt);
        }

        void page(Path file) throws IOException {
            String text = Files.readString(file);
            if (ReceiptPage.isOne(text)) { // or something else, as above
                JsonNode receipt = ReceiptCheck.receiptIn(file, text);
                receipt(file, ReceiptCheck.of(file, keys, policy), receipt);
            }
        }

        private void receipt(Path file, ReceiptCheck check, JsonNode receipt) {
            if (check.passed()) {
                checkpoint(file.toString(), receipt.path("checkpoint").asText(), true);
                Receipt.checkpoints(receipt).stream()
                        .skip(1) // its own
                        .flatMap(text -> SignedNote.parse(text).stream())
                        .flatMap(note -> Checkpoint.parse(note.text()).stream())
                        .forEach(other -> agree(file.toString(), other));
            } else {
                files++;
                ReceiptCheck.Step failed = check.steps().getLast();
                findings.add(
                        file + ": " + failed.what() + ": " + failed.detail() + " does not hold");
            }
        }

        void checkpoint(String place, String text, boolean inReceipt) {
            files++;
            SignedNote note = SignedNote.parse(text).orElse(null);
            Checkpoint checkpoint =
                    note == null ? null : Checkpoint.parse(note.text()).orElse(null);
            if (note == null || checkpoint == null) {
                findings.add(place + " is damaged: no signed note");
                return;
            }
            String origin = checkpoint.origin();
            List<VerifierKey> ofLog = keys.stream().filter(k -> k.name().equals(origin)).toList();
            switch (note.verify(ofLog, checkpoint.size(), null)) {
                case SignedNote.Verdict.Verified _ -> {
                    agree(place, checkpoint);
                    cosignatures(place, note, checkpoint);
                    count(origin, inReceipt, checkpoint.size());
                }
                case SignedNote.Verdict.WrongSignature wrong ->
                        findings.add(
                                place
                                        + ": the signature of key "
                                        + wrong.key().hash()
                                        + " is wrong");
                case SignedNote.Verdict.NotBelieved(VerifierKey key, String why) ->
                        findings.add(place + " is signed by key " + key.hash() + " alone, " + why);
                case SignedNote.Verdict.NoKnownKey _ ->
                        findings.add(place + " is signed by no trusted key of " + origin);
            }
        }

        private void count(String origin, boolean inReceipt, long size) {
            ExportedLog one = new ExportedLog(origin, inReceipt ? 0 : 1, inReceipt ? 1 : 0, size);
            logs.merge(
                    origin,
                    one,
                    (a, b) ->
                            new ExportedLog(
                                    origin,
                                    a.checkpoints() + b.checkpoints(),
                                    a.receipts() + b.receipts(),
                                    Math.max(a.newest(), b.newest())));
        }

        /** Two signed roots of one size: the log was told differently to different people. */
        private void agree(String place, Checkpoint checkpoint) {
            String tree = checkpoint.origin() + " " + checkpoint.size();
            Claim first = claims.putIfAbsent(tree, new Claim(checkpoint.root(), place));
            if (first != null && !Arrays.equals(first.root, checkpoint.root())) {
                findings.add(
                        place
                                + " and "
                                + first.place
                                + " name different roots for the first "
                                + checkpoint.size()
                                + " entries of "
                                + checkpoint.origin());
            }
        }
    }
}
