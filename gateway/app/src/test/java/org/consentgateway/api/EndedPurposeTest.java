package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.LateJournal;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.proof.KnowsNobody;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.OperatorWithdrawals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever ends a purpose is told what became of the record, as with a whole consent. */
class EndedPurposeTest {
    @TempDir private Path directory;

    private final Instant now = Clock.systemUTC().instant();
    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private record Disk(boolean takes) implements LateJournal {
        @Override
        public boolean keep(List<ConsentRecord> together) {
            return takes;
        }

        @Override
        public List<ConsentRecord> kept() {
            return List.of();
        }

        @Override
        public void forget(Collection<ConsentRecord> written) {}
    }

    private OperatorWithdrawals.Result ends(boolean diskTakes) throws Exception {
        UUID consent = api.given(TestApi.NUMBER, Purpose.ASSISTANT, Purpose.REPORT).record();
        var journal =
                new ConsentJournal(
                        KnowsNobody.AWAY,
                        new Disk(diskTakes),
                        Duration.ofSeconds(1),
                        UUID::randomUUID);
        return new OperatorWithdrawals(api.ledger.reader(), journal).end(consent, "report", now);
    }

    @Test
    void whatIsOnThisDiskIsSaidToBeThere() throws Exception {
        assertThat(ends(true))
                .isInstanceOfSatisfying(
                        OperatorWithdrawals.Result.Done.class,
                        done -> assertThat(done.stored()).isFalse());
    }

    @Test
    void whatIsOnNoDiskIsNotDone() throws Exception {
        assertThat(ends(false)).isEqualTo(new OperatorWithdrawals.Result.OnNoDisk());
    }

    /** A client that repeats by itself has to know when. */
    @Test
    void whatIsOnNoDiskIsToBeSentAgainSoon() {
        ApiProblem told = ConsentRoutes.onNoDisk();

        assertThat(told.status()).isEqualTo(503);
        assertThat(told.headers()).containsEntry("Retry-After", "5");
        assertThat(told).hasMessageEndingWith(": send it again until the answer is 2xx");
    }

    /** It was given in no call, of which the end of a part could be recorded. */
    @Test
    void reportsToWhoAgreedElsewhereEndWithThatConsent() throws Exception {
        UUID consent = elsewhere();
        String key = api.key();
        String number = "{\"number\":\"" + TestApi.NUMBER + "\"}";
        assertThat(api.send("PUT", "/v1/subjects/crm-1", key, number).status()).isEqualTo(204);

        String path = "/v1/subjects/crm-1/reports/withdrawal";
        TestApi.Said said = api.post(path, key, "{\"by\":\"Ada\"}");
        assertThat(said.status()).isEqualTo(200);
        assertThat(said.body().path("consent_ids").toString()).isEqualTo("[\"" + consent + "\"]");
        assertThat(api.get("/v1/consents/" + consent, key).body().path("state").asText())
                .isEqualTo("withdrawn");
        assertThat(api.post(path, key, "{\"by\":\"Ada\"}").body().path("consent_ids"))
                .as("nothing is left")
                .isEmpty();
        assertThat(AboutEntries.of(api.ledger.reader(), consent))
                .extracting(Entry::type)
                .containsExactly(EntryType.WITHDRAWN);
    }

    private UUID elsewhere() throws Exception {
        UUID id = api.journal.newId();
        Level level =
                Level.of(
                        "merken",
                        List.of(Purpose.ASSISTANT, Purpose.REPORT),
                        ValidityPeriod.parse("P12M"),
                        Period.ofYears(3),
                        false);
        Instant until = now.plus(Duration.ofDays(365));
        var _ =
                api.journal.write(
                        new ConsentRecord.Imported(
                                id,
                                now,
                                new LedgerPseudonyms(api.ledger.pseudonyms())
                                        .subject(TestApi.NUMBER),
                                TestApi.notice(),
                                new Grant(level, now, until, until, List.of()),
                                new ConsentRecord.Provenance(
                                        ConsentRecord.Provenance.Source.PAPER,
                                        "form",
                                        "A-1",
                                        ConsentRecord.Provenance.Identified.CONTRACT,
                                        true,
                                        "Ada")));
        return id;
    }

    @Test
    void anEndThatIsAskedForAgainWaitsOnce() throws Exception {
        UUID consent = api.given(TestApi.NUMBER, Purpose.ASSISTANT, Purpose.REPORT).record();
        var journal =
                new ConsentJournal(
                        KnowsNobody.AWAY, new Disk(false), Duration.ofSeconds(1), UUID::randomUUID);
        var withdrawals = new OperatorWithdrawals(api.ledger.reader(), journal);
        for (int time = 0; time < 2; time++) {
            assertThat(withdrawals.end(consent, "report", now))
                    .isEqualTo(new OperatorWithdrawals.Result.OnNoDisk());
        }

        assertThat(journal.endingsKept()).hasSize(1);
    }

    @Test
    void anEndIsRecordedOnceAndOfAConsentThatGoesOn() throws Exception {
        var withdrawals = new OperatorWithdrawals(api.ledger.reader(), api.journal);
        UUID consent = api.given(TestApi.NUMBER, Purpose.ASSISTANT, Purpose.REPORT).record();
        assertThat(withdrawals.end(consent, "report", now))
                .isInstanceOf(OperatorWithdrawals.Result.Done.class);
        assertThat(withdrawals.end(consent, "report", now))
                .isInstanceOf(OperatorWithdrawals.Result.Ended.class);
        assertThat(withdrawals.withdraw(consent, now))
                .isInstanceOf(OperatorWithdrawals.Result.Done.class);
        assertThat(withdrawals.end(consent, "assistant", now))
                .isInstanceOf(OperatorWithdrawals.Result.WithdrawnBefore.class);
        assertThat(AboutEntries.of(api.ledger.reader(), consent))
                .extracting(Entry::type)
                .containsExactly(EntryType.PURPOSE_DECIDED, EntryType.WITHDRAWN);
    }
}
