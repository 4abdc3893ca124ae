package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call centre agrees in each of its calls: what is told of it says whether it is all. */
class ManyEntriesOfOneTest {
    private static final String WHO = "{\"number\":\"%s\"}".formatted(TestApi.NUMBER);
    private static final int CALLS = 450;

    /** More than are told with the first page. */
    private static final int MANY_IN_FORCE = 205;

    @TempDir private Path directory;

    private Instant now = Clock.systemUTC().instant().minus(Duration.ofDays(30));
    private TestApi api;
    private String key;
    private String oldest;

    @BeforeEach
    void theOldestConsentIsInForceAndAllOthersWereForTheirCall() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
        oldest = api.given(TestApi.NUMBER).record().toString();
        now = now.plus(Duration.ofDays(1));
        api.ledger.append(calls("00", CALLS)).toCompletableFuture().join();
        now = now.plus(Duration.ofDays(2));
        key = api.key();
    }

    /**
     * @param which two characters of their ids
     */
    private List<NewEntry> calls(String which, int count) throws Exception {
        var calls = new ArrayList<NewEntry>();
        for (int i = 0; i < count; i++) {
            ObjectNode payload = JsonNodeFactory.instance.objectNode();
            String caller = api.ledger.pseudonyms().subject(TestApi.NUMBER).current();
            payload.put("event_state", "Given");
            payload.putObject("call").put("line", "demo");
            payload.putObject("decision")
                    .put("level", "once")
                    .putArray("purposes")
                    .add("assistant");
            payload.putObject("validity").put("from", now.toString());
            payload.putObject("notice")
                    .put("id", "demo")
                    .put("version", "1")
                    .put("language", "de")
                    .put("variant", "a")
                    .put("text_sha256", TestApi.textSha256());
            calls.add(
                    NewEntry.of(
                            EntryType.GIVEN,
                            "0000000%d-0000-7000-8000-00000%s%05d".formatted(i % 7, which, i),
                            caller,
                            payload,
                            now));
        }
        return calls;
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void whatIsInForceStandsOnTheFirstPageHoweverOldItIs() throws Exception {
        JsonNode first = api.post("/v1/consents/search", key, WHO).body();

        assertThat(states(first)).contains("in_force");
        assertThat(ids(first)).hasSize(201).contains(oldest);
        assertThat(first.path("all_in_force").asBoolean()).isTrue();
        assertThat(first.path("consents_in_all").asInt()).isEqualTo(CALLS + 1);

        Set<String> all = new HashSet<>(ids(first));
        JsonNode page = first;
        int pages = 1;
        while (page.has("next_cursor")) {
            String next = page.path("next_cursor").asText();
            page = api.post("/v1/consents/search?cursor=" + next, key, WHO).body();
            all.addAll(ids(page));
            pages++;
        }
        assertThat(pages).isEqualTo(3);
        assertThat(all).hasSize(CALLS + 1);
        Said wrong = api.post("/v1/consents/search?cursor=none-of-ours", key, WHO);
        assertThat(wrong.status()).isEqualTo(400);
    }

    /** Somebody set the machine's clock, which may be right and is not believed yet. */
    @Test
    void whatMayHaveEndedByNowStandsOnTheFirstPageAsItCanBeWithdrawn() throws Exception {
        api.ahead = Duration.ofDays(800);

        JsonNode first = api.post("/v1/consents/search", key, WHO).body();

        assertThat(ids(first)).contains(oldest);
        assertThat(first.path("all_in_force").asBoolean()).isTrue();
    }

    @Test
    void whereMoreAreInForceThanAreToldItIsSaid() throws Exception {
        for (int i = 0; i < MANY_IN_FORCE; i++) {
            var _ = api.given(TestApi.NUMBER);
        }
        now = now.plus(Duration.ofDays(1));
        for (int i = 0; i < CALLS; i += 50) {
            api.ledger.append(calls("b" + i / 50, 50)).toCompletableFuture().join();
        }

        JsonNode first = api.post("/v1/consents/search", key, WHO).body();

        assertThat(first.path("all_in_force").isBoolean()).isTrue();
        assertThat(first.path("all_in_force").asBoolean()).isFalse();
    }

    @Test
    void anExportHasEveryEntryOnOneOfItsPages() throws Exception {
        assertThat(api.send("PUT", "/v1/subjects/crm-1", key, WHO, "Idempotency-Key", "1").status())
                .isEqualTo(204);
        Set<String> all = new HashSet<>();
        String path = "/v1/subjects/crm-1/export?limit=200";
        int entries = CALLS + 2; // with the tie
        int pages = 0;
        while (!path.isEmpty()) {
            Said page = api.get(path, key);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body().path("entries_in_all").asInt()).isEqualTo(entries);
            assertThat(page.body().path("first").asInt()).isEqualTo(all.size());
            page.body().path("entries").forEach(each -> all.add(each.path("id").asText()));
            path = page.header("Link").replaceFirst("<(.*)>; rel=\"next\"", "$1");
            assertThat(path.isEmpty()).isEqualTo(!page.body().has("next_cursor"));
            pages++;
        }
        assertThat(pages).isEqualTo(3);
        assertThat(all).hasSize(entries).contains(oldest);
        assertThat(api.get("/v1/subjects/crm-1/export", key).body().path("entries"))
                .as("as before, where it is not very much")
                .hasSize(entries);
    }

    @Test
    void aPlaceToGoOnThatIsAlteredOrAnothersIsRefused() throws Exception {
        assertThat(api.send("PUT", "/v1/subjects/crm-1", key, WHO, "Idempotency-Key", "1").status())
                .isEqualTo(204);
        String next =
                api.get("/v1/subjects/crm-1/export?limit=200", key)
                        .body()
                        .path("next_cursor")
                        .asText();
        String further = (next.charAt(0) == 'M' ? "N" : "M") + next.substring(1);
        String other = WHO.replace(TestApi.NUMBER, "+491709876543");
        assertThat(other).isNotEqualTo(WHO);
        assertThat(
                        api.send("PUT", "/v1/subjects/crm-2", key, other, "Idempotency-Key", "2")
                                .status())
                .isEqualTo(204);

        assertThat(exported("crm-1", next)).isEqualTo(200);
        assertThat(exported("crm-1", further)).isEqualTo(400);
        assertThat(exported("crm-2", next)).as("another caller's").isEqualTo(400);
    }

    private int exported(String reference, String cursor) throws Exception {
        return api.get(
                        "/v1/subjects/%s/export?limit=200&cursor=%s".formatted(reference, cursor),
                        key)
                .status();
    }

    private static List<String> ids(JsonNode page) {
        return page.path("consents").findValuesAsText("consent_id");
    }

    private static List<String> states(JsonNode page) {
        return page.path("consents").findValuesAsText("state");
    }
}
