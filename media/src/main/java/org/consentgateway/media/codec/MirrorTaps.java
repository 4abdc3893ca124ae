package org.consentgateway.media.codec;

/** The 24 latest samples of a quadrature mirror filter, and its sums. Confined to one stream. */
final class MirrorTaps {
    /** Every second of the 24 coefficients (G.722, Table 4); the others are these, backwards. */
    private static final int[] COEFFICIENTS = {
        3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11
    };

    private static final int TAPS = 2 * COEFFICIENTS.length;

    /** The oldest first. */
    private final int[] past = new int[TAPS];

    private int even;
    private int odd;

    void take(int earlier, int later) {
        System.arraycopy(past, 2, past, 0, TAPS - 2);
        past[TAPS - 2] = earlier;
        past[TAPS - 1] = later;
        int evenSum = 0;
        int oddSum = 0;
        for (int i = 0; i < COEFFICIENTS.length; i++) {
            oddSum += past[2 * i] * COEFFICIENTS[i];
            evenSum += past[2 * i + 1] * COEFFICIENTS[COEFFICIENTS.length - 1 - i];
        }
        even = evenSum;
        odd = oddSum;
    }

    int even() {
        return even;
    }

    int odd() {
        return odd;
    }
}
