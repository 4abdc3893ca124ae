package org.consentgateway.experiment;

/**
 * Immutable. What was measured of the callers of one variant: how many, their mean, and the
 * variance of one of them.
 *
 * @param n callers, 0 where there was nobody
 * @param mean of shares from 0 to 1, else in the measure's own unit
 */
public record Sample(double n, double mean, double variance) {

    /** So many of so many. */
    public static Sample ofShare(long number, long of) {
        if (number < 0 || number > of) {
            throw new IllegalArgumentException(number + " of " + of);
        }
        double p = of == 0 ? 0 : number / (double) of;
        return new Sample(of, p, p * (1 - p));
    }

    /**
     * The same for what is rare: one more of each kind is supposed in its variance, so that none of
     * a hundred does not count as none for certain.
     */
    public static Sample ofRare(long number, long of) {
        double careful = (number + 1.0) / (of + 2.0);
        return new Sample(of, ofShare(number, of).mean(), careful * (1 - careful));
    }

    /**
     * Values such as seconds.
     *
     * @param squares their sum
     */
    public static Sample ofValues(long n, double sum, double squares) {
        double mean = n == 0 ? 0 : sum / n;
        return new Sample(n, mean, n < 2 ? 0 : Math.max(0, (squares - n * mean * mean) / (n - 1)));
    }

    /**
     * The same where one caller counts several times, since nothing is kept by which calls of one
     * caller could be told from those of several: as if all calls of one caller were alike.
     */
    Sample ofCallers(double callsPerCaller) {
        return new Sample(n / callsPerCaller, mean, variance);
    }
}
