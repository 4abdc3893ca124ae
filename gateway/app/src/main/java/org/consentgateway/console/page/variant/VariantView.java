package org.consentgateway.console.page.variant;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.consentgateway.console.PageWords;

/**
 * Immutable. The form of a wording, and what came of its check.
 *
 * @param path of the page of the text
 * @param language of its words
 * @param main parts on which a decision hangs, and those that are changed
 * @param others all other parts
 */
public record VariantView(
        String path,
        String language,
        Sheet sheet,
        List<Part> main,
        List<Part> others,
        Result result) {
    static final List<String> FIELDS =
            List.of("variant", "name", "line", "share", "start", "end", "approved_by");

    static final Result NOTHING = new Result("", "", List.of(), Made.NOTHING);

    private static final Pattern MAIN = Pattern.compile("(opening|question|repeat).*");

    /** Callers differ by the day: whole weeks. */
    private static final int DAYS = 90;

    /**
     * @param text name and version of the text that is spoken now
     * @param token of the session
     * @param fields by name
     */
    public record Sheet(String text, String token, Map<String, String> fields) {}

    /**
     * @param words as they were entered; else as they are spoken now
     */
    public record Part(String name, String words, boolean changed) {}

    /**
     * @param state for its sign: "ready" where it passes, "down" where it does not; empty: not
     *     checked
     * @param problem what was entered wrongly, in words
     */
    public record Result(String state, String problem, List<Finding> findings, Made made) {
        static Result problem(String problem) {
            return new Result("", problem, List.of(), Made.NOTHING);
        }

        static Result of(JsonNode draft, PageWords words) {
            List<Finding> findings = new ArrayList<>();
            for (JsonNode each : draft.path("findings")) {
                String kind = each.path("kind").asText();
                String sentence = each.path("sentence").asText();
                findings.add(
                        new Finding(
                                kind.equals("better") ? "limited" : "down",
                                words.named("finding", kind),
                                each.path("what").asText()
                                        + (sentence.isEmpty() ? "" : ": „" + sentence + "“"),
                                each.path("right").asText()));
            }
            List<String> unrecorded = new ArrayList<>();
            draft.path("unrecorded").forEach(each -> unrecorded.add(each.asText()));
            return new Result(
                    draft.path("passes").asBoolean() ? "ready" : "down",
                    "",
                    List.copyOf(findings),
                    new Made(
                            draft.path("file").asText(),
                            draft.path("text").asText(),
                            draft.path("block").asText(),
                            String.join(", ", unrecorded)));
        }
    }

    /**
     * @param what in English, as the check tells it
     */
    public record Finding(String state, String kind, String what, String right) {}

    /** What is to be put where. */
    public record Made(String file, String text, String block, String unrecorded) {
        static final Made NOTHING = new Made("", "", "", "");
    }

    /** What stands in the form at first. */
    static Map<String, String> begin(JsonNode spoken, LocalDate start) {
        Map<String, String> fields = new LinkedHashMap<>();
        FIELDS.forEach(each -> fields.put(each, ""));
        fields.put("variant", spoken.path("variant").asText().equals("b") ? "c" : "b");
        fields.put("share", "50");
        fields.put("start", start.toString());
        fields.put("end", start.plusDays(DAYS).toString());
        return fields;
    }

    static VariantView of(JsonNode spoken, Entered entered, Result result) {
        String path =
                "/texts/%s/%s/%s"
                        .formatted(
                                spoken.path("id").asText(),
                                spoken.path("language").asText(),
                                name(spoken));
        List<Part> parts = new ArrayList<>();
        for (JsonNode each : spoken.path("parts")) {
            String name = each.path("name").asText();
            String words = entered.changed().getOrDefault(name, each.path("text").asText());
            parts.add(new Part(name, words, entered.changed().containsKey(name)));
        }
        Predicate<Part> isMain = part -> part.changed() || MAIN.matcher(part.name()).matches();
        return new VariantView(
                path,
                spoken.path("language").asText(),
                new Sheet(
                        spoken.path("id").asText() + " " + name(spoken),
                        entered.token(),
                        entered.fields()),
                parts.stream()
                        .filter(isMain)
                        .sorted(Comparator.comparing(part -> !part.name().startsWith("opening")))
                        .toList(),
                parts.stream().filter(isMain.negate()).toList(),
                result);
    }

    /** Of a version, as its file and its address have it. */
    static String name(JsonNode version) {
        String variant = version.path("variant").asText();
        return version.path("version").asText() + (variant.equals("a") ? "" : "." + variant);
    }
}
