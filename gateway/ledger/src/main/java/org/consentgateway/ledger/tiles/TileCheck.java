package org.consentgateway.ledger.tiles;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.bundles.TilePath;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.Rfc3339;
import org.consentgateway.ledger.proof.Findings;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one check. A log as static files, computed again from its entries: chain, times,
 * leaves, every tile, the root that is signed, and those that were kept from before.
 */
public final class TileCheck {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Path folder;
    private final Checkpoint checkpoint;
    private final TrustPolicy policy;
    private final Map<Long, List<Kept>> kept = new HashMap<>();
    private final Findings findings = new Findings();
    private final Frontier tree = new Frontier();

    private final Map<Integer, TileRow> levels = new TreeMap<>();

    /** Hashes of the tile that is being filled, and how many are full before it. */
    private static final class TileRow {
        private final List<byte[]> hashes = new ArrayList<>();
        private long full;
    }

    private byte[] prev = Header.noLeaf();
    private Instant last = Instant.EPOCH;
    private long compared = 1;

    /** A checkpoint that is held against it, and where it is. */
    private record Kept(byte[] root, String place) {}

    private TileCheck(Path folder, Checkpoint checkpoint, TrustPolicy policy) {
        this.folder = folder;
        this.checkpoint = checkpoint;
        this.policy = policy;
    }

