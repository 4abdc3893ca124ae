package org.consentgateway.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.Locale;
import org.consentgateway.console.PageWords;
import org.consentgateway.web.Status;
import org.junit.jupiter.api.Test;

class TodayViewTest {
    @Test
    void aNodeWithoutItsStoreTakesCallsAndSaysThatAllReachAHuman() throws Exception {
        JsonNode today =
                new ObjectMapper()
                        .readTree(
                                """
                                {"node":"gw-1","state":"down","calls_state":"human",
                                "since":"2026-12-01T00:00:00Z","parts":[]}
                                """);
        PageWords words = PageWords.in("en");
        assertThat(TodayView.of(today, MissingNode.getInstance(), words, Instant.EPOCH).state())
                .isEqualTo("human");
        assertThat(words.of("state.human")).contains("all reach a human");
        assertThat(PageWords.in("de").of("state.human")).contains("Menschen");
    }

    @Test
    void whateverBecomesOfCallsHasItsWords() {
        for (String language : PageWords.LANGUAGES) {
            for (Status.CallsState calls : Status.CallsState.values()) {
                assertThat(PageWords.in(language).keys())
                        .contains("state." + calls.name().toLowerCase(Locale.ROOT));
            }
        }
    }
}
