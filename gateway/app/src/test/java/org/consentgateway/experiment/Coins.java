package org.consentgateway.experiment;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** How many of so many callers agree, drawn at once (inverse distribution). Immutable. */
final class Coins {
    private final double[] upTo;

    Coins(int callers, double rate) {
        upTo = new double[callers + 1];
        double each = Math.pow(1 - rate, callers);
        double sum = 0;
        for (int k = 0; k <= callers; k++) {
            sum += each;
            upTo[k] = sum;
            each *= (callers - k) / (k + 1.0) * rate / (1 - rate);
        }
    }

    int draw(RandomGenerator random) {
        int found = Arrays.binarySearch(upTo, random.nextDouble());
        return Math.min(found < 0 ? -found - 1 : found, upTo.length - 1);
    }
}
