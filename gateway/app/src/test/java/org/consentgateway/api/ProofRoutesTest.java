package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.tiles.ProofCheck;
import org.consentgateway.ledger.tree.VerifierKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor is told and takes along, over a real log. */
@Timeout(60)
class ProofRoutesTest {
    @TempDir private Path directory;

    private final Instant now = Clock.systemUTC().instant();
    private TestApi api;
    private String key;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
        key = api.key(ApiScope.PROOF_READ);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private JsonNode overview() throws Exception {
        Said said = api.get("/v1/proof", key);
        assertThat(said.status()).as(said.response().body()).isEqualTo(200);
        return said.body();
    }

    private JsonNode log() throws Exception {
        JsonNode logs = overview().path("logs");
        assertThat(logs).hasSize(1);
        return logs.get(0);
    }

    @Test
    void itTellsOfEachLogItsCheckpointsAndKeys() throws Exception {
        api.given(TestApi.NUMBER);
        api.ledger.checkpoint();

        JsonNode log = log();

        assertThat(log.path("entries").asLong()).isPositive();
        assertThat(log.at("/checkpoints/0/entries").asLong())
                .isEqualTo(log.path("entries").asLong());
        assertThat(log.at("/checkpoints/0/keys/0").asText())
                .isEqualTo(log.at("/keys/0/id").asText());
        assertThat(log.at("/keys/0/signs").asBoolean()).isTrue();
        assertThat(overview().at("/store/up").asBoolean()).isTrue();
        assertThat(overview().at("/witnesses/enough").asBoolean()).isTrue();
        assertThat(overview().has("conflict")).isFalse();
        String pseudonym = api.ledger.pseudonyms().subject(TestApi.NUMBER).current();
        assertThat(overview().toString()).doesNotContain(TestApi.NUMBER, pseudonym);
    }

    @Test
    void theDocumentsForCounselComeInALanguageThatThereIs() throws Exception {
        assertThat(api.get("/v1/compliance", key).body().path("language").asText()).isEqualTo("de");
        JsonNode said = api.get("/v1/compliance?language=en", key).body();
        assertThat(said.at("/documents/0/title").asText()).isEqualTo("Title in en");
        assertThat(said.at("/documents/0/missing/0").asText()).isEqualTo("processing.authority");
        Said wrong = api.get("/v1/compliance?language=xx", key);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().path("detail").asText()).contains("de, en");
    }

    @Test
    void itTellsHowFarTheVerificationIsAndWhatItFound() throws Exception {
        assertThat(overview().at("/verification/whole_at").isMissingNode()).isTrue();
        api.ledger.verification().step();
        assertThat(overview().at("/verification/lag_seconds").asLong()).isZero();
        assertThat(overview().at("/verification/findings").asLong()).isZero();

        api.ledger.alarm().raise("entry 3 was changed");

        assertThat(overview().at("/verification/findings").asLong()).isEqualTo(1);
        assertThat(overview().at("/verification/newest_finding").asText())
                .isEqualTo("entry 3 was changed");
    }

    /** With the keys that it tells, another program believes the proof that it tells. */
    @Test
    void whatIsTakenAlongIsBelievedWithoutUs() throws Exception {
        UUID consent = api.given(TestApi.NUMBER).record();
        api.ledger.checkpoint();
        VerifierKey verifier =
                VerifierKey.parseLine(log().at("/keys/0/line").asText()).orElseThrow();

        String proof =
                api.get("/v1/proof/entries/" + consent, key).body().path("tlog_proof").asText();
        String node = log().path("node").asText();
        Said note = api.get("/v1/proof/checkpoints/" + node, key);

        assertThat(ProofCheck.of(proof, List.of(verifier), Map.of()).passed()).isTrue();
        assertThat(proof).endsWith(note.body().path("note").asText());
        assertThat(proof).doesNotContain("pseudonym");
    }

    @Test
    void whatThereIsNotIsNotFound() throws Exception {
        assertThat(api.get("/v1/proof/entries/" + UUID.randomUUID(), key).status()).isEqualTo(404);
        assertThat(api.get("/v1/proof/checkpoints/nobody", key).status()).isEqualTo(404);
    }

    /** It is about the log and nobody in it, so a look at it is no look at a person. */
    @Test
    void whoMayReadItMayReadNothingElse() throws Exception {
        UUID consent = api.given(TestApi.NUMBER).record();
        assertThat(api.get("/v1/consents/" + consent + "/receipt", key).status()).isEqualTo(403);
        JsonNode _ = overview();
        assertThat(api.ledger.reader().ofType(EntryType.ACCESSED, 10)).isEmpty();
    }
}
