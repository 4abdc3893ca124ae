package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.api.access.ApiKeyRegister;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.proof.CheckResult;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.report.ReportRun;
import org.consentgateway.web.UnfinishedForm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What other systems can rely on, over a real log. */
@Timeout(60)
class ApiTest {
    private static final String BY = "{\"by\":\"Ada Meier\"}";

    @TempDir private Path directory;

    private Instant now = Clock.systemUTC().instant();
    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private List<JsonNode> accesses(EntryType type) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        for (Entry entry : api.ledger.reader().ofType(type, 100).reversed()) {
            all.add(entry.payload());
        }
        return all;
    }

    @Test
    void aConsentIsToldWithoutWhoGaveIt() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        Said said = api.get("/v1/consents/" + grant.record(), api.key(ApiScope.CONSENTS_READ));

        assertThat(said.status()).isEqualTo(200);
        assertThat(said.body().path("state").asText()).isEqualTo("in_force");
        assertThat(said.body().path("purposes").toString()).isEqualTo("[\"assistant\"]");
        assertThat(said.body().at("/notice/version").asText()).isEqualTo("1");
        assertThat(said.body().at("/validity/until").asText()).startsWith("20");
        String pseudonym = api.ledger.pseudonyms().subject(TestApi.NUMBER).current();
        assertThat(said.body().toString()).doesNotContain(TestApi.NUMBER, pseudonym);
        assertThat(said.header("Cache-Control")).isEqualTo("no-store");
        now = now.plus(Duration.ofDays(400));
        assertThat(
                        api.get("/v1/consents/" + grant.record(), api.key())
                                .body()
                                .path("state")
                                .asText())
                .isEqualTo("expired");
    }

    /** Somebody set the machine's clock, which may be right and is not believed yet. */
    @Test
    void whereItMayBeAYearLaterAConsentIsToldAsExpiredAndCanBeWithdrawn() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key();
        api.ahead = Duration.ofDays(400);
        String consent = "/v1/consents/" + grant.record();
        JsonNode told = api.get(consent, key).body();
        assertThat(told.path("state").asText()).isEqualTo("expired");
        assertThat(told.has("ended")).as("no record says so").isFalse();
        assertThat(api.post(consent + "/withdrawal", key, BY).status()).isEqualTo(201);

        JsonNode withdrawn = accesses(EntryType.WITHDRAWN).getFirst();
        assertThat(Instant.parse(withdrawn.path("event_time").asText()))
                .isBefore(now.plus(Duration.ofDays(1)));
    }

    @Test
    void everyReadOfAPersonIsRecordedBeforeItIsAnswered() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key();
        Said _ = api.get("/v1/consents/" + grant.record(), key);
        Said _ = api.post("/v1/consents/search", key, "{\"number\":\"+4930123456\"}");
        Said _ = api.post("/v1/consents/search", key, "{\"number\":\"+4930999999\"}");

        List<JsonNode> accesses = accesses(EntryType.ACCESSED);
        assertThat(accesses).hasSize(3);
        assertThat(accesses.get(0).at("/access/by").asText()).startsWith("key crm (");
        assertThat(accesses.get(0).at("/access/action").asText())
                .isEqualTo("GET /v1/consents/{id}");
        assertThat(accesses.get(1).at("/access/consents/0").asText())
                .isEqualTo(grant.record().toString());
        assertThat(accesses.get(2).at("/access/found").asInt()).isZero();
        assertThat(accesses.toString()).doesNotContain("+49", "pseudonym");
    }

    /** As while one takes the place of the other. */
    @Test
    void whichOfTwoKeysOfOneNameHasReadAPersonIsInTheLog() throws Exception {
        String path = "/v1/consents/" + api.given(TestApi.NUMBER).record();
        String key = api.key();
        String next = api.key();
        assertThat(api.get(path, key).status()).isEqualTo(200);
        assertThat(api.get(path, next).status()).isEqualTo(200);

        assertThat(accesses(EntryType.ACCESSED))
                .extracting(entry -> entry.at("/access/by").asText())
                .containsExactly(
                        "key crm (%s)".formatted(id(key)), "key crm (%s)".formatted(id(next)))
                .doesNotHaveDuplicates();
    }

    private static String id(String key) {
        return key.split("_", 3)[1];
    }

    /** An answer that was lost is asked for again with the key that is there by then. */
    @Test
    void aKeyThatTakesThePlaceOfAnotherIsToldWhatThatOneHasDone() throws Exception {
        String path = "/v1/consents/" + api.given(TestApi.NUMBER).record() + "/withdrawal";
        String key = api.key();
        String next = api.key();
        assertThat(api.post(path, key, BY, "Idempotency-Key", "one").status()).isEqualTo(201);
        Said again = api.post(path, next, BY, "Idempotency-Key", "one");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    /** A name would be kept for good with something else in the place of each of its letters. */
    @Test
    void aBodyThatIsNotUtf8IsRefused() throws Exception {
        String consent = "/v1/consents/" + api.given(TestApi.NUMBER).record();
        String key = api.key();
        byte[] name = "{\"by\":\"Jörg Müller\"}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] wide = "{\"by\":\"Ada\"}".getBytes(StandardCharsets.UTF_16BE);
        for (byte[] body : List.of(name, wide)) {
            HttpResponse<String> said = sent(key, consent + "/withdrawal", body);
            assertThat(said.statusCode()).as(said.body()).isEqualTo(400);
        }
        assertThat(sent(key, consent + "/withdrawal", name).body()).contains("not UTF-8");
        assertThat(accesses(EntryType.WITHDRAWN)).isEmpty();

        byte[] right = "\ufeff{\"by\":\"Jörg Müller\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(sent(key, consent + "/withdrawal", right).statusCode()).isEqualTo(201);
        assertThat(accesses(EntryType.ACCESSED).getFirst().at("/access/person").asText())
                .isEqualTo("Jörg Müller");
    }

    private HttpResponse<String> sent(String key, String path, byte[] body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + api.server.port() + path))
                            .header("Authorization", "Bearer " + key)
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", UUID.randomUUID().toString())
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** A list would still join what an erasure has taken apart. */
    @Test
    void aReadOfSeveralConsentsOfOnePersonNamesOneOfThem() throws Exception {
        List<String> given = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            given.add(api.given(TestApi.NUMBER).record().toString());
        }
        Said found = api.post("/v1/consents/search", api.key(), "{\"number\":\"+4930123456\"}");
        assertThat(found.body().path("consents")).hasSize(3);

        JsonNode access = accesses(EntryType.ACCESSED).getFirst().path("access");
        assertThat(access.path("found").asInt()).isEqualTo(3);
        assertThat(given).filteredOn(id -> access.toString().contains(id)).hasSize(1);
    }

    @Test
    void aWithdrawalCutsFirstThenRecordsAndCanBeRepeated() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key();
        List<String> order = new CopyOnWriteArrayList<>();
        String path = "/v1/consents/" + grant.record() + "/withdrawal";
        try (var _ =
                api.journal.inUse().begin(grant, how -> order.add(how + " " + withdrawn(grant)))) {
            Said done = api.post(path, key, BY, "Idempotency-Key", "one");
            assertThat(done.status()).as(done.body().toString()).isEqualTo(201);
            assertThat(order.getFirst())
                    .as("no record was there when the call was cut")
                    .isEqualTo(EndOfConsent.How.WITHDRAWN + " 0");
            assertThat(withdrawn(grant)).isEqualTo(1);
        }
        Said again = api.post(path, key, BY);
        assertThat(again.status()).isEqualTo(200);
        assertThat(withdrawn(grant)).isEqualTo(1);
        JsonNode told = api.get("/v1/consents/" + grant.record(), key).body();
        assertThat(told.path("state").asText()).isEqualTo("withdrawn");
        assertThat(told.at("/ended/reason").asText()).isEqualTo("OPERATOR");
        assertThat(accesses(EntryType.ACCESSED).getFirst().at("/access/person").asText())
                .isEqualTo("Ada Meier");
    }

    /** A person withdraws a consent and not a record of it. */
    @Test
    void aWithdrawalEndsAllThatThePersonHasAgreedToForThePurpose() throws Exception {
        DurableGrant one = api.given(TestApi.NUMBER);
        DurableGrant same = api.given(TestApi.NUMBER);
        DurableGrant more = api.given(TestApi.NUMBER, Purpose.ASSISTANT, Purpose.TRANSCRIPT);
        DurableGrant otherPurpose = api.given(TestApi.NUMBER, new Purpose("marketing"));
        DurableGrant otherPerson = api.given("+4930777777");
        List<EndOfConsent.How> cut = new CopyOnWriteArrayList<>();
        try (var _ = api.journal.inUse().begin(more, cut::add)) {
            Said done = api.post(path(one), api.key(), BY);
            assertThat(done.status()).as(done.body().toString()).isEqualTo(201);
            assertThat(cut).containsExactly(EndOfConsent.How.WITHDRAWN);
        }
        for (DurableGrant ended : List.of(one, same, more)) {
            assertThat(withdrawn(ended)).isEqualTo(1);
        }
        for (DurableGrant left : List.of(otherPurpose, otherPerson)) {
            assertThat(withdrawn(left)).isZero();
        }
    }

    @Test
    void aWithdrawalOfWhatWasRenewedEndsWhatHasReplacedIt() throws Exception {
        DurableGrant old = api.given(TestApi.NUMBER);
        String key = api.key();
        List<EndOfConsent.How> underTheOld = new CopyOnWriteArrayList<>();
        List<EndOfConsent.How> underTheNew = new CopyOnWriteArrayList<>();
        try (var _ = api.journal.inUse().begin(old, underTheOld::add)) {
            DurableGrant renewed = api.renewed(old);
            try (var _ = api.journal.inUse().begin(renewed, underTheNew::add)) {
                Said done = api.post(path(old), key, BY);
                assertThat(done.status()).as(done.body().toString()).isEqualTo(201);
                assertThat(done.body().path("consent_id").asText())
                        .isEqualTo(old.record().toString());
            }
            assertThat(withdrawn(renewed)).isEqualTo(1);
            assertThat(api.post(path(old), key, BY).status()).as("again").isEqualTo(200);
        }
        assertThat(underTheOld).containsExactly(EndOfConsent.How.WITHDRAWN);
        assertThat(underTheNew).containsExactly(EndOfConsent.How.WITHDRAWN);
    }

    private static String path(DurableGrant grant) {
        return "/v1/consents/" + grant.record() + "/withdrawal";
    }

    @Test
    void aBodyInPartsIsRefusedBeforeItIsRead() throws Exception {
        UnfinishedForm.Outcome sent = UnfinishedForm.to(api.server.port(), "/v1/consents/search");
        assertThat(sent.files()).isEmpty();
        assertThat(sent.answer()).startsWith("HTTP/1.1 415 ");
    }

    @Test
    void aBodyInAnEncodingThatNobodyKnowsIsRefused() throws Exception {
        String key = api.key();
        String body = "{\"number\":\"+4930123456\"}";
        for (String encoding : List.of("klingon", "utf-16", "")) {
            Said said =
                    api.send(
                            "POST",
                            "/v1/consents/search",
                            key,
                            body,
                            "Content-Type",
                            "application/json; charset=" + encoding);
            assertThat(said.status()).as(encoding).isEqualTo(415);
            assertThat(said.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(said.body().path("type").asText()).endsWith(":unsupported");
        }
    }

    @Test
    void aCallIsCutOffAlsoWhileTheStoreIsDown() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key();
        List<EndOfConsent.How> cut = new CopyOnWriteArrayList<>();
        assertThat(api.get("/v1/notices", key).status()).isEqualTo(200);
        api.ledger.close();
        try (var _ = api.journal.inUse().begin(grant, cut::add)) {
            Said said = api.post("/v1/consents/" + grant.record() + "/withdrawal", key, BY);
            assertThat(said.status()).as(said.body().toString()).isEqualTo(503);
            assertThat(said.header("Retry-After")).isEqualTo("5");
            assertThat(said.body().path("detail").asText())
                    .contains("nothing of the withdrawal is recorded: send it again");
            assertThat(cut).contains(EndOfConsent.How.WITHDRAWN);
        }
    }

    /** A precondition that nobody can check stops no withdrawal. */
    @Test
    void aCallIsCutOffWhileTheStoreIsDownWhateverItsPrecondition() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key();
        String consent = "/v1/consents/" + grant.record();
        String tag = api.get(consent, key).header("ETag");
        List<EndOfConsent.How> cut = new CopyOnWriteArrayList<>();
        try (var _ = api.journal.inUse().begin(grant, cut::add)) {
            String path = consent + "/withdrawal";
            assertThat(api.post(path, key, BY, "If-Match", "\"other\"").status()).isEqualTo(412);
            assertThat(cut).as("it was checked").isEmpty();
            api.ledger.close();
            assertThat(api.post(path, key, BY, "If-Match", tag).status()).isEqualTo(503);
            assertThat(cut).contains(EndOfConsent.How.WITHDRAWN);
        }
    }

    /** Who knows a key that was good when the store was last read may end a consent, no more. */
    @Test
    void aCallIsCutOffHoweverLongTheStoreIsDownByAKeyThatIsGood() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key(); // for thirty days
        ApiKeyRegister.Issued revoked = issued(Duration.ofDays(300));
        api.register.revoke(revoked.key(), "Ada");
        String expiring = issued(Duration.ofDays(10)).text().text();
        assertThat(api.get("/v1/peers", key).status()).isEqualTo(200);
        assertThat(api.get("/v1/peers", expiring).status()).isEqualTo(200);
        List<EndOfConsent.How> cut = new CopyOnWriteArrayList<>();
        String path = "/v1/consents/" + grant.record() + "/withdrawal";
        api.ledger.close();
        now = now.plus(Duration.ofDays(20));
        try (var _ = api.journal.inUse().begin(grant, cut::add)) {
            for (String wrong :
                    List.of(revoked.text().text(), expiring, "cgk_aaaaaaaa_" + "A".repeat(43))) {
                assertThat(api.post(path, wrong, BY).status()).isEqualTo(503);
            }
            assertThat(api.get("/v1/peers", key).status()).isEqualTo(503);
            assertThat(cut).isEmpty();
            Said said = api.post(path, key, BY);
            assertThat(said.status()).as(said.body().toString()).isEqualTo(503);
            assertThat(said.header("Retry-After")).isEqualTo("5");
            assertThat(cut).contains(EndOfConsent.How.WITHDRAWN);
        }
    }

    private ApiKeyRegister.Issued issued(Duration valid) throws Exception {
        return api.register.issue("crm", "Ada", EnumSet.allOf(ApiScope.class), now.plus(valid));
    }

    private long withdrawn(DurableGrant grant) {
        try {
            return AboutEntries.of(api.ledger.reader(), grant.record()).stream()
                    .filter(entry -> entry.type() == EntryType.WITHDRAWN)
                    .count();
        } catch (org.consentgateway.ledger.store.LedgerUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRepeatedRequestGetsTheFirstAnswerAndAnotherOneIsRefused() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key();
        String path = "/v1/consents/" + grant.record() + "/withdrawal";
        Said first = api.post(path, key, BY, "Idempotency-Key", "one");
        Said repeated = api.post(path, key, BY, "Idempotency-Key", "one");

        assertThat(repeated.status()).isEqualTo(201);
        assertThat(repeated.body()).isEqualTo(first.body());
        assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(api.post(path, key, "{\"by\":\"Bob\"}", "Idempotency-Key", "one").status())
                .isEqualTo(422);
        assertThat(api.send("POST", path, key, BY).status()).as("without one").isEqualTo(400);
    }

    @Test
    void aChangeOfWhatHasChangedIsRefused() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key();
        Said read = api.get("/v1/consents/" + grant.record(), key);
        String tag = read.header("ETag");
        assertThat(api.get("/v1/consents/" + grant.record(), key, "If-None-Match", tag).status())
                .isEqualTo(304);
        String path = "/v1/consents/" + grant.record() + "/withdrawal";
        assertThat(api.post(path, key, BY, "If-Match", "\"other\"").status()).isEqualTo(412);
        assertThat(withdrawn(grant)).isZero();
        assertThat(api.post(path, key, BY, "If-Match", tag).status()).isEqualTo(201);
        assertThat(api.post(path, key, BY, "If-Match", tag).status()).isEqualTo(412);
    }

    @Test
    void aCustomerIsTiedByNumberOrByAConsentAndFoundByReference() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        DurableGrant other = api.given("+4930777777");
        String key = api.key();
        assertThat(api.get("/v1/subjects/crm-4711/consents", key).status()).isEqualTo(404);
        assertThat(
                        api.send(
                                        "PUT",
                                        "/v1/subjects/crm-4711",
                                        key,
                                        "{\"number\":\"+4930123456\"}")
                                .status())
                .isEqualTo(204);
        Said found = api.get("/v1/subjects/crm-4711/consents", key);
        assertThat(found.body().at("/consents/0/consent_id").asText())
                .isEqualTo(grant.record().toString());
        assertThat(found.body().path("consents")).hasSize(1);

        String tie = "{\"consent_id\":\"" + other.record() + "\"}";
        now = now.plusSeconds(1);
        assertThat(api.send("PUT", "/v1/subjects/crm-4711", key, tie).status()).isEqualTo(204);
        assertThat(api.send("PUT", "/v1/subjects/crm-4711", key, tie).status()).isEqualTo(204);
        assertThat(
                        api.get("/v1/subjects/crm-4711/consents", key)
                                .body()
                                .at("/consents/0/consent_id")
                                .asText())
                .isEqualTo(other.record().toString());
        assertThat(api.ledger.reader().ofType(EntryType.SUBJECT_REFERENCED, 10)).hasSize(2);
        Said export = api.get("/v1/subjects/crm-4711/export", key);
        assertThat(export.body().toString())
                .contains(other.record().toString(), "crm-4711")
                .doesNotContain(grant.record().toString());
    }

    /** Else a stranger would be given the records of whoever has the number. */
    @Test
    void aConsentOfWhoOnlyClaimsANumberTiesNobody() throws Exception {
        String key = api.key();
        UUID claimed = api.claimed(TestApi.NUMBER).record();
        Said said =
                api.send("PUT", "/v1/subjects/crm-1", key, "{\"consent_id\":\"" + claimed + "\"}");

        assertThat(said.status()).isEqualTo(409);
        assertThat(api.get("/v1/subjects/crm-1/consents", key).status()).isEqualTo(404);
        assertThat(api.ledger.reader().ofType(EntryType.SUBJECT_REFERENCED, 10)).isEmpty();
    }

    @Test
    void anErasureOfThePersonTakesTheTieAlong() throws Exception {
        api.given(TestApi.NUMBER);
        String key = api.key();
        Said _ = api.send("PUT", "/v1/subjects/a", key, "{\"number\":\"+4930123456\"}");
        var erased =
                org.consentgateway.ledger.entry.NewEntry.of(
                        EntryType.ERASED, null, null, TestApi.JSON.createObjectNode(), now);
        var _ =
                api.ledger.erase(
                        erased,
                        api.ledger.pseudonyms().subject(TestApi.NUMBER),
                        java.util.Set.of());

        assertThat(api.get("/v1/subjects/a/consents", key).status()).isEqualTo(404);
    }

    @Test
    void aRequestOfACustomerWaitsForAPerson() throws Exception {
        api.given(TestApi.NUMBER);
        String key = api.key();
        Said _ = api.send("PUT", "/v1/subjects/a", key, "{\"number\":\"+4930123456\"}");
        Said opened = api.asksForErasure("a", key);
        Said again = api.asksForErasure("a", key);

        assertThat(opened.status()).as(opened.body().toString()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(opened.body());
        assertThat(api.ledger.reader().unansweredRequests(10)).hasSize(1);
        Said wrong = api.post("/v1/subjects/a/requests", key, "{\"kind\":\"ALL\",\"why\":\"x\"}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body().path("errors").toString())
                .contains("/kind", "ACCESS, ERASURE", "/channel", "/by", "not known");
    }

    @Test
    void theLogIsReadPageByPageAndNothingIsPassedOver() throws Exception {
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            wanted.add(api.given("+493012345" + i).record().toString());
        }
        String key = api.key();
        List<String> read = new ArrayList<>();
        String cursor = "";
        boolean more = true;
        for (int i = 0; i < 20 && more; i++) {
            Said page = api.get("/v1/records?limit=2&cursor=" + cursor, key);
            assertThat(page.status()).isEqualTo(200);
            page.body()
                    .path("records")
                    .forEach(one -> {
                        if (one.path("type").asText().equals("Given")) {
                            read.add(one.path("record_id").asText());
                        }
                    });
            cursor = page.body().path("next_cursor").asText();
            assertThat(page.body().toString()).doesNotContain("pseudonym");
            more = page.header("Link").endsWith("rel=\"next\"");
        }
        assertThat(more).as("reading the log does not feed it").isFalse();
        assertThat(read).containsExactlyElementsOf(wanted);
        String last = api.given(TestApi.NUMBER).record().toString();
        assertThat(
                        api.get("/v1/records?limit=200&cursor=" + cursor, key)
                                .body()
                                .path("records")
                                .toString())
                .contains(last)
                .doesNotContain(wanted.getLast());
        assertThat(api.get("/v1/records?cursor=AAAA", key).status()).isEqualTo(400);
        assertThat(api.get("/v1/records?limit=1000", key).status()).isEqualTo(400);
    }

    @Test
    void tasksAreListedAndClosed() throws Exception {
        UUID task = api.callBack("+493011112222");
        String key = api.key();
        JsonNode waiting = api.get("/v1/callbacks", key).body().path("tasks");
        assertThat(waiting).hasSize(1);
        assertThat(waiting.at("/0/number").asText()).isEqualTo("+493011112222");
        assertThat(waiting.at("/0/overdue").asBoolean()).isFalse();
        String closing = "/v1/callbacks/" + task + "/closing";
        assertThat(api.post(closing, key, "{\"by\":\"call 0301234567\"}").status())
                .as("a number would outlive the erasure")
                .isEqualTo(422);
        for (String number : List.of("0171 123 45 67", "0171.123.45", "a\u20280171\u20131234567")) {
            String result = TestApi.JSON.writeValueAsString(Map.of("by", "Ada", "result", number));
            assertThat(api.post(closing, key, result).status()).as(number).isEqualTo(422);
            String by = TestApi.JSON.writeValueAsString(Map.of("by", "Ada " + number));
            assertThat(api.post(closing, key, by).status()).as(number).isEqualTo(422);
        }
        String asComplaint = "/v1/complaints/" + task + "/closing";
        assertThat(api.post(asComplaint, key, BY).status()).as("it is none").isEqualTo(404);
        String complaint = "/v1/callbacks/" + api.complaint("+493011113333") + "/closing";
        assertThat(api.post(complaint, key, BY).status()).as("nor the other").isEqualTo(404);
        assertThat(
                        api.post(
                                        closing,
                                        key,
                                        "{\"by\":\"Ada\",\"result\":\"helped, 2026-11-30 14:30\"}")
                                .status())
                .isEqualTo(204);
        assertThat(api.post(closing, key, BY).status()).isEqualTo(404);
        assertThat(api.get("/v1/callbacks", key).body().path("tasks")).isEmpty();
        assertThat(api.get("/v1/complaints", key).body().path("tasks")).hasSize(1);
    }

    @Test
    void callsAreListedAndEndedAndTheNodeRunsEmpty() throws Exception {
        UUID call = UUID.randomUUID();
        api.running.add(call);
        String key = api.key();
        assertThat(api.get("/v1/calls", key).body().at("/calls/0/call_id").asText())
                .isEqualTo(call.toString());
        assertThat(api.post("/v1/calls/" + call + "/end", key, "").status()).isEqualTo(204);
        assertThat(api.ended).containsExactly(call);
        assertThat(api.post("/v1/calls/" + UUID.randomUUID() + "/end", key, "").status())
                .isEqualTo(404);
        assertThat(api.post("/v1/drain", key, "").status()).isEqualTo(202);
        assertThat(api.get("/v1/calls", key).body().path("draining").asBoolean()).isTrue();
    }

    @Test
    void aCallerIsAskedForOnePurposeMoreWhileTalkingWithAnAssistant() throws Exception {
        UUID call = UUID.randomUUID();
        String key = api.key();
        String path = "/v1/calls/" + call + "/step-up";
        String body = "{\"purpose\":\"transcript\"}";
        assertThat(api.post(path, key, body).status()).isEqualTo(404);
        api.running.add(call);
        assertThat(api.post(path, key, "{\"purpose\":\"All of it!\"}").status()).isEqualTo(422);
        assertThat(api.asked).isEmpty();
        assertThat(api.post(path, key, body).status()).as("still asked itself").isEqualTo(409);
        api.talking.add(call);
        assertThat(api.post(path, key, body).status()).isEqualTo(202);
        assertThat(api.asked).containsExactly("transcript", "transcript");
    }

    @Test
    void textsReceiptsAndCountsAreTold() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key();
        JsonNode notices = api.get("/v1/notices", key).body().path("notices");
        String hash = notices.at("/0/text_sha256").asText();
        assertThat(api.get("/v1/notices/" + hash, key).body().at("/parts/opening").asText())
                .isEqualTo("Guten Tag.");
        assertThat(api.get("/v1/notices/" + "0".repeat(64), key).status()).isEqualTo(404);
        Said receipt = api.get("/v1/consents/" + grant.record() + "/receipt", key);
        assertThat(receipt.body().toString()).contains(grant.record().toString());
        JsonNode counts = api.get("/v1/statistics", key).body();
        assertThat(counts.at("/types/Given").asInt()).isEqualTo(1);
        assertThat(counts.path("lines").toString())
                .contains(
                        "{\"line\":\"demo\",\"notice\":\"demo\",\"type\":\"Given\",\"records\":1}");
        assertThat(api.get("/v1/statistics?from=2026-13-01", key).status()).isEqualTo(400);
        assertThat(api.get("/v1/statistics?from=2026-11-01&to=2020-01-01", key).status())
                .isEqualTo(400);
    }

    /** The page is checked by the receipt in it, and being shown is recorded like any look. */
    @Test
    void aReceiptIsAPageForPeopleAsWell() throws Exception {
        DurableGrant grant = api.given(TestApi.NUMBER);
        String key = api.key(ApiScope.CONSENTS_READ);
        String other = api.key(ApiScope.RECORDS_READ);
        String path = "/v1/consents/" + grant.record() + "/receipt?format=html";
        int before = accesses(EntryType.ACCESSED).size();
        Said german = api.get(path + "&language=de", key);
        assertThat(german.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(german.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
        assertThat(german.header("Cache-Control")).isEqualTo("no-store");
        String page = german.response().body();
        assertThat(page).contains("<html lang=\"de\">", grant.record().toString());
        assertThat(page).doesNotContain(TestApi.NUMBER.substring(1));
        Path file = Files.writeString(directory.resolve("receipt.html"), page);
        CheckResult check =
                ReceiptCheck.of(
                        file,
                        KeyFiles.verifiers(api.settings.keys().resolve("verifier.keys")),
                        TrustPolicy.NONE);
        assertThat(check.passed()).as(check.toString()).isTrue();
        assertThat(api.get(path + "&language=en", key).response().body())
                .contains("<html lang=\"en\">");
        assertThat(accesses(EntryType.ACCESSED).size()).as("each look").isEqualTo(before + 2);
        assertThat(api.get(path, other).status()).isEqualTo(403);
        assertThat(api.get(path + "&language=xx", key).status()).isEqualTo(400);
        assertThat(api.get(path.replace("html", "pdf"), key).status()).isEqualTo(400);
    }

    @Test
    void howAMonthWentIsToldWithoutGroupsOfFew() throws Exception {
        for (int i = 0; i < 6; i++) {
            DurableGrant _ = api.given("+493012345" + i);
        }
        String key = api.key(ApiScope.STATISTICS_READ);
        String other = api.key(ApiScope.CONSENTS_READ);
        String month = now.toString().substring(0, 7);
        JsonNode report = api.get("/v1/reports/operation?month=" + month, key).body();
        assertThat(report.path("schema").asText()).isEqualTo("operation-report/1");
        assertThat(report.path("rates").toString())
                .contains(
                        "{\"by\":\"line\",\"group\":\"demo\",\"measure\":\"consent\","
                                + "\"suppressed\":false,\"numerator\":6,\"denominator\":6,");
        for (String wrong : List.of("2026-13", "9999-12", "2026-1")) {
            assertThat(api.get("/v1/reports/operation?month=" + wrong, key).status())
                    .isEqualTo(400);
        }
        assertThat(api.get("/v1/reports/operation", key).body().path("month").asText())
                .isEqualTo(month);
        String line = "/v1/reports/operation?month=" + month + "&line=";
        assertThat(api.get(line + "demo", key).status()).isEqualTo(200);
        assertThat(api.get(line + "nowhere", key).status()).isEqualTo(404);
        assertThat(api.get(line, other).status()).isEqualTo(403);
    }

    @Test
    void aCustomersReportIsFetchedUntilTheCustomerEndsThem() throws Exception {
        UUID consent = api.given(TestApi.NUMBER, Purpose.ASSISTANT, Purpose.REPORT).record();
        String key = api.key();
        String reader = api.key(ApiScope.REPORTS_READ);
        String other = api.key(ApiScope.CONSENTS_READ);
        assertThat(
                        api.send("PUT", "/v1/subjects/crm-1", key, "{\"number\":\"+4930123456\"}")
                                .status())
                .isEqualTo(204);
        var run = ReportRun.byEvent(api.reports, api.settings, () -> now, () -> {});
        assertThat(run.run(YearMonth.from(now.atZone(ZoneOffset.UTC)).minusMonths(1), _ -> {}))
                .isZero();
        UUID id = api.ledger.reader().ofType(EntryType.REPORT_DUE, 1).getFirst().id();
        String path = "/v1/reports/customers/" + id;

        Said said = api.get(path, reader);
        assertThat(said.body().path("reference").asText()).isEqualTo("crm-1");
        assertThat(said.body().path("text").asText()).contains("monatlicher Bericht: gilt bis");
        assertThat(said.body().at("/choices/0/purposes").toString())
                .isEqualTo("[\"assistant\",\"report\"]");
        assertThat(said.body().toString()).doesNotContain(TestApi.NUMBER);
        assertThat(api.get(path, other).status()).isEqualTo(403);
        assertThat(api.get("/v1/reports/customers/" + consent, key).status()).isEqualTo(404);
        assertThat(api.ledger.reader().ofType(EntryType.ACCESSED, 1).getFirst().payload())
                .asString()
                .contains("GET /v1/reports/customers/{id}", consent.toString());

        String by = "{\"by\":\"Ada\"}";
        assertThat(api.post(path + "/withdrawal", reader, by).status()).isEqualTo(403);
        assertThat(api.post(path + "/withdrawal", key, by).body().path("consent_ids").toString())
                .isEqualTo("[\"" + consent + "\"]");
        assertThat(api.post(path + "/withdrawal", key, by).body().path("consent_ids")).isEmpty();
        assertThat(api.get(path, reader).status()).isEqualTo(409);
        JsonNode rest = api.get("/v1/consents/" + consent, key).body();
        assertThat(rest.path("state").asText()).as("the rest goes on").isEqualTo("in_force");
        assertThat(rest.path("ended_purposes").toString()).isEqualTo("[\"report\"]");

        UUID again = api.given(TestApi.NUMBER, Purpose.ASSISTANT, Purpose.REPORT).record();
        assertThat(api.get(path, reader).status()).isEqualTo(200);
        assertThat(
                        api.post("/v1/subjects/crm-1/reports/withdrawal", key, by)
                                .body()
                                .path("consent_ids")
                                .toString())
                .isEqualTo("[\"" + again + "\"]");
        assertThat(api.post("/v1/subjects/crm-2/reports/withdrawal", key, by).status())
                .isEqualTo(404);
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeAgain() throws Exception {
        try (var slow = new TestApi(directory.resolve("slow"), () -> now, 3)) {
            String key = slow.key();
            for (int i = 2; i >= 0; i--) {
                Said said = slow.get("/v1/notices", key);
                assertThat(said.status()).isEqualTo(200);
                assertThat(said.header("RateLimit")).isEqualTo("\"second\";r=" + i + ";t=1");
            }
            Said refused = slow.get("/v1/notices", key);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            now = now.plusMillis(400);
            assertThat(slow.get("/v1/notices", key).status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNoRequestOfOursIsToldSo() throws Exception {
        String key = api.key();
        assertThat(api.get("/v1/nothing", key).status()).isEqualTo(404);
        Said wrongMethod = api.send("DELETE", "/v1/calls", key, "");
        assertThat(wrongMethod.status()).isEqualTo(405);
        assertThat(wrongMethod.body().path("type").asText())
                .isEqualTo("urn:consentgateway:problem:method-not-allowed");
        assertThat(api.post("/v1/consents/search", key, "{\"number\":").status()).isEqualTo(400);
        assertThat(api.post("/v1/consents/search", key, "[]").status()).isEqualTo(400);
        assertThat(
                        api.post(
                                        "/v1/consents/search",
                                        key,
                                        "{\"number\":\"+4930123456\",\"number\":\"+491\"}")
                                .status())
                .isEqualTo(400);
        assertThat(api.post("/v1/consents/search", key, "x", "Content-Type", "text/plain").status())
                .isEqualTo(415);
        assertThat(
                        api.post(
                                        "/v1/consents/search",
                                        key,
                                        "{\"number\":\"" + "1".repeat(10_000) + "\"}")
                                .status())
                .isEqualTo(413);
        assertThat(api.get("/openapi.yaml", "").status()).isEqualTo(200);
    }
}
