package org.consentgateway.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandingTest {
    private static final LocalDate START = LocalDate.of(2026, 12, 1);
    private static final LocalDate DAY = START.plusDays(40);

    @Test
    void moreConsentsWithNothingWorseAreProposed() {
        assertThat(at(DAY, arm(2500, 0.7), arm(2500, 0.78)).verdict())
                .isEqualTo(ExperimentVerdict.PROPOSED);
    }

    @ParameterizedTest
    @EnumSource
    void noGuardrailMayBeWorseHoweverManyAgree(Guardrail guardrail) {
        double harm = guardrail.margin() * (guardrail.unit() == Guardrail.Unit.SHARE ? 4 : 2);
        Arm tried = arm(2500, 0.9);
        Map<Guardrail, Sample> guards = new EnumMap<>(tried.guards());
        Sample good = Objects.requireNonNull(guards.get(guardrail));
        guards.put(
                guardrail,
                new Sample(good.n(), good.mean() + harm, Math.max(good.variance(), 0.1)));

        ExperimentStanding standing = at(DAY, arm(2500, 0.7), with(tried, guards));

        assertThat(consent(standing).low()).isGreaterThan(0);
        assertThat(standing.verdict()).isEqualTo(ExperimentVerdict.HARM);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotKnownYetHoldsBackUnlessNobodyNeedBeAsked(Guardrail guardrail) {
        Arm tried = arm(2500, 0.8);
        Map<Guardrail, Sample> guards = new EnumMap<>(tried.guards());
        guards.remove(guardrail);

        assertThat(at(DAY, arm(2500, 0.7), with(tried, guards)).verdict())
                .isEqualTo(
                        guardrail.mayBeUnasked()
                                ? ExperimentVerdict.PROPOSED
                                : ExperimentVerdict.HELD_BACK);
    }

    @Test
    void rareHarmIsNotSafeBecauseItWasNeverSeenInAFew() {
        Sample none = Sample.ofRare(0, 100);

        assertThat(none.mean()).isZero();
        assertThat(Estimate.between(none, none, 0.1, 5000).high())
                .isGreaterThan(Guardrail.COMPLAINED.margin());
    }

    @Test
    void nothingIsToldOfTooFew() {
        ExperimentStanding few = at(DAY, arm(99, 0.7), arm(3000, 0.7));

        assertThat(few.verdict()).isEqualTo(ExperimentVerdict.FEW);
        assertThat(few.consents()).isNull();
        assertThat(few.guards()).isEmpty();
        assertThat(few.ratio()).isNull();
        // Nine who did not agree are no distribution.
        assertThat(at(DAY, arm(2500, 2491 / 2500.0), arm(2500, 0.9)).verdict())
                .isEqualTo(ExperimentVerdict.FEW);
    }

    @Test
    void whereSharesAreMissedNoResultIsTold() {
        ExperimentStanding missed = at(DAY, arm(5200, 0.5), arm(4800, 0.9));

        assertThat(missed.verdict()).isEqualTo(ExperimentVerdict.MISMATCH);
        assertThat(missed.consents()).isNull();
        assertThat(missed.guards()).isEmpty();
    }

    @Test
    void withoutADifferenceItGoesOnToItsEnd() {
        assertThat(at(DAY, arm(1000, 0.7), arm(1000, 0.71)).verdict())
                .isEqualTo(ExperimentVerdict.OPEN);
        assertThat(at(DAY, arm(2500, 0.7), arm(2500, 0.71)).verdict())
                .isEqualTo(ExperimentVerdict.NO_DIFFERENCE);
        assertThat(at(START.plusDays(91), arm(1000, 0.7), arm(1000, 0.71)).verdict())
                .isEqualTo(ExperimentVerdict.NO_DIFFERENCE);
        assertThat(at(DAY, arm(2500, 0.7), arm(2500, 0.6)).verdict())
                .isEqualTo(ExperimentVerdict.KEEP);
        assertThat(at(START.minusDays(1), arm(0, 0), arm(0, 0)).verdict())
                .isEqualTo(ExperimentVerdict.NOT_BEGUN);
    }

    @Test
    void manyCallsOfOneCallerCountAsOne() {
        Estimate all = consent(at(DAY, arm(1000, 0.7), arm(1000, 0.8)));
        Estimate fewer = consent(at(4, DAY, arm(1000, 0.7), arm(1000, 0.8)));

        assertThat(fewer.value()).isCloseTo(all.value(), within(1e-12));
        assertThat(all.low()).isPositive();
        assertThat(fewer.low()).isNegative();
    }

    private static Estimate consent(ExperimentStanding standing) {
        return Objects.requireNonNull(standing.consents()).difference();
    }

    private static ExperimentStanding at(LocalDate day, Arm spoken, Arm tried) {
        return at(1, day, spoken, tried);
    }

    private static ExperimentStanding at(
            double callsPerCaller, LocalDate day, Arm spoken, Arm tried) {
        var experiment =
                new Experiment(
                        "shorter",
                        new Experiment.Text("demo", "demo", "de", "2026-11"),
                        "a",
                        "b",
                        0.5,
                        new Experiment.Terms(START, START.plusDays(90), 5000, 100, callsPerCaller));
        return ExperimentStanding.of(experiment, spoken, tried, day);
    }

    /** Where all is well but for the consents. */
    private static Arm arm(long asked, double rate) {
        long agreed = Math.round(asked * rate);
        Map<Guardrail, Sample> guards = new EnumMap<>(Guardrail.class);
        guards.put(Guardrail.ABANDONED, Sample.ofRare(asked / 20, asked));
        guards.put(Guardrail.REPEATED, Sample.ofRare(asked / 10, asked));
        guards.put(Guardrail.WITHDRAWN_IN_CALL, Sample.ofRare(agreed / 100, agreed));
        guards.put(Guardrail.WITHDRAWN_IN_30_DAYS, Sample.ofRare(agreed / 50, agreed));
        guards.put(Guardrail.COMPLAINED, Sample.ofRare(asked / 500, asked));
        guards.put(Guardrail.CLEAR, Sample.ofRare(asked / 2, asked));
        guards.put(Guardrail.HELPED, Sample.ofRare(asked / 2, asked));
        guards.put(Guardrail.SECONDS, new Sample(asked, 12, 36));
        return new Arm(asked, asked, agreed, asked, guards);
    }

    private static Arm with(Arm arm, Map<Guardrail, Sample> guards) {
        return new Arm(arm.answered(), arm.asked(), arm.agreed(), arm.newAnswered(), guards);
    }
}
