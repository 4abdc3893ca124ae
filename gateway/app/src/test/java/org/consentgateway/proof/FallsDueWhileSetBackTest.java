package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.ConsentValidity;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Expiries;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.proof.late.LateFile;
import org.consentgateway.reporting.SteadyClock;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A consent whose time is over while the machine's clock is set back. */
class FallsDueWhileSetBackTest {
    @TempDir private Path directory;

    private Duration gone = Duration.ZERO;
    private Duration set = Duration.ZERO;
    private final SteadyClock clock =
            new SteadyClock(() -> LateRecordsTest.NOW.plus(gone).plus(set), () -> gone.toNanos());

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "P-365D"})
    void endsWhenItWouldHaveAndIsWrittenAsEnded(String jump) throws Exception {
        ConsentRecord.Given given = LateRecordsTest.given();
        Instant until = Objects.requireNonNull(given.grant().until());
        try (Ledger ledger = Ledger.open(TestLedger.in(directory), clock)) {
            LedgerStore store = LateRecordsTest.store(ledger);
            var journal =
                    new ConsentJournal(
                            store,
                            LateFile.open(directory.resolve("late-records.jsonl")),
                            LateRecordsTest.PATIENCE,
                            LateRecordsTest::id);
            journal.give(given);
            var expiries = new Expiries(store, journal, LateRecordsTest::id);

            gone = Duration.between(LateRecordsTest.NOW, until).minusMinutes(1);
            set = Duration.parse(jump);
            assertThat(status(journal, given))
                    .isInstanceOfAny(ConsentStatus.Valid.class, ConsentStatus.RenewalDue.class);
            assertThat(expiries.write(clock.expected().instant())).isZero();

            gone = gone.plusMinutes(1);
            assertThat(clock.isSteady()).as("it is still set back").isFalse();
            assertThat(status(journal, given)).isInstanceOf(ConsentStatus.Expired.class);
            assertThat(expiries.write(clock.expected().instant())).isEqualTo(1);
            assertThat(ledger.reader().ofType(EntryType.EXPIRED, 10))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.time()).isAfterOrEqualTo(until));
        }
    }

    /** As a call asks for it. */
    private ConsentStatus status(ConsentJournal journal, ConsentRecord.Given given)
            throws Exception {
        var validity = new ConsentValidity(List.of(given.grant().level()), RetentionTest.UNCHANGED);
        return journal.standing(
                        LateRecordsTest.CALLER,
                        validity,
                        RetentionTest.NOTICE,
                        clock.expected().instant(),
                        clock.instant())
                .status();
    }
}
