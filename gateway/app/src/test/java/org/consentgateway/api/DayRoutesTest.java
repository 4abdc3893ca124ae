package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the log tells of the last day, and of one call. */
@Timeout(60)
class DayRoutesTest {
    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-28T10:05:00Z");
    private TestApi api;
    private String key = "";

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
        key = api.key();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private JsonNode hours() throws Exception {
        return api.send("GET", "/v1/statistics/hours", key, "").body().path("hours");
    }

    /** Of the hour that began so many hours ago. */
    private static int given(JsonNode hours, int ago) {
        return hours.get(hours.size() - 1 - ago).path("given").asInt();
    }

    @Test
    void aDayIsToldHourByHourAndAnHourThatIsOverIsNotCountedAgain() throws Exception {
        api.given(TestApi.NUMBER).record();
        JsonNode first = hours();
        assertThat(first).hasSize(24);
        assertThat(first.get(23).path("at").asText()).isEqualTo("2026-11-28T10:00:00.000Z");
        assertThat(given(first, 0)).isOne();
        assertThat(first.get(23).path("withdrawn").asInt()).isZero();

        api.given("+4930123457").record();
        assertThat(given(hours(), 0)).as("counted a moment ago").isOne();
        now = now.plusSeconds(6);
        assertThat(given(hours(), 0)).isEqualTo(2);

        now = now.plus(Duration.ofMinutes(75));
        api.given("+4930123458").record();
        assertThat(given(hours(), 0)).isOne();
        assertThat(given(hours(), 1)).isEqualTo(2);
        now = now.plus(Duration.ofHours(22));
        assertThat(given(hours(), 23)).isEqualTo(2);
        now = now.plus(Duration.ofHours(1));
        assertThat(given(hours(), 23)).isOne();
    }

    /** Found in the product before: whoever relied on an earlier yes had agreed once more. */
    @Test
    void whoWasAskedNothingHasAnsweredNothing() throws Exception {
        UUID consent = api.given(TestApi.NUMBER).record();
        now = now.plus(Duration.ofHours(1));
        var _ =
                api.store.append(
                        List.of(
                                new ConsentRecord.Used(
                                        EntryIds.next(now),
                                        now,
                                        api.call(TestApi.NUMBER),
                                        consent,
                                        now.plus(Duration.ofDays(365)))),
                        Duration.ofSeconds(20));

        JsonNode hours = hours();
        assertThat(given(hours, 0)).isZero();
        assertThat(given(hours, 1)).isOne();
        JsonNode all = api.get("/v1/statistics?from=2026-11-28&to=2026-11-29", key).body();
        assertThat(all.at("/types/Used").asInt()).as("it is in the log").isOne();
    }

    @Test
    void aCallIsToldInTheWordsOfItsNoticeAndInNoneOfTheCaller() throws Exception {
        UUID consent = api.given(TestApi.NUMBER).record();
        Entry entry = api.ledger.reader().entry(consent).orElseThrow();
        String call = Objects.requireNonNull(entry.payload()).at("/call/gateway_call_id").asText();

        TestApi.Said said = api.send("GET", "/v1/calls/" + call, key, "");

        JsonNode heard = said.body().at("/heard/0");
        assertThat(heard.path("part").asText()).isEqualTo("question.assistant");
        assertThat(heard.path("result").asText()).isEqualTo("AGREED");
        assertThat(heard.has("key")).isFalse();
        assertThat(heard.has("words")).isFalse();
        assertThat(said.body().toString())
                .doesNotContain(TestApi.NUMBER.substring(1), "subject", "pseudonym");
        assertThat(api.send("GET", "/v1/calls/" + UUID.randomUUID(), key, "").status())
                .isEqualTo(404);
        assertThat(api.send("GET", "/v1/calls/" + call + "/trace", key, "").status())
                .isEqualTo(404);
    }
}
