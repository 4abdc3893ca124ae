package org.consentgateway.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Immutable. The month beside what was before. */
record Comparison(String baseline, List<Beside> measures, List<Claim> claims) {

    /**
     * One rate, before and now.
     *
     * @param now null where it is of too few people
     * @param change null where one of them is of nobody, or now of too few
     */
    record Beside(Rate measure, Share before, @Nullable Share now, @Nullable Change change) {}

    /** Whether what somebody says holds. */
    enum Verdict {
        SHOWN("shown: the whole interval is on that side"),
        REFUTED("refuted: the whole interval is on the other side"),
        OPEN("neither shown nor refuted: the interval reaches over it");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** What somebody says. */
    record Claim(String text, Verdict verdict) {}

    static Comparison of(Baseline before, Sums month) {
        Rate consent = before.asked() ? Rate.CONSENT : Rate.CONSENT_OF_ANSWERED;
        Beside acceptance = beside(consent, before.acceptance(), month);
        Beside complaints = beside(Rate.COMPLAINTS, before.complaints(), month);
        List<Claim> claims = new ArrayList<>();
        Double accepted = before.claimedAcceptance();
        Share now = acceptance.now();
        Interval rate = now == null ? null : now.interval();
        if (accepted != null) {
            claims.add(new Claim(percent(accepted) + " acceptance", verdict(rate, accepted)));
        }
        Double fewer = before.claimedFewer();
        Change change = complaints.change();
        if (fewer != null) {
            Interval less = change == null ? null : change.percent();
            claims.add(
                    new Claim(
                            percent(fewer) + " fewer complaints",
                            verdict(
                                    less == null ? null : new Interval(-less.high(), -less.low()),
                                    fewer)));
        }
        return new Comparison(before.name(), List.of(acceptance, complaints), claims);
    }

    /** As it was written. */
    private static String percent(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString()
                + " %";
    }

    private static Beside beside(Rate measure, Share before, Sums sums) {
        Share now = measure.of(sums);
        return SmallGroups.isSmall(now.of())
                ? new Beside(measure, before, null, null)
                : new Beside(measure, before, now, Change.of(before, now));
    }

    /** Of "at least so much". */
    private static Verdict verdict(@Nullable Interval interval, double claimed) {
        if (interval == null) {
            return Verdict.OPEN;
        }
        if (interval.low() >= claimed) {
            return Verdict.SHOWN;
        }
        return interval.high() < claimed ? Verdict.REFUTED : Verdict.OPEN;
    }
}
