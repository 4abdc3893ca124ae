package org.consentgateway.experiment;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. How an experiment stands on a day. What is null is not told: there are too few
 * callers, or they are not shared out as they should be.
 *
 * @param rates of consent, of those who were asked: of the spoken one, then of the tried one
 * @param consent the difference between them
 * @param consentOfAll the difference of the rates of all new callers
 * @param daysLeft at the pace so far; null where it cannot be said
 * @param detectable the smallest rise that is found as planned
 */
public record Standing(
        Verdict verdict,
        @Nullable SampleRatio ratio,
        List<Estimate> rates,
        @Nullable Estimate consent,
        @Nullable Estimate consentOfAll,
        List<Guarded> guards,
        @Nullable Long daysLeft,
        @Nullable Double detectable) {
    /** Of the consent rate, two-sided. */
    private static final double ALPHA = 0.05;

    /** Of a guardrail, on its one side that harms. */
    private static final double ALPHA_GUARD = 0.10;

    /** Of a yes, and of anything else, in each variant. */
    private static final int LEAST_EVENTS = 10;

    public Standing {
        rates = List.copyOf(rates);
        guards = List.copyOf(guards);
    }

    /** How one guardrail is. */
    public enum State {
        /** It is shown that it got no worse than its margin. */
        SAFE,
        /** Nothing is shown yet. */
        OPEN,
        /** It is shown that it got worse than its margin. */
        HARMED,
        /** Nobody, or too few, were asked: it forbids nothing. */
        UNASKED
    }

    /**
     * @param difference null where there was nobody
     */
    public record Guarded(Guardrail guardrail, @Nullable Estimate difference, State state) {}

    /**
     * @param today in UTC
     */
    public static Standing of(Experiment experiment, Arm spoken, Arm tried, LocalDate today) {
        Experiment.Terms terms = experiment.terms();
        double per = terms.callsPerCaller();
        Long daysLeft = Plan.daysLeft(terms, (spoken.asked() + tried.asked()) / per, today);
        if (today.isBefore(terms.start())) {
            return untold(Verdict.NOT_BEGUN, null, null);
        }
        double fewest = Math.min(spoken.asked(), tried.asked()) / per;
        if (fewest < terms.minimum()
                || Math.min(spoken.leastEvents(), tried.leastEvents()) < LEAST_EVENTS) {
            return untold(Verdict.FEW, null, daysLeft);
        }
        SampleRatio ratio =
                SampleRatio.of(spoken.answered() / per, tried.answered() / per, experiment.share());
        if (ratio.isMismatch()) {
            return untold(Verdict.MISMATCH, ratio, null);
        }
        Estimate consent =
                Estimate.between(
                        spoken.consent().ofCallers(per),
                        tried.consent().ofCallers(per),
                        ALPHA,
                        terms.callers());
        Estimate ofAll =
                Estimate.between(
                        spoken.consentOfAll().ofCallers(per),
                        tried.consentOfAll().ofCallers(per),
                        ALPHA,
                        terms.callers());
        List<Guarded> guards = guards(terms, spoken, tried);
        boolean over =
                today.isAfter(terms.end())
                        || (spoken.asked() + tried.asked()) / per >= terms.callers();
        return new Standing(
                verdict(consent, guards, over),
                ratio,
                List.of(rate(terms, spoken), rate(terms, tried)),
                consent,
                ofAll,
                guards,
                daysLeft,
                Plan.detectable(spoken.consent().mean(), terms.callers()));
    }

    private static Estimate rate(Experiment.Terms terms, Arm arm) {
        return Estimate.of(
                arm.consent().ofCallers(terms.callsPerCaller()), ALPHA, terms.callers() / 2.0);
    }

    private static Standing untold(
            Verdict verdict, @Nullable SampleRatio ratio, @Nullable Long daysLeft) {
        return new Standing(verdict, ratio, List.of(), null, null, List.of(), daysLeft, null);
    }

    private static List<Guarded> guards(Experiment.Terms terms, Arm spoken, Arm tried) {
        List<Guarded> all = new ArrayList<>();
        for (Guardrail each : Guardrail.values()) {
            Sample before = spoken.guards().get(each);
            Sample after = tried.guards().get(each);
            boolean few =
                    before == null
                            || after == null
                            || Math.min(before.n(), after.n()) / terms.callsPerCaller()
                                    < terms.minimum();
            if (before == null || after == null || few) {
                all.add(new Guarded(each, null, each.mayBeUnasked() ? State.UNASKED : State.OPEN));
            } else {
                Estimate difference =
                        Estimate.between(
                                before.ofCallers(terms.callsPerCaller()),
                                after.ofCallers(terms.callsPerCaller()),
                                ALPHA_GUARD,
                                terms.callers());
                all.add(new Guarded(each, difference, state(each, difference)));
            }
        }
        return all;
    }

    private static State state(Guardrail guardrail, Estimate difference) {
        if (guardrail.isHarmed(difference)) {
            return State.HARMED;
        }
        return guardrail.isSafe(difference) ? State.SAFE : State.OPEN;
    }

    private static Verdict verdict(Estimate consent, List<Guarded> guards, boolean over) {
        if (guards.stream().anyMatch(each -> each.state() == State.HARMED)) {
            return Verdict.HARM;
        }
        if (consent.isBelow(0)) {
            return Verdict.KEEP;
        }
        if (consent.isAbove(0)) {
            boolean safe = guards.stream().noneMatch(each -> each.state() == State.OPEN);
            return safe ? Verdict.PROPOSED : Verdict.HELD_BACK;
        }
        return over ? Verdict.NO_DIFFERENCE : Verdict.OPEN;
    }
}
