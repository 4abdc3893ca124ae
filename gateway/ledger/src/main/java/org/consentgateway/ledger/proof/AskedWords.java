package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.consentgateway.ledger.archive.NoticeWords;

/** Immutable. The words that a receipt's caller heard, and what was answered to them. */
final class AskedWords {
    private final JsonNode payload;
    private final NoticeWords text;

    private AskedWords(JsonNode payload, NoticeWords text) {
        this.payload = payload;
        this.text = text;
    }

    static AskedWords of(JsonNode receipt) {
        JsonNode text = receipt.path("text");
        return new AskedWords(
                receipt.path("payload"),
                text.isTextual()
                        ? NoticeWords.read(text.asText())
                        : new NoticeWords(new TreeMap<>()));
    }

    /** Part to words, of those parts that the record says were spoken. */
    Map<String, String> spoken() {
        Map<String, String> spoken = new LinkedHashMap<>();
        for (String part : NoticeWords.spoken(payload)) {
            String words = text.parts().get(part);
            if (words != null) {
                spoken.put(part, words);
            }
        }
        return spoken;
    }

    /** In which a purpose was asked for, with all repeats; empty where that is not known. */
    String of(String purpose) {
        Set<String> parts = new LinkedHashSet<>();
        for (JsonNode one : payload.at("/decision/evidence")) {
            boolean menu = one.path("result").asText().equals("CHOSEN");
            if (menu || one.path("about").asText().equals(purpose)) {
                parts.add(one.path("part").asText());
            }
        }
        return parts.stream()
                .map(part -> text.parts().getOrDefault(part, ""))
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(" "));
    }

    /** Purposes that were asked for in a question of their own and not agreed to. */
    List<String> declined() {
        Set<String> declined = new LinkedHashSet<>();
        for (JsonNode one : payload.at("/decision/evidence")) {
            String part = one.path("part").asText();
            String about = one.path("about").asText();
            boolean ofPurpose = part.startsWith("question") || part.startsWith("repeat-");
            if (ofPurpose && !about.isEmpty()) {
                declined.add(about);
            }
        }
        payload.at("/decision/purposes").forEach(granted -> declined.remove(granted.asText()));
        return List.copyOf(declined);
    }
}
