package org.consentgateway.experiment;

/**
 * Immutable. Whether as many callers came to each variant as the shares say. Where they did not,
 * something other than chance decides who is counted, and no rate means anything.
 *
 * @param chiSquare Pearson's, one degree of freedom: for one look
 * @param logEvidence natural logarithm of the evidence against the shares, for any number of looks:
 *     the multinomial sequential test of Lindon and Malek (NeurIPS 2022); above ln(1/p) the shares
 *     are refuted at p
 */
public record SampleRatio(double chiSquare, double logEvidence) {
    /** Of χ² with one degree of freedom, 0.1 %. */
    private static final double RARE = 10.828;

    /** Ever, over all looks: 1 %. */
    private static final double REFUTED = Math.log(100);

    /** How close to the shares a mismatch is looked for: some 1.5 points around them. */
    private static final double CONCENTRATION = 1000;

    private static final double HALF_LN_2_PI = 0.9189385332046727;

    /**
     * @param share of the tried one, above 0 and below 1
     */
    static SampleRatio of(double spoken, double tried, double share) {
        double n = spoken + tried;
        double toSpoken = n * (1 - share);
        double toTried = n * share;
        double chiSquare =
                n == 0
                        ? 0
                        : Math.pow(spoken - toSpoken, 2) / toSpoken
                                + Math.pow(tried - toTried, 2) / toTried;
        double evidence =
                logGamma(CONCENTRATION)
                        - logGamma(CONCENTRATION + n)
                        + grown(CONCENTRATION * (1 - share), spoken)
                        + grown(CONCENTRATION * share, tried)
                        - spoken * Math.log(1 - share)
                        - tried * Math.log(share);
        return new SampleRatio(chiSquare, evidence);
    }

    public boolean isMismatch() {
        return chiSquare > RARE || logEvidence > REFUTED;
    }

    private static double grown(double before, double by) {
        return logGamma(before + by) - logGamma(before);
    }

    /** ln Γ(x) for x above 0, by Stirling's series; from 10 on its error is below 1e-12. */
    static double logGamma(double x) {
        double shift = 0;
        double at = x;
        while (at < 10) {
            shift -= Math.log(at);
            at++;
        }
        double square = at * at;
        double series =
                (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square)
                        / at;
        return shift + (at - 0.5) * Math.log(at) - at + HALF_LN_2_PI + series;
    }
}
