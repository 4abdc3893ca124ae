package org.consentgateway.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import org.consentgateway.call.CallEvent;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.experiment.Arm;
import org.consentgateway.experiment.Experiment;
import org.consentgateway.experiment.ExperimentStanding;
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

    /** 1 is very clear: it is no harm where more press it. */
    @Test
    void aTextThatAllFindVeryClearIsNotHarmed() throws Exception {
        LedgerSettings settings = TestLedger.in(folder, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            now = Instant.parse("2026-10-05T10:00:00Z");
            var calls = new CountedCalls(() -> now);
            for (int caller = 0; caller < 200; caller++) {
                calls.told(new CallEvent.Satisfaction("demo", notice("a"), 5));
                calls.told(new CallEvent.Satisfaction("demo", notice("b"), 1));
            }
            new CountKeeping(ledger, calls, () -> now).keepCalls();
            VariantCounts counts =
                    VariantCounts.of(
                            LedgerArchive.open(settings), List.of(EXPERIMENT), Long.MAX_VALUE);

            assertThat(clarity(counts, "a", "b")).isEqualTo(ExperimentStanding.State.SAFE);
            assertThat(clarity(counts, "b", "a")).isEqualTo(ExperimentStanding.State.HARMED);
        }
    }

    /** How clear the tried one is found beside the spoken one, of as many who agreed. */
    private static ExperimentStanding.State clarity(
            VariantCounts counts, String spoken, String tried) {
        return ExperimentStanding.of(
                        EXPERIMENT,
                        agreed(counts, spoken),
                        agreed(counts, tried),
                        FIRST.plusDays(40))
                .guards()
                .stream()
                .filter(each -> each.guardrail() == Guardrail.CLEAR)
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static Arm agreed(VariantCounts counts, String variant) {
        Arm counted = counts.of(EXPERIMENT, variant, FIRST.plusDays(40));
        return new Arm(2500, 2500, 1750, 2500, counted.guards());
    }

    private static NoticeRef notice(String variant) {
        return new NoticeRef(
                "demo",
                "2026-10",
                "de",
                variant,
                "00",
                "00",
                new Notice.Controller("Nordwind", "Kiel", "DE"));
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
