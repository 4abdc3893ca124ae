package org.consentgateway.statistics;

import org.jspecify.annotations.Nullable;

/**
 * Immutable. From one share to another, of different people.
 *
 * @param difference now less before, in shares of one: 0.07 is seven percentage points
 * @param points its interval
 * @param relative now over before, less one: -0.37 is 37 % fewer; null where before was none
 * @param percent its interval; null as before
 */
record Change(
        double difference, Interval points, @Nullable Double relative, @Nullable Interval percent) {

    /**
     * @return null where one of them is of nobody
     */
    static @Nullable Change of(Share before, Share now) {
        Double was = before.rate();
        Double is = now.rate();
        Interval wasIn = before.interval();
        Interval isIn = now.interval();
        if (was == null || is == null || wasIn == null || isIn == null) {
            return null;
        }
        return new Change(
                is - was,
                newcombe(was, wasIn, is, isIn),
                before.number() == 0 ? null : is / was - 1,
                before.number() == 0 ? null : katz(before, now));
    }

    /** Newcombe (1998), method 10: from the intervals of Wilson. */
    private static Interval newcombe(double was, Interval wasIn, double is, Interval isIn) {
        double difference = is - was;
        double down = Math.hypot(is - isIn.low(), wasIn.high() - was);
        double up = Math.hypot(isIn.high() - is, was - wasIn.low());
        return new Interval(difference - down, difference + up);
    }

    /**
     * Katz et al. (1978), on the logarithm of the ratio; where there are none now, half a case more
     * on both sides (Walter 1975).
     */
    private static Interval katz(Share before, Share now) {
        double more = now.number() == 0 ? 0.5 : 0;
        double was = before.number() + more;
        double is = now.number() + more;
        double ofWas = before.of() + more;
        double ofIs = now.of() + more;
        double log = Math.log(is / ofIs / (was / ofWas));
        double error = Math.sqrt(1 / is - 1 / ofIs + 1 / was - 1 / ofWas);
        double half = Share.Z * error;
        double low = now.number() == 0 ? -1 : Math.exp(log - half) - 1;
        return new Interval(low, Math.exp(log + half) - 1);
    }
}
