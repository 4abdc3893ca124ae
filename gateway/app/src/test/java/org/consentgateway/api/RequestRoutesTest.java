package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request of a caller, from the letter to the answer, over a real log. */
@Timeout(60)
class RequestRoutesTest {
    private static final String DECIDED =
            "{\"by\":\"Ada Meier\",\"ground\":\"called back, name and address fit\"}";

    @TempDir private Path directory;

    private Instant now = Clock.systemUTC().instant();
    private TestApi api;
    private String key;
    private String desk;
    private String export;
    private String answers;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
        // All before the first is shown: they are read once in a while.
        key = api.key();
        desk = api.key(ApiScope.REQUESTS_READ, ApiScope.REQUESTS_WRITE);
        export = api.key(ApiScope.SUBJECTS_EXPORT);
        answers = api.key(ApiScope.REQUESTS_ANSWER);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** Keys do not live as long. */
    private void later(Instant at) throws Exception {
        now = at;
        key = api.key();
    }

    private String open(String kind) throws Exception {
        Said taken = api.post("/v1/requests", key, letter(kind, ""));
        assertThat(taken.status()).as(taken.response().body()).isEqualTo(201);
        return taken.body().path("request_id").asText();
    }

    private static String letter(String kind, String more) {
        return "{\"number\":\"%s\",\"kind\":\"%s\",\"channel\":\"LETTER\",\"by\":\"Ada\"%s}"
                .formatted(TestApi.NUMBER, kind, more);
    }

    private JsonNode only() throws Exception {
        JsonNode all = api.get("/v1/requests", key).body().path("requests");
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private Said decide(String id, String what, String body) throws Exception {
        return api.post("/v1/requests/" + id + "/" + what, key, body);
    }

    /** A letter of the day before yesterday is due a month after that day. */
    @Test
    void theTimeToAnswerCountsFromTheDayOnWhichItCame() throws Exception {
        LocalDate came = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(2);
        Said taken =
                api.post("/v1/requests", key, letter("ACCESS", ",\"received\":\"" + came + "\""));

        assertThat(taken.status()).isEqualTo(201);
        Instant due = came.plusMonths(1).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        assertThat(Instant.parse(only().path("due").asText())).isEqualTo(due);
        assertThat(only().path("state").asText()).isEqualTo("open");
        assertThat(only().toString()).doesNotContain(TestApi.NUMBER);
        later(due);
        assertThat(only().path("state").asText()).isEqualTo("overdue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomorrow", "2026-02-30", "2019-01-01", "2999-01-01"})
    void noOtherDayIsTaken(String day) throws Exception {
        Said said =
                api.post("/v1/requests", key, letter("ACCESS", ",\"received\":\"" + day + "\""));

        assertThat(said.status()).isEqualTo(422);
        assertThat(said.body().at("/errors/0/pointer").asText()).isEqualTo("/received");
    }

    @Test
    void whoAsksTwiceHasOneRequest() throws Exception {
        String id = open("ACCESS");
        Said again = api.post("/v1/requests", key, letter("ACCESS", ""));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("request_id").asText()).isEqualTo(id);
    }

    /** Art. 12(3) DSGVO: entered a day after a call in which the same was asked for. */
    @Test
    void aLetterThatCameBeforeWhatWaitsIsDueByItsOwnDay() throws Exception {
        String called = open("ACCESS");
        LocalDate came = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(20);
        String letter = letter("ACCESS", ",\"received\":\"" + came + "\"");

        Said taken = api.post("/v1/requests", key, letter);

        assertThat(taken.status()).as(taken.response().body()).isEqualTo(201);
        Instant due = came.plusMonths(1).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        JsonNode all = api.get("/v1/requests", key).body().path("requests");
        assertThat(Instant.parse(all.at("/0/due").asText())).isEqualTo(due);
        assertThat(all.at("/1/request_id").asText()).isEqualTo(called);
        later(due);
        all = api.get("/v1/requests", key).body().path("requests");
        assertThat(all.at("/0/state").asText()).isEqualTo("overdue");
        assertThat(api.post("/v1/requests", key, letter).body().path("request_id"))
                .isEqualTo(taken.body().path("request_id"));
    }

