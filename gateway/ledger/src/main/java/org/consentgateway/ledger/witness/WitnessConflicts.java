package org.consentgateway.ledger.witness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.consentgateway.ledger.keys.DurableFile;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What witnesses have said against one log, in a file beside the keys: it outlives a
 * restart, and whoever puts an old store in place does not take it away with it. A command resolves
 * it while the gateway runs.
 */
public final class WitnessConflicts {
    private static final String PREFIX = "conflict-";
    private static final String SUFFIX = ".json";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;

    /** Asked without the monitor, under which a disk is waited for. */
    private volatile List<WitnessConflict> known = List.of();

    /** What of that is not in the file: it could not be written. */
    private List<WitnessConflict> unwritten = List.of();

    /** Time of the file when it was read or written; null where there was none. */
    private @Nullable FileTime read;

    private WitnessConflicts(Path file) {
        this.file = file;
    }

    /**
     * @param log name of the log, such as "node-1"
     * @throws IOException where the file cannot be read, or it cannot be told whether it is there:
     *     it may tell of a conflict
     */
    public static WitnessConflicts of(Path keys, String log) throws IOException {
        var conflicts = new WitnessConflicts(keys.resolve(PREFIX + log + SUFFIX));
        conflicts.read();
        return conflicts;
    }

    /** Checkpoints that witnesses have shown for what they said, by where they are. */
    public static Map<String, String> proofs(Path keys) throws IOException {
        Map<String, String> proofs = new LinkedHashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(keys, PREFIX + "*" + SUFFIX)) {
            for (Path one : files) {
                var conflicts = new WitnessConflicts(one);
                conflicts.read();
                for (WitnessConflict conflict : conflicts.known) {
                    if (conflict.proof() != null) {
                        proofs.put("what " + conflict.witness() + " has seen", conflict.proof());
                    }
                }
            }
        }
        return proofs;
    }

    private synchronized void read() throws IOException {
        FileTime time = time();
        List<WitnessConflict> found = new ArrayList<>();
        if (time != null) {
            try {
                for (JsonNode one : JSON.readTree(Files.readAllBytes(file))) {
                    found.add(conflict(one));
                }
            } catch (IOException | DateTimeException e) {
                throw new IOException(file + " cannot be read: restore it, or remove it", e);
            }
        }
        unwritten.stream().filter(one -> found.stream().noneMatch(one::isSame)).forEach(found::add);
        known = List.copyOf(found);
        read = time;
    }

    /** Null where there is no such file. */
    private @Nullable FileTime time() throws IOException {
        try {
            return Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * What nobody had resolved when that was {@link #look looked at} last. Asked by calls and by
     * the writer of the log, who wait for no disk.
     */
    public Optional<WitnessConflict> standing() {
        return unresolved().stream().findFirst();
    }

    /** While something stands, looks whether a person has resolved it; waits for the disk. */
    public synchronized void look() {
        if (standing().isEmpty()) {
            return;
        }
        try {
            readAgain();
        } catch (IOException e) {
            // Then what was known stands.
        }
    }

    private void readAgain() throws IOException {
        if (!Objects.equals(time(), read)) {
            read();
        }
    }

    /**
     * Writes what could not be written before, beside what the file tells by now.
     *
     * @return whether all is in the file
     */
    synchronized boolean writeAgain() {
        try {
            readAgain();
            if (!unwritten.isEmpty()) {
                write();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** All that stand; waits for no disk. */
    public List<WitnessConflict> unresolved() {
        return known.stream().filter(one -> one.resolved() == null).toList();
    }

    /**
     * @return whether nobody knew of it
     */
    synchronized boolean add(WitnessConflict conflict) throws IOException {
        if (known.stream().anyMatch(conflict::isSame)) {
            return false;
        }
        known = with(known, conflict); // it counts, also where the disk is full
        unwritten = with(unwritten, conflict);
        readAgain(); // else it would undo what a person has resolved since the last look
        write();
        return true;
    }

    private static List<WitnessConflict> with(List<WitnessConflict> some, WitnessConflict one) {
        return Stream.concat(some.stream(), Stream.of(one)).toList();
    }

    /**
     * @return those that stood until now
     */
    public synchronized List<WitnessConflict> resolve(WitnessConflict.Resolution resolution)
            throws IOException {
        List<WitnessConflict> stood = unresolved();
        known =
                known.stream()
                        .map(one -> one.resolved() == null ? one.resolvedBy(resolution) : one)
                        .toList();
        write();
        return stood;
    }

    private void write() throws IOException {
        ArrayNode all = JSON.createArrayNode();
        known.forEach(one -> all.add(json(one)));
        DurableFile.publish(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
        read = time();
        unwritten = List.of();
    }

    static ObjectNode json(WitnessConflict conflict) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("at", conflict.at().toString())
                        .put("log", conflict.log())
                        .put("witness", conflict.witness())
                        .put("theirs", conflict.theirs())
                        .put("ours", conflict.ours())
                        .put("proof", conflict.proof());
        WitnessConflict.Resolution resolved = conflict.resolved();
        if (resolved != null) {
            json.putObject("resolved")
                    .put("at", resolved.at().toString())
                    .put("by", resolved.by())
                    .put("reason", resolved.reason());
        }
        return json;
    }

    private static WitnessConflict conflict(JsonNode json) {
        JsonNode resolved = json.path("resolved");
        return new WitnessConflict(
                Instant.parse(json.path("at").asText()),
                json.path("log").asText(),
                json.path("witness").asText(),
                json.path("theirs").asLong(),
                json.path("ours").asLong(),
                json.path("proof").textValue(),
                resolved.isMissingNode()
                        ? null
                        : new WitnessConflict.Resolution(
                                Instant.parse(resolved.path("at").asText()),
                                resolved.path("by").asText(),
                                resolved.path("reason").asText()));
    }
}
