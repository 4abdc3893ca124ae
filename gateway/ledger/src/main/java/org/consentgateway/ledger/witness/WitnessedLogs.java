package org.consentgateway.ledger.witness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.ledger.tree.VerifierKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The keys of the logs that are witnessed, from a file: a key a line, as {@code
 * keys/verifier.keys} of a gateway, or with {@code log} before it, as a policy has them. It is read
 * again where it has changed.
 */
public final class WitnessedLogs {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessedLogs.class);

    private final Path file;
    private List<VerifierKey> keys;
    private FileTime read;

    private WitnessedLogs(Path file) throws IOException {
        this.file = file;
        this.read = Files.getLastModifiedTime(file);
        this.keys = keys(file);
    }

    /**
     * @throws IOException where it cannot be read
     */
    public static WitnessedLogs of(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(
                    file
                            + " cannot be read: it names the logs to witness, a key a line, as"
                            + " keys/verifier.keys of their gateway");
        }
        return new WitnessedLogs(file);
    }

    private static List<VerifierKey> keys(Path file) throws IOException {
        List<VerifierKey> keys = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String key = line.startsWith("log ") ? line.substring("log ".length()) : line;
            int at = i + 1;
            keys.add(
                    VerifierKey.parseLine(key)
                            .orElseThrow(() ->
                                    new IOException(file + ", line " + at + ": no key of a log")));
        }
        return List.copyOf(keys);
    }

    synchronized List<VerifierKey> keysOf(String origin) {
        try {
            FileTime now = Files.getLastModifiedTime(file);
            if (!now.equals(read)) {
                keys = keys(file);
                read = now;
            }
        } catch (IOException e) {
            LOG.error("the keys that were known stay in use: {}", e.toString());
        }
        return keys.stream().filter(key -> key.name().equals(origin)).toList();
    }

    /** Names of the logs. */
    public synchronized List<String> origins() {
        return keys.stream().map(VerifierKey::name).distinct().sorted().toList();
    }
}
