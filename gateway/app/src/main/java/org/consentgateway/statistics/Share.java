package org.consentgateway.statistics;

import org.jspecify.annotations.Nullable;

/**
 * Immutable. So many of so many.
 *
 * @param of 0 where there was nobody
 */
record Share(long number, long of) {
    /** Of the standard normal distribution, two-sided 95 %. */
    static final double Z = 1.959963984540054;

    Share {
        if (number < 0 || number > of) {
            throw new IllegalArgumentException(number + " of " + of);
        }
    }

    /** From 0 to 1; null where there was nobody. */
    @Nullable Double rate() {
        return of == 0 ? null : number / (double) of;
    }

    /**
     * The interval of Wilson (1927) without correction, 95 %: it does not leave 0 to 1, and holds
     * for few and for none.
     */
    @Nullable Interval interval() {
        if (of == 0) {
            return null;
        }
        double n = of;
        double p = number / n;
        double square = Z * Z;
        double middle = (p + square / (2 * n)) / (1 + square / n);
        double half = Z / (1 + square / n) * Math.sqrt(p * (1 - p) / n + square / (4 * n * n));
        return new Interval(
                number == 0 ? 0 : Math.max(0, middle - half),
                number == of ? 1 : Math.min(1, middle + half));
    }
}
