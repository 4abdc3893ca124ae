package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody asks, the pseudonym keys are rotated, and the same number agrees once more: that is
 * recorded under a name which the request does not have.
 */
@Timeout(60)
class RequestBeforeRotationTest {
    private static final String DECIDED =
            "{\"by\":\"Ada Meier\",\"ground\":\"called back, name and address fit\"}";

    @TempDir private Path directory;

    private Instant now = Clock.systemUTC().instant();
    private TestApi api;
    private String key = "";
    private UUID older = new UUID(0, 0);
    private UUID newer = new UUID(0, 0);

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
        key = api.key();
        older = api.given(TestApi.NUMBER).record();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private String asks(String kind) throws Exception {
        Said opened =
                api.post(
                        "/v1/requests",
                        key,
                        "{\"number\":\"%s\",\"kind\":\"%s\",\"channel\":\"LETTER\",\"by\":\"Ada\"}"
                                .formatted(TestApi.NUMBER, kind));
        assertThat(opened.status()).as(opened.response().body()).isEqualTo(201);
        return opened.body().path("request_id").asText();
    }

    private void keysAreRotatedAndTheNumberAgreesAnew() throws Exception {
        String _ = KeyRotation.rotate(api.settings, now);
        api.close();
        now = now.plusSeconds(1);
        api = new TestApi(directory, () -> now, 1000);
        key = api.key();
        newer = api.given(TestApi.NUMBER).record();
    }

    private Said decide(String id, String what) throws Exception {
        return api.post("/v1/requests/" + id + "/" + what, key, DECIDED);
    }

    private int consent(UUID id) throws Exception {
        return api.get("/v1/consents/" + id, key).status();
    }

    @Test
    void anErasureThatWouldLeaveWhatCameSinceIsNotApprovedWithoutTheNumber() throws Exception {
        String id = asks("ERASURE");
        keysAreRotatedAndTheNumberAgreesAnew();

        Said said = decide(id, "approval");

        assertThat(said.status()).as(said.response().body()).isEqualTo(409);
        assertThat(said.body().path("detail").asText())
                .contains("keys were rotated", "subject requests approve", "--number");
        assertThat(consent(older)).isEqualTo(200);
        assertThat(consent(newer)).isEqualTo(200);
        assertThat(api.get("/v1/requests", key).body().at("/requests/0/state").asText())
                .isEqualTo("open");
        assertThat(decide(id, "refusal").status()).isEqualTo(201);
    }

    /** Approved on the command line with the number; the process died before it erased. */
    @Test
    void norIsOneFinishedThatWouldLeaveIt() throws Exception {
        String id = asks("ERASURE");
        keysAreRotatedAndTheNumberAgreesAnew();
        approvalIsWritten(id);
        assertThat(api.get("/v1/requests", key).body().at("/requests/0/state").asText())
                .isEqualTo("unfinished");

        Said said = decide(id, "approval");

        assertThat(said.status()).as(said.response().body()).isEqualTo(409);
        assertThat(consent(older)).isEqualTo(200);
    }

    private void approvalIsWritten(String request) throws Exception {
        Entry opened = api.ledger.reader().entry(UUID.fromString(request)).orElseThrow();
        ObjectNode asked = Objects.requireNonNull(opened.payload());
        UUID id = EntryIds.next(now);
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("record_id", id.toString())
                .put("event_time", now.toString())
                .put("event_state", "RequestApproved")
                .put("refers_to", request);
        payload.set("request", asked.path("request"));
        payload.set("retention", asked.path("retention"));
        payload.putObject("answer").put("by", "Ada").put("ground", "called back");
        var entry = new NewEntry(id, EntryType.REQUEST_APPROVED, null, null, payload);
        var _ = api.ledger.append(entry).toCompletableFuture().join();
    }

    @Test
    void noAnswerThatWouldLackWhatCameSinceIsHandedOver() throws Exception {
        String id = asks("ACCESS");
        keysAreRotatedAndTheNumberAgreesAnew();

        assertThat(decide(id, "approval").status()).isEqualTo(409);
        Said answer = api.get("/v1/requests/" + id + "/answer", key);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("detail").asText())
                .contains("subject requests approve", "--number");
    }

    /** On the command line it may have been approved since, for more than its names find. */
    @Test
    void norIsOneThatWasApproved() throws Exception {
        String id = asks("ACCESS");
        assertThat(decide(id, "approval").status()).isEqualTo(201);
        keysAreRotatedAndTheNumberAgreesAnew();

        Said answer = api.get("/v1/requests/" + id + "/answer", key);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("detail").asText()).contains("subject export");
    }

    @Test
    void whatIsAskedBehindTheRotationIsApprovedForAllThereIs() throws Exception {
        keysAreRotatedAndTheNumberAgreesAnew();

        Said said = decide(asks("ERASURE"), "approval");

        assertThat(said.status()).as(said.response().body()).isEqualTo(201);
        assertThat(consent(older)).isEqualTo(410);
        assertThat(consent(newer)).isEqualTo(410);
    }
}
