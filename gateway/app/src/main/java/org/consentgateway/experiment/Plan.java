package org.consentgateway.experiment;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How many callers it takes, and how many days. */
public final class Plan {
    /** Of the standard normal distribution: two-sided 5 %, and power 80 %. */
    private static final double Z_ALPHA = 1.959963984540054;

    private static final double Z_POWER = 0.8416212335729143;

    /** What looking at any time costs: twice the callers of a plan with one look. */
    private static final int ANY_TIME = 2;

    private static final int STEPS = 40;

    private Plan() {}

    /** Callers of each variant that one look at the end needs to find it in 8 of 10 cases. */
    static double perVariant(double before, double after) {
        double middle = (before + after) / 2;
        double reach =
                Z_ALPHA * Math.sqrt(2 * middle * (1 - middle))
                        + Z_POWER * Math.sqrt(before * (1 - before) + after * (1 - after));
        return Math.pow(reach / (after - before), 2);
    }

    /**
     * The smallest rise that so many callers in all show in 8 of 10 experiments, whenever they are
     * looked at.
     *
     * @param rate of the spoken one, from 0 to 1
     * @return null where no rise can be shown
     */
    static @Nullable Double detectable(double rate, int callers) {
        double each = callers / (2.0 * ANY_TIME);
        double low = 0;
        double high = 1 - rate;
        if (high <= 0 || perVariant(rate, 1) > each) {
            return null;
        }
        for (int i = 0; i < STEPS; i++) {
            double middle = (low + high) / 2;
            if (perVariant(rate, rate + middle) > each) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /**
     * Days until so many have been asked as were planned for, at the pace so far.
     *
     * @param asked callers
     * @param today is not over, so it does not count as a day
     * @return null where there was no whole day yet, or nobody; 0 where all have been asked
     */
    static @Nullable Long daysLeft(Experiment.Terms terms, double asked, LocalDate today) {
        long days = ChronoUnit.DAYS.between(terms.start(), today);
        if (asked >= terms.callers()) {
            return 0L;
        }
        return days < 1 || asked <= 0
                ? null
                : (long) Math.ceil((terms.callers() - asked) / (asked / days));
    }
}
