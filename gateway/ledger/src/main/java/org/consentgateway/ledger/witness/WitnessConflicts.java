package org.consentgateway.ledger.witness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private List<WitnessConflict> known = List.of();
    private @Nullable FileTime read;

    private WitnessConflicts(Path file) {
        this.file = file;
    }

    /**
     * @param log name of the log, such as "node-1"
     * @throws IOException where the file is there and cannot be read: it may tell of a conflict
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
        if (!Files.exists(file)) {
            known = List.of();
            read = null;
            return;
        }
        FileTime time = Files.getLastModifiedTime(file);
        List<WitnessConflict> found = new ArrayList<>();
        try {
            for (JsonNode one : JSON.readTree(Files.readAllBytes(file))) {
                found.add(conflict(one));
            }
        } catch (IOException | DateTimeException e) {
            throw new IOException(file + " cannot be read: restore it, or remove it", e);
        }
        known = List.copyOf(found);
        read = time;
    }

    /** What has not been resolved; looks at the file again while there is something. */
    public synchronized Optional<WitnessConflict> standing() {
        if (first().isEmpty()) {
            return Optional.empty();
        }
        try {
            if (!Files.exists(file) || !Files.getLastModifiedTime(file).equals(read)) {
                read();
            }
        } catch (IOException e) {
            // Then what was known stands.
        }
        return first();
    }

    private Optional<WitnessConflict> first() {
        return unresolved().stream().findFirst();
    }

    /** All that stand. */
    public synchronized List<WitnessConflict> unresolved() {
        return known.stream().filter(one -> one.resolved() == null).toList();
    }

    /**
     * @return whether nobody knew of it
     */
    synchronized boolean add(WitnessConflict conflict) throws IOException {
        if (known.stream().anyMatch(conflict::isSame)) {
            return false;
        }
        List<WitnessConflict> all = new ArrayList<>(known);
        all.add(conflict);
        known = List.copyOf(all); // it counts, also where the disk is full
        write();
        return true;
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
        read = Files.getLastModifiedTime(file);
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
