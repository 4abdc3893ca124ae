package org.consentgateway.ledger.archive;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.consentgateway.ledger.tree.Digests;

/**
 * Immutable. The text of a notice: part to words. As octets it is a line "part=words" for each, in
 * the order of the parts; the SHA-256 of these octets is what records name.
 */
public record NoticeWords(SortedMap<String, String> parts) {
    public NoticeWords {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    static NoticeWords read(byte[] octets) {
        return read(new String(octets, StandardCharsets.UTF_8));
    }

    /** As {@link #text} writes it. */
    public static NoticeWords read(String text) {
        var parts = new TreeMap<String, String>();
        text.lines()
                .forEach(line -> {
                    int equals = line.indexOf('=');
                    if (equals > 0) {
                        parts.put(line.substring(0, equals), line.substring(equals + 1));
                    }
                });
        return new NoticeWords(parts);
    }

    byte[] octets() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    /** What is hashed. */
    public String text() {
        var text = new StringBuilder();
        parts.forEach((part, words) -> text.append(part).append('=').append(words).append('\n'));
        return text.toString();
    }

    /** Lower-case hex. */
    public String sha256() {
        return Digests.hex(Digests.of(octets()));
    }

    /** Which of its parts a record says were spoken, in this order: played, then asked. */
    public static List<String> spoken(JsonNode payload) {
        Set<String> parts = new LinkedHashSet<>();
        JsonNode served = payload.at("/served/part");
        if (served.isTextual()) {
            parts.add(served.asText());
        }
        for (JsonNode asked : payload.at("/decision/evidence")) {
            if (asked.path("part").isTextual()) {
                parts.add(asked.path("part").asText());
            }
        }
        return List.copyOf(parts);
    }
}
