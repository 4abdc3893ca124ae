package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A customer whose caller has one name under each of two keys: tied by number since the rotation,
 * and by a consent of the newer key behind that.
 */
@Timeout(60)
class TiedCustomerTest {
    @TempDir private Path directory;

    private Instant now = Clock.systemUTC().instant();
    private TestApi api;
    private String key = "";
    private UUID older = new UUID(0, 0);
    private UUID newer = new UUID(0, 0);

    @BeforeEach
    void tieByNumberThenByConsent() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
        older = api.given(TestApi.NUMBER).record();
        String _ = KeyRotation.rotate(api.settings, now);
        api.close();
        now = now.plusSeconds(1);
        api = new TestApi(directory, () -> now, 1000);
        key = api.key();
        tie("{\"number\":\"" + TestApi.NUMBER + "\"}");
        newer = api.given(TestApi.NUMBER).record();
        now = now.plusSeconds(1);
        tie("{\"consent_id\":\"" + newer + "\"}");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void tie(String caller) throws Exception {
        assertThat(api.send("PUT", "/v1/subjects/crm-1", key, caller).status()).isEqualTo(204);
    }

    @Test
    void allConsentsAreToldUnderWhicheverKeyTheyWereGiven() throws Exception {
        Said consents = api.get("/v1/subjects/crm-1/consents", key);
        assertThat(consents.body().toString()).contains(older.toString(), newer.toString());
        Said export = api.get("/v1/subjects/crm-1/export", key);
        assertThat(export.body().toString()).contains(older.toString(), newer.toString());
    }

    @Test
    void anErasureTakesWhatWasRecordedUnderTheEarlierKeyToo() throws Exception {
        api.erase("crm-1", key);

        for (UUID consent : new UUID[] {older, newer}) {
            assertThat(api.get("/v1/consents/" + consent, key).status()).isEqualTo(410);
        }
    }

    /** A tie is kept for three years from when it was last written. */
    @Test
    void whoIsTiedAgainAndAgainStaysTiedWithAllThatWasRecorded() throws Exception {
        monthsPass(24);
        tie("{\"consent_id\":\"" + newer + "\"}");
        monthsPass(13);
        assertThat(api.ledger.eraseOutdated()).as("of the first ties").isPresent();

        Said export = api.get("/v1/subjects/crm-1/export", key);
        assertThat(export.status()).isEqualTo(200);
        assertThat(export.body().toString()).contains(older.toString(), newer.toString());
        assertThat(api.ledger.reader().ofType(EntryType.SUBJECT_REFERENCED, 10))
                .filteredOn(tie -> tie.payload() != null)
                .hasSize(1);
    }

    /** By then the key for the API has ended. */
    private void monthsPass(int months) throws Exception {
        now = now.atZone(ZoneOffset.UTC).plusMonths(months).toInstant();
        key = api.key();
    }

    /** The newest counts: the customer calls from elsewhere. */
    @Test
    void aConsentOfAnotherCallerStillTiesAnew() throws Exception {
        UUID other = api.given("+4930777777").record();
        now = now.plusSeconds(1);
        tie("{\"consent_id\":\"" + other + "\"}");

        Said consents = api.get("/v1/subjects/crm-1/consents", key);
        assertThat(consents.body().toString())
                .contains(other.toString())
                .doesNotContain(older.toString(), newer.toString());
    }
}
