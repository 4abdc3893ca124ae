package org.consentgateway.ledger.witness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.consentgateway.ledger.keys.DurableFile;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.CosigningKey;
import org.consentgateway.ledger.tree.SignedNote;

/**
 * Confined to whoever holds it; no other process has it meanwhile. What a witness has in its
 * directory:
 *
 * <pre>
 * witness.key    0600  its private key, made at the first start
 * seen.json      0600  by origin of each log, the newest checkpoint that it has cosigned
 * evidence/            checkpoints, rightly signed, that were not shown to continue one that it
 *                      has cosigned
 * lock                 held while it runs
 * </pre>
 */
public final class WitnessMemory implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /** What a log that went wrong may write here. */
    private static final int MAX_EVIDENCE = 100;

    private final Path directory;
    private final FileChannel lock;
    private final CosigningKey key;
    private Map<String, String> seen;

    private WitnessMemory(
            Path directory, FileChannel lock, CosigningKey key, Map<String, String> seen) {
        this.directory = directory;
        this.lock = lock;
        this.key = key;
        this.seen = seen;
    }

    /**
     * @param name of the witness: in its key for good
     * @throws IOException where it is another one's, in use, damaged, or has lost its memory
     */
    public static WitnessMemory open(Path directory, String name) throws IOException {
        DurableFile.directory(directory, "rwx------");
        FileChannel lock =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            requireFree(directory, lock);
            Path keyFile = directory.resolve("witness.key");
            Path seenFile = directory.resolve("seen.json");
            boolean isNew = !Files.exists(keyFile);
            if (isNew && Files.exists(seenFile) && !read(seenFile).isEmpty()) {
                throw new IOException(
                        keyFile
                                + " is not here, but what it has seen is: restore the key, or"
                                + " remove "
                                + seenFile
                                + " too and be another witness, with a new key");
            }
            if (!isNew && !Files.exists(seenFile)) {
                throw new IOException(
                        seenFile
                                + " is not here: a witness that has forgotten what it saw would"
                                + " sign what it must not. Restore it; where it is lost, remove "
                                + keyFile
                                + " too and be another witness, with a new key");
            }
            if (isNew) {
                DurableFile.keepPrivate(seenFile, bytes(Map.of())); // before there is a key
                DurableFile.keepPrivate(keyFile, text(CosigningKey.create(name)));
            }
            CosigningKey key =
                    CosigningKey.parse(Files.readString(keyFile))
                            .orElseThrow(() -> new IOException(keyFile + " is damaged"));
            if (!key.witness().name().equals(name)) {
                throw new IOException(
                        keyFile + " is the key of " + key.witness().name() + ", not of " + name);
            }
            return new WitnessMemory(directory, lock, key, read(seenFile));
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private static byte[] text(CosigningKey key) {
        return (key.text() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void requireFree(Path directory, FileChannel lock) throws IOException {
        FileLock held;
        try {
            held = lock.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            throw new IOException("another witness runs with " + directory);
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> seen = new TreeMap<>();
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            for (Map.Entry<String, JsonNode> log : json.properties()) {
                String note = log.getValue().asText();
                boolean right =
                        checkpoint(note)
                                .filter(one -> one.origin().equals(log.getKey()))
                                .isPresent();
                if (!right) {
                    throw new IOException("no checkpoint of " + log.getKey());
                }
                seen.put(log.getKey(), note);
            }
            return seen;
        } catch (IOException e) {
            throw new IOException(
                    file + " is damaged: restore it from its backup (" + e.getMessage() + ")", e);
        }
    }

    private static Optional<Checkpoint> checkpoint(String note) {
        return SignedNote.parse(note).flatMap(parsed -> Checkpoint.parse(parsed.text()));
    }

    public CosigningKey key() {
        return key;
    }

    /** The newest note of a log that was cosigned. */
    Optional<String> note(String origin) {
        return Optional.ofNullable(seen.get(origin));
    }

    /** The same, as a checkpoint. */
    Optional<Checkpoint> newest(String origin) {
        return note(origin).flatMap(WitnessMemory::checkpoint);
    }

    /** All notes. */
    Map<String, String> notes() {
        return seen;
    }

    /** On the disk when this returns; else nothing has changed. */
    void keep(String origin, String note) throws IOException {
        Map<String, String> next = new TreeMap<>(seen);
        next.put(origin, note);
        DurableFile.keepPrivate(directory.resolve("seen.json"), bytes(next));
        seen = next;
    }

    private static byte[] bytes(Map<String, String> seen) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        seen.forEach(json::put);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    /**
     * What shows that a log has signed two histories, or may show it.
     *
     * @return whether it is there now; false where so much is there that nothing more is kept
     */
    boolean accuse(String note, Checkpoint checkpoint, String root) throws IOException {
        Path evidence = directory.resolve("evidence");
        DurableFile.directory(evidence, "rwx------");
        String name = String.format("%012d-%s.checkpoint", checkpoint.size(), root);
        Path file = evidence.resolve(name);
        if (Files.exists(file)) {
            return true;
        }
        try (var files = Files.list(evidence)) {
            if (files.count() >= MAX_EVIDENCE) {
                return false;
            }
        }
        DurableFile.keepPrivate(file, note.getBytes(StandardCharsets.UTF_8));
        return true;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
