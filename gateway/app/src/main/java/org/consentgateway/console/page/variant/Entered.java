package org.consentgateway.console.page.variant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.console.Visit;

/**
 * Immutable. What stands in the form of a wording.
 *
 * @param token of the session
 * @param fields by name, all there are
 * @param changed part to its other words
 */
record Entered(String token, Map<String, String> fields, Map<String, String> changed) {

    /**
     * @param spoken the text it is tried against
     */
    static Entered of(Visit visit, JsonNode spoken) {
        Map<String, String> fields = new LinkedHashMap<>();
        VariantView.FIELDS.forEach(each -> fields.put(each, visit.form(each)));
        Map<String, String> changed = new LinkedHashMap<>();
        for (JsonNode each : spoken.path("parts")) {
            String part = each.path("name").asText();
            // Browsers send the ends of lines as CR LF; spoken text has none.
            String words =
                    Objects.requireNonNullElse(visit.context().formParam("text." + part), "")
                            .strip()
                            .replaceAll("\\s+", " ");
            if (!words.isEmpty() && !words.equals(each.path("text").asText())) {
                changed.put(part, words);
            }
        }
        return new Entered(visit.session().formToken(), fields, changed);
    }
}
