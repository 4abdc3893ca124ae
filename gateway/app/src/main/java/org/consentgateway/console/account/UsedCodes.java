package org.consentgateway.console.account;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.consentgateway.ledger.keys.DurableFile;
import org.consentgateway.ledger.keys.SoleWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The half-minute whose code each account has used last: whoever has read a code over
 * a shoulder comes too late (RFC 6238 §5.2), also behind a restart, and at another node that has
 * the file. Where it cannot be kept, codes count once in this process, and staff still come in.
 */
final class UsedCodes {
    private static final Logger LOG = LoggerFactory.getLogger(UsedCodes.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Half-minutes of a day, by which a clock may be set back; names of before are not kept. */
    private static final long KEPT = 2L * 60 * 24;

    private final Path file;
    private final Map<String, Long> here = new HashMap<>();

    /**
     * @param file which need not be there yet
     */
    UsedCodes(Path file) {
        this.file = file;
    }

    /**
     * Uses it up.
     *
     * @param step the half-minute of the code
     * @param newest whose code opens now: by a later one that was used, the clock was wrong then
     * @return false where it was used, or a later one
     */
    synchronized boolean use(String name, long step, long newest) {
        boolean isNew = !isUsed(here, name, step, newest);
        if (isNew) {
            try {
                isNew = SoleWriter.change(file, () -> useKept(name, step, newest));
            } catch (IOException e) {
                LOG.warn(
                        "codes used at the console are not kept, so that one used just before a"
                                + " restart opens once more behind it: {}",
                        e.toString());
            }
            here.put(name, step);
        }
        return isNew;
    }

    private boolean useKept(String name, long step, long newest) throws IOException {
        Map<String, Long> kept = read();
        if (isUsed(kept, name, step, newest)) {
            return false;
        }
        kept.put(name, step);
        kept.values().removeIf(each -> each < step - KEPT);
        ObjectNode json = JSON.createObjectNode();
        kept.forEach(json::put);
        DurableFile.keepPrivate(file, JSON.writeValueAsBytes(json));
        return true;
    }

    private static boolean isUsed(Map<String, Long> used, String name, long step, long newest) {
        long last = used.getOrDefault(name, Long.MIN_VALUE);
        return step <= last && last <= newest;
    }

    private Map<String, Long> read() throws IOException {
        Map<String, Long> kept = new HashMap<>();
        if (!Files.exists(file)) {
            return kept;
        }
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            json.properties().forEach(each -> kept.put(each.getKey(), each.getValue().asLong()));
        } catch (JacksonException e) {
            throw new IOException(file + " is no file of used codes: delete it");
        }
        return kept;
    }
}
