package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.consentgateway.console.PageWords;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. One version of a text, part by part, alone or beside another.
 *
 * @param language of the text
 * @param before name of the version it is held against; empty: none
 */
public record TextView(
        String path, String name, String language, String before, Beside beside, List<Part> parts) {

    /**
     * @param others names of versions that it can be held against
     * @param mayDraft whether the role of whoever looks writes other wordings of it
     */
    public record Beside(List<String> others, boolean mayDraft) {}

    /**
     * @param state "same", "changed", "new" or "gone"; empty where nothing is compared
     * @param sound path under which it is heard; empty where nobody has heard it yet
     */
    public record Part(
            String name, String state, List<WordChanges.Run> runs, String figures, String sound) {}

    /**
     * @param version as the API tells it
     * @param before null where it is not compared
     * @param sounds path of the sounds of its text; empty where it was never spoken
     */
    static TextView of(
            JsonNode version,
            @Nullable JsonNode before,
            Beside beside,
            String sounds,
            PageWords words) {
        Map<String, String> old = new LinkedHashMap<>();
        if (before != null) {
            before.path("parts")
                    .forEach(each ->
                            old.put(each.path("name").asText(), each.path("text").asText()));
        }
        List<Part> parts = new ArrayList<>();
        for (JsonNode each : version.path("parts")) {
            String name = each.path("name").asText();
            String was = old.remove(name);
            parts.add(part(each, before == null ? null : was == null ? "" : was, sounds, words));
        }
        old.forEach((name, text) ->
                parts.add(
                        new Part(
                                name, "gone", List.of(new WordChanges.Run("gone", text)), "", "")));
        return new TextView(
                TextsView.path(version),
                TextsView.name(version),
                version.path("language").asText(),
                before == null ? "" : TextsView.name(before),
                beside,
                List.copyOf(parts));
    }

    /**
     * @param was null where it is not compared, empty where it is new
     */
    private static Part part(JsonNode json, @Nullable String was, String sounds, PageWords words) {
        String name = json.path("name").asText();
        String text = json.path("text").asText();
        List<WordChanges.Run> runs =
                was == null
                        ? List.of(new WordChanges.Run("same", text))
                        : WordChanges.of(was, text);
        String state =
                was == null ? "" : was.isEmpty() ? "new" : was.equals(text) ? "same" : "changed";
        return new Part(
                name,
                state,
                runs,
                figures(json, words),
                sounds.isEmpty() ? "" : sounds + "/" + name);
    }

    private static String figures(JsonNode json, PageWords words) {
        List<String> all = new ArrayList<>();
        all.add(words.of("texts.words", json.path("words").asInt(), json.path("longest").asInt()));
        if (json.has("seconds")) {
            all.add(words.of("texts.seconds", one(json.path("seconds").asDouble())));
        }
        for (Map.Entry<String, JsonNode> each : json.path("scores").properties()) {
            all.add(each.getKey() + " " + one(each.getValue().asDouble()));
        }
        return String.join(" · ", all);
    }

    private static String one(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
