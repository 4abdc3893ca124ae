package org.consentgateway.experiment;

/**
 * Immutable. A mean, or by how much the mean of the tried wording is above that of the spoken one,
 * and between what it lies: the interval holds at all looks at once, so looking every day and
 * stopping when one likes does not make a chance finding more likely.
 *
 * <p>Asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (arXiv
 * 2103.06476, eq. 9 and 161):
 *
 * <pre>
 *   s²   = (v_spoken / n_spoken + v_tried / n_tried) · N,        N = n_spoken + n_tried
 *   ρ    = sqrt((−2 ln α + ln(−2 ln α + 1)) / planned)
 *   half = sqrt(s²) · sqrt(2 (N ρ² + 1) · ln(sqrt(N ρ² + 1) / α) / (N ρ)²)
 * </pre>
 */
public record Estimate(double value, double low, double high) {

    /**
     * A difference.
     *
     * @param alpha how often it may ever be wrong, such as 0.05
     * @param planned callers in all, for whom it is narrowest; chosen before the first of them
     */
    static Estimate between(Sample spoken, Sample tried, double alpha, double planned) {
        if (spoken.n() <= 0 || tried.n() <= 0) {
            throw new IllegalArgumentException("nobody to compare");
        }
        double n = spoken.n() + tried.n();
        double variance = (spoken.variance() / spoken.n() + tried.variance() / tried.n()) * n;
        return around(tried.mean() - spoken.mean(), half(variance, n, alpha, planned));
    }

    /** The mean of one variant, for which so many callers are planned. */
    static Estimate of(Sample sample, double alpha, double planned) {
        return around(sample.mean(), half(sample.variance(), sample.n(), alpha, planned));
    }

    private static Estimate around(double value, double half) {
        return new Estimate(value, value - half, value + half);
    }

    private static double half(double variance, double n, double alpha, double planned) {
        double log = -2 * Math.log(alpha);
        double rho = Math.sqrt((log + Math.log(log + 1)) / planned);
        double grown = n * rho * rho + 1;
        double times = 2 * grown * Math.log(Math.sqrt(grown) / alpha) / Math.pow(n * rho, 2);
        return Math.sqrt(variance) * Math.sqrt(times);
    }

    boolean isAbove(double bound) {
        return low > bound;
    }

    boolean isBelow(double bound) {
        return high < bound;
    }
}
