package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.console.PageWords;
import org.consentgateway.ledger.entry.LocalTimes;

/** Immutable. What the page Texts shows: every version of every notice, and what is wrong. */
public record TextsView(List<Lineage> notices, List<Finding> findings) {

    /** All versions and languages of one. */
    public record Lineage(String id, List<Version> versions) {}

    /**
     * @param path of the page with its words
     * @param reviewState for its sign: "ready", "limited" (soon) or "down" (overdue)
     * @param approved by whom and when; empty: nobody has
     */
    public record Version(
            String path,
            String language,
            String version,
            String validFrom,
            String review,
            String reviewState,
            String approved) {}

    /**
     * @param what in English, as the check tells it
     */
    public record Finding(String state, String kind, String place, String what, String right) {}

    /** From when on a review is near. */
    private static final int NEAR_DAYS = 30;

    static TextsView of(JsonNode texts, PageWords words, Instant now) {
        Map<String, List<Version>> notices = new LinkedHashMap<>();
        LocalDate today = LocalDate.ofInstant(now, LocalTimes.ZONE);
        for (JsonNode each : texts.path("versions")) {
            notices.computeIfAbsent(each.path("id").asText(), _ -> new ArrayList<>())
                    .add(version(each, words, today));
        }
        List<Finding> findings = new ArrayList<>();
        for (JsonNode each : texts.path("findings")) {
            String kind = each.path("kind").asText();
            String sentence = each.path("sentence").asText();
            findings.add(
                    new Finding(
                            kind.equals("better") ? "limited" : "down",
                            words.named("finding", kind),
                            each.path("file").asText() + ":" + each.path("line").asInt(),
                            each.path("what").asText()
                                    + (sentence.isEmpty() ? "" : ": „" + sentence + "“"),
                            each.path("right").asText()));
        }
        return new TextsView(
                notices.entrySet().stream()
                        .map(each -> new Lineage(each.getKey(), each.getValue().reversed()))
                        .toList(),
                List.copyOf(findings));
    }

    private static Version version(JsonNode json, PageWords words, LocalDate today) {
        LocalDate review = LocalDate.parse(json.path("review").asText());
        boolean near = review.minusDays(NEAR_DAYS).isBefore(today);
        String by = json.path("approved_by").asText();
        return new Version(
                path(json),
                json.path("language").asText(),
                name(json),
                json.path("valid_from").asText(),
                json.path("review").asText(),
                review.isBefore(today) ? "down" : near ? "limited" : "ready",
                by.isEmpty()
                        ? ""
                        : words.of("texts.approved", by, json.path("approved_on").asText()));
    }

    /** Version and variant, as the name of its file has them. */
    static String name(JsonNode version) {
        String variant = version.path("variant").asText("a");
        return version.path("version").asText() + (variant.equals("a") ? "" : "." + variant);
    }

    static String path(JsonNode version) {
        return "/texts/%s/%s/%s"
                .formatted(
                        version.path("id").asText(),
                        version.path("language").asText(),
                        name(version));
    }
}
