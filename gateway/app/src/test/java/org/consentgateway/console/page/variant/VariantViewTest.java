package org.consentgateway.console.page.variant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDate;
import java.util.Map;
import org.consentgateway.console.Frame;
import org.consentgateway.console.PageWords;
import org.consentgateway.console.Templates;
import org.junit.jupiter.api.Test;

class VariantViewTest {
    private static final Templates TEMPLATES = new Templates();
    private static final String EVIL = "\"'></textarea><script>alert(1)</script>";

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text.replace("EVIL", EVIL.replace("\"", "\\\"")));
    }

    @Test
    void whatAnEditorTriesStaysText() throws Exception {
        JsonNode spoken =
                json(
                        """
                        {"id": "EVIL", "language": "EVIL", "version": "EVIL", "variant": "EVIL",
                         "parts": [{"name": "EVIL", "text": "EVIL"},
                                   {"name": "opening", "text": "EVIL"}]}
                        """);
        JsonNode draft =
                json(
                        """
                        {"passes": true, "file": "EVIL", "text": "EVIL", "block": "EVIL",
                         "unrecorded": ["EVIL"], "findings": [{"kind": "EVIL", "file": "EVIL",
                           "what": "EVIL", "sentence": "EVIL", "right": "EVIL"}]}
                        """);
        for (String language : PageWords.LANGUAGES) {
            PageWords words = PageWords.in(language);
            var fields = VariantView.begin(spoken, LocalDate.EPOCH);
            VariantView.FIELDS.forEach(each -> fields.put(each, EVIL));
            var entered = new Entered(EVIL, fields, Map.of("opening", EVIL));
            VariantView view = VariantView.of(spoken, entered, VariantView.Result.of(draft, words));

            assertThat(
                            TEMPLATES.render(
                                    "variant",
                                    Map.of(
                                            "frame",
                                            Frame.outside(words, EVIL, EVIL),
                                            "page",
                                            view)))
                    .contains("alert(1)")
                    .doesNotContain("<script>", "></textarea><", "\"'>", " style=");
        }
    }

    @Test
    void theNextVariantBeginsTomorrowForWholeWeeks() throws Exception {
        JsonNode spoken = json("{\"variant\": \"b\", \"version\": \"1\"}");

        Map<String, String> fields = VariantView.begin(spoken, LocalDate.of(2026, 11, 29));

        assertThat(fields)
                .containsEntry("variant", "c")
                .containsEntry("start", "2026-11-29")
                .containsEntry("end", "2027-02-27");
        assertThat(VariantView.name(spoken)).isEqualTo("1.b");
    }
}