    /** The person was told of it, and asks for the same once more. */
    @Test
    void whoAsksAgainWhileMoreTimeIsTakenHasOneRequest() throws Exception {
        String id = open("ACCESS");
        assertThat(decide(id, "extension", DECIDED).status()).isEqualTo(201);
        later(now.plus(Period.ofDays(5)));

        Said again = api.post("/v1/requests", key, letter("ACCESS", ""));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("request_id").asText()).isEqualTo(id);
    }

    /** Art. 12(3) DSGVO: by two further months, once, and told within the first. */
    @Test
    void moreTimeIsTakenOnceAndBeforeTheFirstIsOver() throws Exception {
        String id = open("ACCESS");
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);

        assertThat(decide(id, "extension", DECIDED).status()).isEqualTo(201);

        Instant due = today.plusMonths(3).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        assertThat(Instant.parse(only().path("due").asText())).isEqualTo(due);
        assertThat(only().at("/extended/by").asText()).isEqualTo("Ada Meier");
        assertThat(only().at("/extended/ground").asText()).startsWith("called back");
        assertThat(decide(id, "extension", DECIDED).status()).isEqualTo(409);
        later(due.minusSeconds(1));
        assertThat(only().path("state").asText()).isEqualTo("open");
        later(due);
        assertThat(only().path("state").asText()).isEqualTo("overdue");
    }

    @Test
    void noMoreTimeIsTakenOfWhatIsOverdue() throws Exception {
        String id = open("ACCESS");
        later(now.plus(Period.ofDays(40)));

        Said said = decide(id, "extension", DECIDED);

        assertThat(said.status()).isEqualTo(409);
        assertThat(said.body().path("detail").asText()).contains("overdue");
    }

    @Test
    void accessIsApprovedAndHandedOverWithItsReceipts() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        api.ledger.checkpoint();
        String id = open("ACCESS");
        assertThat(decide(id, "approval", DECIDED).status()).isEqualTo(201);

        Said said = api.get("/v1/requests/" + id + "/answer", export);

        assertThat(said.status()).isEqualTo(200);
        assertThat(said.body().at("/export/entries").toString())
                .contains(grant.record().toString());
        assertThat(said.body().path("page").asText()).contains("<html");
        assertThat(said.body().path("receipts").has(grant.record().toString())).isTrue();
        assertThat(only().path("state").asText()).isEqualTo("approved");
        assertThat(accesses())
                .contains("POST /v1/requests/{id}/approval", "GET /v1/requests/{id}/answer")
                .contains("Ada Meier", id)
                .doesNotContain(TestApi.NUMBER);
    }

    @Test
    void whatCameAfterTheApprovalIsNotHandedOver() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String id = open("ACCESS");
        assertThat(decide(id, "approval", DECIDED).status()).isEqualTo(201);
        later(now.plus(Duration.ofDays(1)));
        DurableGrant ofWhoeverHasTheNumberNow = api.given(TestApi.NUMBER);

        Said said = api.get("/v1/requests/" + id + "/answer", export);

        assertThat(said.body().at("/export/entries").toString())
                .contains(grant.record().toString())
                .doesNotContain(ofWhoeverHasTheNumberNow.record().toString());
    }

    private String accesses() throws Exception {
        return api.ledger.reader().ofType(EntryType.ACCESSED, 100).stream()
                .map(Entry::payload)
                .toList()
                .toString();
    }

    @Test
    void anErasureThatIsApprovedIsDone() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String id = open("ERASURE");

        Said said = decide(id, "approval", DECIDED);

        assertThat(said.status()).as(said.response().body()).isEqualTo(201);
        assertThat(said.body().path("erased").asInt()).isPositive();
        assertThat(api.get("/v1/consents/" + grant.record(), key).status()).isEqualTo(410);
        assertThat(only().path("state").asText()).isEqualTo("approved");
    }

    @Test
    void anAnswerIsGivenOnce() throws Exception {
        String id = open("ACCESS");
        assertThat(decide(id, "refusal", DECIDED).status()).isEqualTo(201);

        assertThat(only().path("state").asText()).isEqualTo("refused");
        for (String what : new String[] {"refusal", "approval", "extension"}) {
            assertThat(decide(id, what, DECIDED).status()).as(what).isEqualTo(409);
        }
        assertThat(api.get("/v1/requests/" + id + "/answer", key).status()).isEqualTo(404);
        String unknown = UUID.randomUUID().toString();
        assertThat(decide(unknown, "refusal", DECIDED).status()).isEqualTo(404);
    }

    /** Of those who had the same request before them, and none of whom has waited for another. */
    @ParameterizedTest
    @ValueSource(strings = {"refusal", "extension", "approval"})
    void ofThoseWhoAnswerAtOnceAllButOneAreToldThatItIsAnswered(String what) throws Exception {
        String id = open("ACCESS");
        List<Said> said = new CopyOnWriteArrayList<>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int person = 0; person < 4; person++) {
                var _ = people.submit(() -> said.add(decide(id, what, DECIDED)));
            }
        }

        assertThat(said).extracting(Said::status).containsOnlyOnce(201).containsOnly(201, 409);
        assertThat(said).filteredOn(each -> each.status() == 409).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0171 123 45 67", "", "12", "+49 (30) 123456 said so"})
    void aGroundIsWordsThatNameNobody(String ground) throws Exception {
        String id = open("ERASURE");
        String body = "{\"by\":\"Ada\",\"ground\":\"%s\"}".formatted(ground);

        assertThat(decide(id, "approval", body).status()).isEqualTo(422);
        assertThat(only().path("state").asText()).isEqualTo("open");
    }

    /** The desk takes requests down and sees them; who answers is somebody else. */
    @Test
    void whoTakesRequestsDownAnswersNone() throws Exception {
        String id = open("ERASURE");

        assertThat(api.get("/v1/requests", desk).status()).isEqualTo(200);
        for (String what : new String[] {"refusal", "approval", "extension"}) {
            assertThat(api.post("/v1/requests/" + id + "/" + what, desk, DECIDED).status())
                    .as(what)
                    .isEqualTo(403);
        }
        assertThat(api.get("/v1/requests/" + id + "/answer", desk).status()).isEqualTo(403);
        assertThat(api.get("/v1/requests", answers).status()).isEqualTo(403);
    }

    /** A year of the audit is kept; the answer for as long as claims can be raised. */
    @Test
    void whatWasAnsweredStaysWhenAllElseOfTheCallerIsGone() throws Exception {
        String id = open("ERASURE");
        assertThat(decide(id, "approval", DECIDED).status()).isEqualTo(201);
        later(now.plus(Duration.ofDays(300)));

        assertThat(only().at("/answered/ground").asText()).startsWith("called back");
    }
}
