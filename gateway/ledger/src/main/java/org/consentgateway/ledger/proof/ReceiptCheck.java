package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.Rfc3339;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.StrictBase64;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Immutable. A receipt checked with nothing but a public key: no store, no network.
 *
 * @param steps what was checked, in order; the first that failed is the last
 * @param says what the receipt says, in sentences; empty where it does not hold
 */
public record ReceiptCheck(List<Step> steps, List<String> says) implements CheckResult {
    /** A name that stands twice is an error: programs differ in which of the two they read. */
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /**
     * @param what was checked
     * @param detail what was found
     */
    public record Step(boolean held, String what, String detail) {}

    @Override
    public boolean passed() {
        return !steps.isEmpty() && steps.stream().allMatch(Step::held);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Step step : steps) {
            String held = step.held() ? "ok" : "WRONG";
            lines.add(
                    String.format(
                            Locale.ROOT, "%-5s  %-10s  %s", held, step.what(), step.detail()));
        }
        lines.add(passed() ? "the receipt holds, and says:" : "NOT VERIFIED");
        says.forEach(sentence -> lines.add("  " + sentence));
        return lines;
    }

    @Override
    public ObjectNode json() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("verified", passed());
        ArrayNode said = tree.putArray("says");
        says.forEach(said::add);
        ArrayNode done = tree.putArray("steps");
        for (Step step : steps) {
            done.addObject()
                    .put("held", step.held())
                    .put("what", step.what())
                    .put("detail", step.detail());
        }
        return tree;
    }

    /** The receipt in a file of any of our formats; empty where there is none. */
    public static Optional<JsonNode> find(JsonNode file) {
        List<JsonNode> places = new ArrayList<>(List.of(file));
        for (JsonNode attachment : file.path("attachments")) {
            places.add(attachment.path("body"));
            places.add(attachment.at("/body/receipt"));
            for (JsonNode proof : attachment.at("/body/proof_mechanisms")) {
                places.add(proof.path("proof_data").path("receipt"));
            }
        }
        places.add(file.path(ReceiptDpv.RECEIPT));
        return places.stream()
                .filter(JsonNode::isObject)
                .filter(place -> Receipt.FORMATS.contains(place.path("receipt").asText()))
                .findFirst();
    }

    /**
     * @param file in any of our forms, the page for people too
     * @throws IOException where it cannot be read
     */
    public static ReceiptCheck of(Path file, List<VerifierKey> keys) throws IOException {
        return of(file, keys, TrustPolicy.NONE);
    }

    /**
     * @param file as above
     * @param policy which witnesses have to have cosigned each of its checkpoints
     * @throws IOException where it cannot be read
     */
    public static ReceiptCheck of(Path file, List<VerifierKey> keys, TrustPolicy policy)
            throws IOException {
        String text = Files.readString(file);
        if (!ReceiptPage.isOne(text)) {
            return of(read(file), keys, policy);
        }
        JsonNode receipt = receiptIn(file, text);
        Steps steps = new Steps(policy);
        hold(receipt, receipt, keys, steps);
        if (steps.allHeld()) {
            boolean same = text.equals(ReceiptPage.of(receipt, ReceiptPage.languageOf(text)));
            steps.add(
                    same,
                    "page",
                    "it says what the receipt in it says, and nothing else" + anew(same));
        }
        return steps.verdict(receipt, ReceiptPage.languageOf(text));
    }

    /** Somebody may have changed it, or an earlier version may have claimed more than this one. */
    private static String anew(boolean same) {
        return same ? "" : " (the receipt in it holds: have it printed anew)";
    }

    /** Of a page. */
    static JsonNode receiptIn(Path file, String page) throws IOException {
        return read(file, ReceiptPage.receiptIn(page));
    }

    /**
     * @throws IOException where it is no JSON, or one in which a name stands twice
     */
    public static JsonNode read(Path file) throws IOException {
        return read(file, Files.readString(file));
    }

    private static JsonNode read(Path file, String json) throws IOException {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            throw new IOException(file + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    public static ReceiptCheck of(JsonNode file, List<VerifierKey> keys) {
        return of(file, keys, TrustPolicy.NONE);
    }

    /**
     * @param policy which witnesses have to have cosigned each of its checkpoints
     */
    public static ReceiptCheck of(JsonNode file, List<VerifierKey> keys, TrustPolicy policy) {
        Steps steps = new Steps(policy);
        JsonNode receipt = find(file).orElse(MissingNode.getInstance());
        hold(receipt, file, keys, steps);
        return steps.verdict(receipt, ReceiptWords.languageOf(receipt));
    }

    private static void hold(JsonNode receipt, JsonNode file, List<VerifierKey> keys, Steps steps) {
        boolean known = Receipt.FORMATS.contains(receipt.path("receipt").asText());
        if (!steps.add(known, "form", "a " + Receipt.FORMAT + ", or one before it")) {
            return;
        }
        if (!steps.add(
                onlyKnown(receipt, Receipt.MEMBERS)
                        && onlyKnown(receipt.path("proof"), Receipt.PROOF_MEMBERS),
                "members",
                "it holds what is checked below, and nothing else")) {
            return;
        }
        check(receipt, keys, steps);
        if (steps.allHeld() && receipt.has("signed_by")) {
            steps.add(
                    haveSigned(receipt.path("signed_by"), receipt.path("checkpoint").asText()),
                    "signed_by",
                    "the keys that it names have signed it");
        }
        new ReceiptHistory(receipt, keys).check(steps);
        if (steps.allHeld()) {
            boolean same = wraps(file, receipt);
            steps.add(
                    same,
                    "wrapping",
                    "what stands around the proof says what the proof says" + anew(same));
        }
    }

    /** Whether they are trusted is another matter: it names nobody who has not signed. */
    private static boolean haveSigned(JsonNode keys, String checkpoint) {
        SignedNote note = SignedNote.parse(checkpoint).orElse(null);
        return note != null
                && keys.isArray()
                && keys.valueStream()
                        .map(key -> VerifierKey.parse(key.asText()))
                        .allMatch(key ->
                                key.isPresent()
                                        && note.verify(List.of(key.get()))
                                                instanceof SignedNote.Verdict.Verified);
    }

    static boolean onlyKnown(JsonNode object, Set<String> members) {
        return object.isObject()
                && object.properties().stream().allMatch(m -> members.contains(m.getKey()));
    }

    /**
     * People read the wrapping, not the proof inside: it must be the one we would write. A vCon may
     * carry attachments of other purposes than ours.
     */
    private static boolean wraps(JsonNode file, JsonNode receipt) {
        if (file.equals(receipt)) {
            return true;
        }
        if (file.has(ReceiptDpv.RECEIPT)) {
            return same(file, ReceiptDpv.of((ObjectNode) receipt));
        }
        if (!(file instanceof ObjectNode vcon)) {
            return false;
        }
        ObjectNode ours = vcon.deepCopy();
        ArrayNode attachments = ours.putArray("attachments");
        file.path("attachments")
                .valueStream()
                .filter(one -> OURS.contains(one.path("purpose").asText()))
                .forEach(attachments::add);
        return same(ours, ReceiptVcon.of((ObjectNode) receipt));
    }

    /** Purposes of attachments that nobody else writes. */
    private static final Set<String> OURS = Set.of(ReceiptVcon.LAWFUL_BASIS, ReceiptVcon.RECORD);

    private static boolean same(JsonNode one, JsonNode other) {
        try {
            return Arrays.equals(CanonicalJson.bytes(one), CanonicalJson.bytes(other));
        } catch (IllegalArgumentException e) {
            return false; // what has no canonical form is the same as nothing
        }
    }

    /** An entry, its payload, and its place. */
    static void check(JsonNode receipt, List<VerifierKey> keys, Steps steps) {
        JsonNode entry = receipt.path("entry");
        JsonNode payload = receipt.path("payload");
        if (payload.isNull()) {
            steps.add(true, "payload", "erased: only that the entry existed can be checked");
        } else {
            byte[] salt = hex(receipt.path("salt").asText());
            byte[] commitment = hex(entry.path("commitment").asText());
            byte[] actual = Digests.of(salt, canonical(payload));
            if (!steps.add(
                    salt.length == Sealer.SALT_BYTES && Arrays.equals(actual, commitment),
                    "payload",
                    "with its salt it is what the entry commits to")) {
                return;
            }
        }
        if (receipt.has("text")
                && !steps.add(
                        isNamed(receipt.path("text"), payload),
                        "text",
                        "it has the hash that the record names")) {
            return;
        }
        place(receipt, keys, steps);
    }

    /** An entry and its place under a signed checkpoint. */
    static void place(JsonNode receipt, List<VerifierKey> keys, Steps steps) {
        JsonNode entry = receipt.path("entry");
        String checkpointText = receipt.path("checkpoint").asText();
        Optional<SignedNote> note = SignedNote.parse(checkpointText);
        Optional<Checkpoint> checkpoint = note.flatMap(n -> Checkpoint.parse(n.text()));
        if (!steps.add(checkpoint.isPresent(), "checkpoint", "a signed note")) {
            return;
        }
        JsonNode proof = receipt.path("proof");
        long index = number(entry.path("index"));
        boolean same =
                entry.path("log").asText().equals(checkpoint.get().origin())
                        && number(entry.path("schema")) == Header.SCHEMA
                        && number(proof.path("index")) == index
                        && number(proof.path("size")) == checkpoint.get().size()
                        && proof.path("hashes").isArray();
        if (!steps.add(
                same,
                "log",
                "entry "
                        + index
                        + " and checkpoint are of "
                        + checkpoint.get().origin()
                        + ", the proof is for its size")) {
            return;
        }
        List<byte[]> hashes = new ArrayList<>();
        proof.path("hashes").forEach(hash -> hashes.add(base64(hash.asText())));
        boolean included =
                Merkle.includes(
                        index,
                        checkpoint.get().size(),
                        Merkle.leaf(canonical(entry)),
                        hashes,
                        checkpoint.get().root());
        if (steps.add(
                included,
                "inclusion",
                "the entry is one of the "
                        + checkpoint.get().size()
                        + " under the checkpoint's root")) {
            Instant time = Rfc3339.of(entry.path("time").asText());
            signature(note.get(), checkpoint.get(), time, keys, steps);
        }
        if (steps.allHeld()) {
            witnesses(note.get(), steps);
        }
        if (steps.allHeld() && steps.contradicts(checkpoint.get())) {
            steps.add(
                    false,
                    "roots",
                    "one root alone is signed here for the first "
                            + checkpoint.get().size()
                            + " entries of "
                            + checkpoint.get().origin());
        }
    }

    private static void witnesses(SignedNote note, Steps steps) {
        TrustPolicy.Witnessed judged = steps.policy.judge(note);
        if (!judged.wrong().isEmpty()) {
            steps.add(false, "witnesses", "the cosignature of " + judged.wrong() + " is wrong");
        } else if (steps.policy.needsWitnesses()) {
            steps.add(
                    judged.enough(),
                    "witnesses",
                    "cosigned by "
                            + (judged.by().isEmpty() ? "none" : String.join(", ", judged.by()))
                            + ", needed: "
                            + steps.policy.needed()
                            + (judged.enough() ? "" : ": have the receipt printed anew"));
        }
    }

    /** -1 where it is none: no text that looks like one, and no fraction. */
    static long number(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : -1;
    }

    private static boolean isNamed(JsonNode text, JsonNode payload) {
        byte[] octets = text.asText().getBytes(StandardCharsets.UTF_8);
        return Digests.hex(Digests.of(octets))
                .equals(payload.at("/notice/text_sha256").asText("none"));
    }

    private static void signature(
            SignedNote note,
            Checkpoint checkpoint,
            Instant time,
            List<VerifierKey> keys,
            Steps steps) {
        String origin = checkpoint.origin();
        List<VerifierKey> ofLog = keys.stream().filter(k -> k.name().equals(origin)).toList();
        switch (note.verify(ofLog, checkpoint.size(), time)) {
            case SignedNote.Verdict.Verified(List<VerifierKey> by) ->
                    steps.add(
                            true, "signature", "by key " + by.getFirst().hash() + " of " + origin);
            case SignedNote.Verdict.WrongSignature(VerifierKey key) ->
                    steps.add(false, "signature", "of key " + key.hash() + " is wrong");
            case SignedNote.Verdict.NotBelieved(VerifierKey key, String why) ->
                    steps.add(
                            false,
                            "signature",
                            "by key "
                                    + key.hash()
                                    + " alone, "
                                    + why
                                    + ": have the receipt printed anew, under a key in force");
            case SignedNote.Verdict.NoKnownKey _ ->
                    steps.add(false, "signature", "none by a given key of " + origin);
        }
    }

    private static byte[] canonical(JsonNode value) {
        try {
            return CanonicalJson.bytes(value);
        } catch (IllegalArgumentException e) {
            return "?".getBytes(StandardCharsets.US_ASCII); // matches no hash
        }
    }

    private static byte[] hex(String text) {
        try {
            return Digests.HEX.parseHex(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] base64(String text) {
        try {
            return StrictBase64.octets(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Confined to one check. */
    static final class Steps {
        private final List<Step> done = new ArrayList<>();
        private final TrustPolicy policy;

        /** Of all checkpoints of the receipt, by log and size. */
        private final Map<String, byte[]> roots;

        Steps(TrustPolicy policy) {
            this(policy, new HashMap<>());
        }

        private Steps(TrustPolicy policy, Map<String, byte[]> roots) {
            this.policy = policy;
            this.roots = roots;
        }

        /** Two roots of one size: the log was told differently to different people. */
        boolean contradicts(Checkpoint checkpoint) {
            byte[] first =
                    roots.putIfAbsent(
                            checkpoint.origin() + " " + checkpoint.size(), checkpoint.root());
            return first != null && !Arrays.equals(first, checkpoint.root());
        }

        boolean allHeld() {
            return done.stream().allMatch(Step::held);
        }

        boolean add(boolean held, String what, String detail) {
            done.add(new Step(held, what, detail));
            return held;
        }

        /** For what is part of the same receipt. */
        Steps inner() {
            return new Steps(policy, roots);
        }

        /** What was found last, which is what failed, where something has. */
        String last() {
            return done.getLast().detail();
        }

        private ReceiptCheck verdict(JsonNode receipt, String language) {
            List<String> says =
                    allHeld() ? ReceiptSentences.of(receipt, ReceiptWords.in(language)) : List.of();
            return new ReceiptCheck(List.copyOf(done), says);
        }
    }
}