    /** Whether there is a log in this folder. */
    public static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(TilePath.CHECKPOINT));
    }

    /**
     * @param kept checkpoints of any log, by where they are
     * @throws IOException where something cannot be read
     */
    public static Verification of(Path folder, List<VerifierKey> keys, Map<String, String> kept)
            throws IOException {
        return of(folder, keys, TrustPolicy.NONE, kept);
    }

    /**
     * @param policy which witnesses have to have cosigned its checkpoint
     * @param kept as above; of these no cosignature is asked
     * @throws IOException where something cannot be read
     */
    public static Verification of(
            Path folder, List<VerifierKey> keys, TrustPolicy policy, Map<String, String> kept)
            throws IOException {
        String note = Files.readString(folder.resolve(TilePath.CHECKPOINT));
        SignedNote signed = SignedNote.parse(note).orElse(null);
        Checkpoint checkpoint =
                signed == null ? null : Checkpoint.parse(signed.text()).orElse(null);
        if (signed == null || checkpoint == null) {
            throw new IOException(folder.resolve(TilePath.CHECKPOINT) + " is no signed checkpoint");
        }
        var check = new TileCheck(folder, checkpoint, policy);
        check.signature("its checkpoint", signed, checkpoint, keys);
        if (!policy.isEnough(policy.judge(signed).by())) {
            check.find(null, "its checkpoint is not cosigned by " + policy.needed());
        }
        kept.forEach((place, text) -> check.keep(place, text, keys));
        return check.verify();
    }

    private void keep(String place, String text, List<VerifierKey> keys) {
        SignedNote note = SignedNote.parse(text).orElse(null);
        Checkpoint old = note == null ? null : Checkpoint.parse(note.text()).orElse(null);
        if (note == null || old == null) {
            find(null, place + " is damaged: no signed note");
        } else if (old.origin().equals(checkpoint.origin())) {
            signature(place, note, old, keys);
            kept.computeIfAbsent(old.size(), _ -> new ArrayList<>())
                    .add(new Kept(old.root(), place));
        }
    }

    private void signature(
            String place, SignedNote note, Checkpoint signed, List<VerifierKey> keys) {
        List<VerifierKey> ofLog =
                keys.stream().filter(key -> key.name().equals(signed.origin())).toList();
        switch (note.verify(ofLog, signed.size(), null)) {
            case SignedNote.Verdict.Verified _ -> {}
            case SignedNote.Verdict.WrongSignature(VerifierKey key) ->
                    find(null, place + ": the signature of key " + key.hash() + " is wrong");
            case SignedNote.Verdict.NotBelieved(VerifierKey key, String why) ->
                    find(null, place + " is signed by key " + key.hash() + " alone, " + why);
            case SignedNote.Verdict.NoKnownKey _ ->
                    find(null, place + " is signed by no known key");
        }
        for (String name : policy.judge(note).wrong()) {
            find(null, place + ": the cosignature of witness " + name + " is wrong");
        }
    }

    private Verification verify() throws IOException {
        long size = checkpoint.size();
        compareKept();
        for (long from = 0; from < size; from += TilePath.WIDTH) {
            int width = Math.toIntExact(Math.min(TilePath.WIDTH, size - from));
            Path file = TilePath.of(folder, TilePath.ENTRIES, from / TilePath.WIDTH, width);
            List<byte[]> entries = entries(file, width);
            for (byte[] entry : entries) {
                entry(entry);
            }
            if (entries.size() != width) {
                find(from, file + " does not hold " + width + " entries");
                break;
            }
        }
        if (tree.size() == size) {
            for (Map.Entry<Integer, TileRow> level : levels.entrySet()) {
                if (!level.getValue().hashes.isEmpty()) {
                    compare(level.getKey(), level.getValue());
                }
            }
            if (!Arrays.equals(tree.root(), checkpoint.root())) {
                find(null, "its entries do not have the root that is signed");
            }
        }
        kept.forEach((old, all) -> {
            if (old > size) {
                all.forEach(one ->
                        find(
                                null,
                                "holds "
                                        + size
                                        + " entries, but "
                                        + one.place
                                        + " covers "
                                        + old
                                        + ": the entries from "
                                        + size
                                        + " on were cut off"));
            }
        });
        var log = new Verification.CheckedLog(checkpoint.origin(), tree.size(), 0, 0, compared, 0);
        return findings.with(
                List.of(log),
                List.of("payloads are not among these files: order, times and types are checked"),
                List.of());
    }

    /** The octets of each, without their lengths; fewer where the file is cut or missing. */
    private static List<byte[]> entries(Path file, int width) throws IOException {
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return EntryBundles.split(all, width);
    }

    private void entry(byte[] octets) throws IOException {
        long index = tree.size();
        JsonNode header = header(octets);
        boolean fits =
                header.path("log").asText().equals(checkpoint.origin())
                        && header.path("index").isIntegralNumber()
                        && header.path("index").longValue() == index
                        && header.path("prev").asText().equals(Digests.hex(prev));
        if (!fits) {
            find(index, "is not the one of this place, or the entry before it was changed");
        }
        Instant time = Rfc3339.of(header.path("time").asText());
        if (time.isBefore(last) || time.equals(Instant.MAX)) {
            find(index, "time goes back, or is none");
        } else {
            last = time;
        }
        prev = Merkle.leaf(octets);
        add(0, prev);
        tree.append(prev, (level, _, hash) -> pending.add(new Inner(level, hash)));
        for (Inner inner : pending) {
            add(inner.level / 8, inner.hash);
        }
        pending.clear();
        compareKept();
    }

    /** Of a subtree that has become complete. */
    private record Inner(int level, byte[] hash) {}

    private final List<Inner> pending = new ArrayList<>();

    private static JsonNode header(byte[] octets) {
        try {
            JsonNode header = JSON.readTree(octets);
            if (Arrays.equals(CanonicalJson.bytes(header), octets)) {
                return header;
            }
        } catch (JacksonException | IllegalArgumentException e) {
            // What is no JSON has no members either: found by each that is missing.
        } catch (IOException e) {
            throw new IllegalStateException("octets are read without a file", e);
        }
        return JSON.missingNode();
    }

    private void add(int at, byte[] hash) throws IOException {
        TileRow level = levels.computeIfAbsent(at, _ -> new TileRow());
        level.hashes.add(hash);
        if (level.hashes.size() == TilePath.WIDTH) {
            compare(at, level);
            level.hashes.clear();
            level.full++;
        }
    }

    /** The tile that is being filled with the one that stands there. */
    private void compare(int at, TileRow level) throws IOException {
        List<byte[]> hashes = level.hashes;
        Path file = TilePath.of(folder, Integer.toString(at), level.full, hashes.size());
        byte[] there = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
        byte[] ours = new byte[hashes.size() * Digests.BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i), 0, ours, i * Digests.BYTES, Digests.BYTES);
        }
        if (!Arrays.equals(there, ours)) {
            find(null, folder.relativize(file) + " is missing, or is not that of its entries");
        }
    }

    private void compareKept() {
        for (Kept one : kept.getOrDefault(tree.size(), List.of())) {
            compared++;
            if (!Arrays.equals(one.root, tree.root())) {
                find(
                        null,
                        one.place
                                + " has another root: one of the first "
                                + tree.size()
                                + " entries was changed after it was signed");
            }
        }
    }

    private void find(@Nullable Long index, String what) {
        findings.add(checkpoint.origin(), index, what);
    }
}
