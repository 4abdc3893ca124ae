package org.consentgateway.speech.vosk;

/**
 * Between which shares the true one lies, by so many hits in so many trials: the exact interval of
 * Clopper and Pearson. Immutable.
 *
 * @param low 0 to 1
 * @param high 0 to 1
 */
record ClopperPearson(double low, double high) {

    /**
     * @param confidence such as 0.95; half of what is left lies on each side
     */
    static ClopperPearson of(int hits, int trials, double confidence) {
        double tail = (1 - confidence) / 2;
        return new ClopperPearson(
                hits == 0 ? 0 : 1 - upper(trials - hits, trials, tail), upper(hits, trials, tail));
    }

    /** The share at which so few hits come up with this probability only. */
    static double upper(int hits, int trials, double tail) {
        if (hits >= trials) {
            return 1;
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < 60; i++) {
            double share = (low + high) / 2;
            if (atMost(hits, trials, share) > tail) {
                low = share;
            } else {
                high = share;
            }
        }
        return high;
    }

    private static double atMost(int hits, int trials, double share) {
        double term = trials * Math.log1p(-share);
        double sum = Math.exp(term);
        for (int k = 0; k < hits; k++) {
            term +=
                    Math.log((double) (trials - k) / (k + 1))
                            + Math.log(share)
                            - Math.log1p(-share);
            sum += Math.exp(term);
        }
        return sum;
    }
}
