package org.consentgateway.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.consentgateway.console.Frame;
import org.consentgateway.console.PageWords;
import org.consentgateway.console.Templates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service desk can do with a consent, and what it is told of it. */
class ConsentsViewTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Templates TEMPLATES = new Templates();
    private static final String FORM = "action=\"/consents/withdraw\"";

    /**
     * @param ended with its comma; empty where no record says that it has ended
     */
    private static String page(String state, String ended, String language) throws Exception {
        return page(
                JSON.readTree(
                        """
                        {"consent_id": "one", "level": "merken", "state": "%s", %s
                         "purposes": ["assistant"], "given_at": "2026-11-28T00:00:00Z",
                         "validity": {"until": "2027-11-28T00:00:00Z"}}
                        """
                                .formatted(state, ended)),
                language);
    }

    private static String page(JsonNode consent, String language) {
        PageWords words = PageWords.in(language);
        var view =
                new ConsentsView(
                        "token",
                        true,
                        true,
                        true,
                        "",
                        "",
                        true,
                        "",
                        List.of(ConsentsView.consent(consent, words)));
        return TEMPLATES.render(
                "consents", Map.of("frame", Frame.outside(words, "", ""), "page", view));
    }

    /**
     * Whoever reads the page to somebody reads what stands in the receipt of the same page ({@code
     * ReceiptPageTest}), also in a container, whose zone is UTC.
     */
    @Test
    void dayAndTimeAreThoseOfTheReceiptWhereverTheMachineStands() throws Exception {
        JsonNode consent =
                JSON.readTree(
                        """
                        {"consent_id": "one", "level": "merken", "state": "in_force",
                         "purposes": ["assistant"], "given_at": "2026-06-30T22:30:00Z",
                         "validity": {"until": "2027-06-30T22:00:00Z"},
                         "history": [{"type": "Reaffirmed", "at": "2026-10-25T00:30:00Z"},
                                     {"type": "Reaffirmed", "at": "2026-10-25T01:30:00Z"}]}
                        """);
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        try {
            assertThat(page(consent, "de"))
                    .contains("1. Juli 2026, 00:30:00 (Berlin)", "1. Juli 2027")
                    .contains("25. Oktober 2026, 02:30:00 (Berlin, +02:00)")
                    .contains("25. Oktober 2026, 02:30:00 (Berlin, +01:00)")
                    .doesNotContain("30. Juni");
            assertThat(page(consent, "en"))
                    .contains("1 July 2026, 00:30:00 (Berlin)", "1 July 2027")
                    .doesNotContain("30 June");
        } finally {
            TimeZone.setDefault(before);
        }
    }

    /** Until a record says so, the clock that tells it may be wrong, and it holds again. */
    @Test
    void whatHasEndedByTheClockAloneCanBeWithdrawnAndIsToldAsSuch() throws Exception {
        assertThat(page("expired", "", "de"))
                .contains(FORM, "abgelaufen", "Geht die Uhr falsch, gilt sie wieder");
        assertThat(page("expired", "", "en"))
                .contains(FORM, ">expired<", "If the clock is wrong, it holds again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "withdrawn", "replaced"})
    void whatARecordHasEndedCannotBeWithdrawn(String state) throws Exception {
        String ended = "\"ended\": {\"record_id\": \"two\", \"at\": \"2026-11-29T00:00:00Z\"},";

        assertThat(page(state, ended, "en")).doesNotContain(FORM, "If the clock is wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"in_force", "over_with_call"})
    void whatHoldsOrWasKeptIsWithdrawnWithoutAWordOfTheClock(String state) throws Exception {
        assertThat(page(state, "", "en")).contains(FORM).doesNotContain("If the clock is wrong");
    }
}
