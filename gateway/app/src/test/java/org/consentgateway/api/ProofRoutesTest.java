package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.Archiving;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
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

    /** Its row is gone, its place in the log is not; and what cannot be read is not "no entry". */
    @Test
    void anEntryThatWasArchivedIsStillProved() throws Exception {
        UUID consent = api.given(TestApi.NUMBER).record();
        VerifierKey verifier =
                VerifierKey.parseLine(log().at("/keys/0/line").asText()).orElseThrow();
        archive();
        assertThat(api.ledger.reader().entry(consent)).as("its row").isEmpty();

        String path = "/v1/proof/entries/" + consent;
        Said said = api.get(path, key);

        assertThat(said.status()).as(said.response().body()).isEqualTo(200);
        String proof = said.body().path("tlog_proof").asText();
        assertThat(ProofCheck.of(proof, List.of(verifier), Map.of()).passed()).isTrue();

        Files.delete(directory.resolve("archive/node-1/tile/entries/000"));
        Said lost = api.get(path, key);
        assertThat(lost.status()).isEqualTo(409);
        assertThat(lost.body().path("detail").asText()).contains("entries/000 is missing");
    }

    /** Whatever is erased, behind so many entries that their files are whole. */
    private void archive() throws Exception {
        List<NewEntry> others = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            others.add(entry(EntryType.ACCESSED));
        }
        var _ = api.ledger.append(others).toCompletableFuture().get();
        var subject = api.ledger.pseudonyms().subject(TestApi.NUMBER);
        var _ = api.ledger.erase(entry(EntryType.ERASED), subject, Set.of());
        api.ledger.checkpoint();
        var wanted = new Archiving.Wanted(Duration.ofDays(30), Archiving.Step.TAKE);
        for (Instant at : List.of(now, now.plus(wanted.waiting()))) {
            var _ = Archiving.run(api.settings, wanted, InstantSource.fixed(at), _ -> {});
        }
    }

    private NewEntry entry(EntryType type) {
        return NewEntry.of(type, null, null, TestApi.JSON.createObjectNode(), now);
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
