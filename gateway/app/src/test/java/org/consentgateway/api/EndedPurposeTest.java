package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.LateJournal;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.proof.KnowsNobody;
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
