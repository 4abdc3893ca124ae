package org.consentgateway.media.audio;

import java.math.BigInteger;
import java.util.Arrays;

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
            out[i] = weighted(pcm, pcm.length, start, phases[(int) (position % up)]);
        }
        return out;
    }

    private static short weighted(short[] pcm, int length, int start, double[] weights) {
        double sum = 0;
        int from = Math.max(0, -start);
        int until = Math.min(weights.length, length - start);
        for (int k = from; k < until; k++) {
            sum += weights[k] * pcm[start + k];
        }
        return (short) Math.clamp(Math.round(sum), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /** For sound that comes piece by piece. */
    public Piecewise piecewise() {
        return new Piecewise();
    }

    /**
     * Sound of one stream on its way: what comes out is as long as what went in, and later by half
     * the filter, 3 ms between 8 and 24 kHz. Confined to its stream.
     */
    public final class Piecewise {
        /** Input samples at a time, so that what is kept does not grow with what comes at once. */
        private static final int PIECE = 1024;

        /** Input that further output needs, the oldest first. */
        private final short[] kept = new short[2 * reach + PIECE + down / up + 1];

        private int held;

        /** Of the next output, in parts of an input sample after the first that is kept. */
        private int position;

        private Piecewise() {
            clear();
        }

        /** Nothing of what went in comes out any more. */
        public void clear() {
            Arrays.fill(kept, (short) 0);
            held = 2 * reach - 1;
            position = 0;
        }

        /** What comes out of what went in last, once nothing more goes in. */
        public short[] rest() {
            short[] rest = next(new short[reach], reach);
            clear();
            return rest;
        }

        public short[] next(short[] pcm, int count) {
            short[] out = new short[Math.toIntExact((long) count * up / down) + 2];
            int made = next(pcm, count, out);
            return made == out.length ? out : Arrays.copyOf(out, made);
        }

        /**
         * @param into as many as {@code count} becomes at the new rate, and one
         * @return how many
         */
        public int next(short[] pcm, int count, short[] into) {
            int made = 0;
            for (int at = 0; at < count; at += PIECE) {
                int piece = Math.min(PIECE, count - at);
                System.arraycopy(pcm, at, kept, held, piece);
                held += piece;
                while (position / up + 2 * reach <= held) {
                    into[made++] = weighted(kept, held, position / up, phases[position % up]);
                    position += down;
                }
                int done = position / up;
                held -= done;
                System.arraycopy(kept, done, kept, 0, held);
                position -= done * up;
            }
            return made;
        }
    }
}
