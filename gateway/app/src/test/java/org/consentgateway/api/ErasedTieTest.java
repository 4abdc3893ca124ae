package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.consentgateway.api.TestApi.Said;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A customer whose number has changed, is told so, and is erased then; the number from before
 * belongs to a stranger by now.
 */
@Timeout(60)
class ErasedTieTest {
    private static final String ANOTHER_NUMBER = "+4930777777";

    @TempDir private Path directory;

    private Instant now = Clock.systemUTC().instant();
    private TestApi api;
    private String key = "";
    private UUID strangers = new UUID(0, 0);

    @BeforeEach
    void eraseWhoseNumberHasChanged() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
        key = api.key();
        tie("crm-4711", TestApi.NUMBER);
        now = now.plusSeconds(1);
        tie("crm-4711", ANOTHER_NUMBER);
        strangers = api.given(TestApi.NUMBER).record();
        UUID theirs = api.given(ANOTHER_NUMBER).record();
        now = now.plusSeconds(1);
        api.erase("crm-4711", key);
        assertThat(api.get("/v1/consents/" + theirs, key).status()).isEqualTo(410);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void tie(String reference, String number) throws Exception {
        String body = "{\"number\":\"" + number + "\"}";
        assertThat(api.send("PUT", "/v1/subjects/" + reference, key, body).status()).isEqualTo(204);
    }

    @Test
    void theReferenceOpensNoRecordsOfWhoHasTheNumberFromBefore() throws Exception {
        assertThat(api.get("/v1/subjects/crm-4711/consents", key).status()).isEqualTo(404);
        assertThat(api.get("/v1/subjects/crm-4711/export", key).status()).isEqualTo(404);
        assertThat(api.asksForErasure("crm-4711", key).status()).isEqualTo(404);
    }

    @Test
    void whatIsOfTheStrangerStays() throws Exception {
        assertThat(api.get("/v1/consents/" + strangers, key).status()).isEqualTo(200);
        tie("crm-1", TestApi.NUMBER);
        Said consents = api.get("/v1/subjects/crm-1/consents", key);
        assertThat(consents.body().toString()).contains(strangers.toString());
    }
}
