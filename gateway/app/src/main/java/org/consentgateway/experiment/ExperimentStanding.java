package org.consentgateway.experiment;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. How an experiment stands on a day. What is null is not told: there are too few
 * callers, or they are not shared out as they should be.
 */
public record ExperimentStanding(
        ExperimentVerdict verdict,
        @Nullable SampleRatio ratio,
        @Nullable Consents consents,
        List<Guarded> guards,
        Outlook outlook) {
    /** Of the consent rate, two-sided. */
    private static final double ALPHA = 0.05;

    /** Of a guardrail, on its one side that harms. */
    private static final double ALPHA_GUARD = 0.10;

    /** Of a yes, and of anything else, in each variant. */
    private static final int LEAST_EVENTS = 10;

    public ExperimentStanding {
        guards = List.copyOf(guards);
    }

    /**
     * The rates of consent.
     *
     * @param difference of those who were asked
     * @param ofAll the same of all new callers
     */
    public record Consents(Estimate spoken, Estimate tried, Estimate difference, Estimate ofAll) {}

    /**
     * What is to be expected.
     *
     * @param daysLeft at the pace so far; null where it cannot be said
     * @param detectable the smallest rise that is found as planned; null where none is, or too few
     *     callers tell
     */
    public record Outlook(@Nullable Long daysLeft, @Nullable Double detectable) {}

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
    public static ExperimentStanding of(
            Experiment experiment, Arm spoken, Arm tried, LocalDate today) {
        Experiment.Terms terms = experiment.terms();
        double per = terms.callsPerCaller();
        Long daysLeft = Plan.daysLeft(terms, (spoken.asked() + tried.asked()) / per, today);
        if (today.isBefore(terms.start())) {
            return untold(ExperimentVerdict.NOT_BEGUN, null, null);
        }
        double fewest = Math.min(spoken.asked(), tried.asked()) / per;
        if (fewest < terms.minimum()
                || Math.min(spoken.leastEvents(), tried.leastEvents()) < LEAST_EVENTS) {
            return untold(ExperimentVerdict.FEW, null, daysLeft);
        }
        SampleRatio ratio =
                SampleRatio.of(spoken.answered() / per, tried.answered() / per, experiment.share());
        if (ratio.isMismatch()) {
            return untold(ExperimentVerdict.MISMATCH, ratio, null);
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
        return new ExperimentStanding(
                verdict(consent, guards, over),
                ratio,
                new Consents(rate(terms, spoken), rate(terms, tried), consent, ofAll),
                guards,
                new Outlook(daysLeft, Plan.detectable(spoken.consent().mean(), terms.callers())));
    }

    private static Estimate rate(Experiment.Terms terms, Arm arm) {
        return Estimate.of(
                arm.consent().ofCallers(terms.callsPerCaller()), ALPHA, terms.callers() / 2.0);
    }

    private static ExperimentStanding untold(
            ExperimentVerdict verdict, @Nullable SampleRatio ratio, @Nullable Long daysLeft) {
        return new ExperimentStanding(verdict, ratio, null, List.of(), new Outlook(daysLeft, null));
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

    private static ExperimentVerdict verdict(Estimate consent, List<Guarded> guards, boolean over) {
        if (guards.stream().anyMatch(each -> each.state() == State.HARMED)) {
            return ExperimentVerdict.HARM;
        }
        if (consent.isBelow(0)) {
            return ExperimentVerdict.KEEP;
        }
        if (consent.isAbove(0)) {
            boolean safe = guards.stream().noneMatch(each -> each.state() == State.OPEN);
            return safe ? ExperimentVerdict.PROPOSED : ExperimentVerdict.HELD_BACK;
        }
        return over ? ExperimentVerdict.NO_DIFFERENCE : ExperimentVerdict.OPEN;
    }
}
