package org.consentgateway.media.codec;

/**
 * One of the two sub-bands of ITU-T G.722: what encoder and decoder of it know of the signal, and
 * how that follows the quantised difference. Confined to one direction of one stream. The names are
 * those of the Recommendation's clause 6.2 without the letter of the band.
 *
 * <pre>
 *   x ──(−)── e ── QUANT ── i ──► channel
 *        │                  │
 *        s ◄── PREDIC ◄── INVQA ── d
 * </pre>
 */
abstract sealed class SubBand permits LowerBand, HigherBand {
    /** Poles and zeros of the predictor. */
    private static final int POLES = 2;

    private static final int ZEROS = 6;

    /** 15360: how far both poles together may go (UPPOL1). */
    private static final int STABLE = 15360;

    private static final int LARGEST_SECOND_POLE = 12288;
    private static final int LARGEST_STEP_PER_SIGN = 192;

    /** Logarithm of the step, as a table of the part behind the point (SCALEL, SCALEH). */
    private static final int[] STEPS = {
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774,
        2834, 2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838,
        3922, 4008
    };

    private final int mostNb;
    private final int steps;

    /** Estimate of the next sample. */
    int s;

    /** Step of the quantiser. */
    int det;

    private int sz;
    private int nb;
    private final int[] r = new int[POLES + 1];
    private final int[] p = new int[POLES + 1];
    private final int[] a = new int[POLES + 1];
    private final int[] d = new int[ZEROS + 1];
    private final int[] b = new int[ZEROS + 1];

    /**
     * @param det step to begin with
     * @param mostNb largest logarithm of it
     * @param steps how far the table of steps is shifted
     */
    SubBand(int det, int mostNb, int steps) {
        this.det = det;
        this.mostNb = mostNb;
        this.steps = steps;
    }

    static int saturated(int value) {
        return Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /** The step follows how large the differences are (LOGSCL, LOGSCH, SCALEL, SCALEH). */
    final void scale(int w) {
        nb = Math.clamp(((nb * 127) >> 7) + w, 0, mostNb);
        int fraction = STEPS[(nb >> 6) & 31];
        int shift = steps - (nb >> 11);
        det = (shift < 0 ? fraction << -shift : fraction >> shift) << 2;
    }

    /** The predictor follows the difference, and estimates the next sample. */
    final void adapt(int difference) {
        d[0] = difference;
        r[0] = saturated(s + difference);
        p[0] = saturated(sz + difference);
        int second = secondPole();
        int first = firstPole(second);
        zeros();
        for (int i = POLES; i > 0; i--) {
            r[i] = r[i - 1];
            p[i] = p[i - 1];
        }
        a[1] = first;
        a[2] = second;
        s = saturated(poles() + zeroSum());
    }

    /** UPPOL2. */
    private int secondPole() {
        int twice = saturated(a[1] << 2);
        int towards = sign(p[0]) == sign(p[1]) ? -twice : twice;
        int next =
                (Math.min(towards, Short.MAX_VALUE) >> 7)
                        + (sign(p[0]) == sign(p[2]) ? 128 : -128)
                        + ((a[2] * 32512) >> 15);
        return Math.clamp(next, -LARGEST_SECOND_POLE, LARGEST_SECOND_POLE);
    }

    /** UPPOL1. */
    private int firstPole(int second) {
        int step = sign(p[0]) == sign(p[1]) ? LARGEST_STEP_PER_SIGN : -LARGEST_STEP_PER_SIGN;
        int limit = saturated(STABLE - second);
        return Math.clamp(saturated(step + ((a[1] * 32640) >> 15)), -limit, limit);
    }

    private static int sign(int value) {
        return value >> 15;
    }

    /** UPZERO and DELAYA. */
    private void zeros() {
        int step = d[0] == 0 ? 0 : 128;
        for (int i = ZEROS; i > 0; i--) {
            int towards = sign(d[i]) == sign(d[0]) ? step : -step;
            b[i] = saturated(towards + ((b[i] * 32640) >> 15));
        }
        for (int i = ZEROS; i > 0; i--) {
            d[i] = d[i - 1];
        }
    }

    /** FILTEP. */
    private int poles() {
        int first = (a[1] * saturated(r[1] + r[1])) >> 15;
        int second = (a[2] * saturated(r[2] + r[2])) >> 15;
        return saturated(first + second);
    }

    /** FILTEZ. */
    private int zeroSum() {
        int sum = 0;
        for (int i = ZEROS; i > 0; i--) {
            sum += (b[i] * saturated(d[i] + d[i])) >> 15;
        }
        sz = saturated(sum);
        return sz;
    }
}
