package org.consentgateway.media.audio;

import java.math.BigInteger;

/**
 * Changes the sample rate by a rational factor with a windowed-sinc low-pass, so that what lies
 * above half the new rate is gone and not folded back as a whistle. Immutable.
 */
public final class Resampler {
    /** Zero crossings of the sinc on either side: about 80 dB with the Blackman window. */
    private static final int CROSSINGS = 24;

    /** Where the pass band ends, of half the lower rate. */
    private static final double PASS = 0.93;

    private final int up;
    private final int down;
    private final int reach;
    private final double[][] phases;

    /**
     * @param from Hz
     * @param to Hz
     */
    public Resampler(int from, int to) {
        if (from < 1000 || to < 1000 || from > 384_000 || to > 384_000) {
            throw new IllegalArgumentException(
                    "sample rates from 1000 to 384000 Hz, not %d and %d".formatted(from, to));
        }
        int divisor = BigInteger.valueOf(from).gcd(BigInteger.valueOf(to)).intValue();
        up = to / divisor;
        down = from / divisor;
        double cutoff = PASS * Math.min(1.0, (double) to / from);
        reach = (int) Math.ceil(CROSSINGS / cutoff);
        phases = new double[up][];
        for (int phase = 0; phase < up; phase++) {
            phases[phase] = kernel((double) phase / up, cutoff);
        }
    }

    /** Weights of the input samples from reach - 1 before to reach after a point. */
    private double[] kernel(double fraction, double cutoff) {
        double[] weights = new double[2 * reach];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double distance = i - (reach - 1) - fraction;
            double x = Math.PI * distance * cutoff;
            double sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x;
            double window = distance / reach;
            double blackman =
                    0.42 + 0.5 * Math.cos(Math.PI * window) + 0.08 * Math.cos(2 * Math.PI * window);
            weights[i] = Math.abs(window) > 1 ? 0 : sinc * blackman;
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** The whole sound at the new rate. */
    public short[] resample(short[] pcm) {
        if (up == down) {
            return pcm.clone();
        }
        short[] out = new short[Math.toIntExact((long) pcm.length * up / down)];
        for (int i = 0; i < out.length; i++) {
            long position = (long) i * down;
            int start = (int) (position / up) - (reach - 1);
            double[] weights = phases[(int) (position % up)];
            double sum = 0;
            for (int k = 0; k < weights.length; k++) {
                int at = start + k;
                if (at >= 0 && at < pcm.length) {
                    sum += weights[k] * pcm[at];
                }
            }
            out[i] = (short) Math.clamp(Math.round(sum), Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return out;
    }
}
