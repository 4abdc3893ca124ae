package org.consentgateway.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import org.consentgateway.experiment.Arm;
import org.consentgateway.experiment.Experiment;
import org.consentgateway.experiment.Guardrail;
import org.consentgateway.experiment.Sample;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment counts from the records what the monthly report counts of the same wording. */
class VariantCountsTest {
    private static final LocalDate FIRST = LocalDate.of(2026, 10, 1);
    private static final Experiment EXPERIMENT =
            new Experiment(
                    "shorter",
                    new Experiment.Text("demo", "demo", "de", "2026-10"),
                    "a",
                    "b",
                    0.5,
                    new Experiment.Terms(FIRST, FIRST.plusDays(30), 5000, 100, 1));

    @TempDir private Path folder;

    private volatile Instant now = Instant.parse("2026-09-30T23:59:00Z");

    @Test
    void eachVariantHasTheFiguresOfItsWording() throws Exception {
        LedgerSettings settings = TestLedger.in(folder, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            var calls = new CountedCalls(() -> now);
            var node = new CountKeeping(ledger, calls, () -> now);
            new GeneratedMonth(ledger, calls, time -> now = time)
                    .write(
                            800,
                            batch -> {
                                if (batch % 3 == 0) {
                                    node.countLog();
                                }
                            });
            node.keepCalls();
            LedgerArchive archive = LedgerArchive.open(settings);
            OperationReport report =
                    OperationReport.of(
                            MonthCounts.of(archive, YearMonth.from(FIRST)), "", null, now);
            VariantCounts counts = VariantCounts.of(archive, List.of(EXPERIMENT), Long.MAX_VALUE);

            for (String variant : List.of("a", "b")) {
                Arm arm = counts.of(EXPERIMENT, variant, FIRST.plusDays(62));
                Share consent = share(report, Rate.CONSENT, variant);
                assertThat(arm.asked()).isEqualTo(consent.of()).isPositive();
                assertThat(arm.agreed()).isEqualTo(consent.number()).isPositive();
                Share withdrawn = share(report, Rate.WITHDRAWN, variant);
                Sample soon = guard(arm, Guardrail.WITHDRAWN_IN_30_DAYS);
                assertThat(soon.n()).isEqualTo((double) withdrawn.of());
                assertThat(Math.round(soon.mean() * soon.n())).isEqualTo(withdrawn.number());
                assertThat(guard(arm, Guardrail.WITHDRAWN_IN_CALL).mean())
                        .isLessThanOrEqualTo(soon.mean());
                assertThat(guard(arm, Guardrail.REPEATED).mean())
                        .isEqualTo(share(report, Rate.REPEATED, variant).rate());
            }
        }
    }

    @Test
    void aConsentThatIsNotThirtyDaysOldSaysNothingOfThirtyDays() throws Exception {
        LedgerSettings settings = TestLedger.in(folder, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            new GeneratedMonth(ledger, new CountedCalls(() -> now), time -> now = time)
                    .write(200, _ -> {});
            VariantCounts counts =
                    VariantCounts.of(
                            LedgerArchive.open(settings), List.of(EXPERIMENT), Long.MAX_VALUE);

            Arm early = counts.of(EXPERIMENT, "a", FIRST.plusDays(30));
            assertThat(guard(early, Guardrail.WITHDRAWN_IN_CALL).n()).isPositive();
            assertThat(guard(early, Guardrail.WITHDRAWN_IN_30_DAYS).n()).isZero();
        }
    }

    private static Sample guard(Arm arm, Guardrail guardrail) {
        Sample sample = arm.guards().get(guardrail);
        assertThat(sample).isNotNull();
        return sample == null ? Sample.ofShare(0, 0) : sample;
    }

    private static Share share(OperationReport report, Rate rate, String variant) {
        Share share =
                report.rows().stream()
                        .filter(row ->
                                row.by() == Dimension.WORDING
                                        && row.measure() == rate
                                        && row.group().equals("demo demo 2026-10 de " + variant))
                        .findFirst()
                        .orElseThrow()
                        .share();
        return share == null ? new Share(0, 0) : share;
    }
}
