package org.consentgateway.speech.voice;

import java.math.BigInteger;
import java.util.Arrays;
import org.consentgateway.media.audio.Wav;

/**
 * Makes any recording fit for the telephone band: 8 kHz, 300 to 3400 Hz, one loudness for all
 * prompts, no clipping, no long silence around it. Immutable.
 */
public final class TelephoneBand {
    /** Of the active speech (ITU-T P.56); 0 dBov is the RMS of a full-scale square wave. */
    public static final double LOUDNESS_DBOV = -20;

    private static final int RATE = 8000;
    private static final double LOW_HZ = 280;
    private static final double HIGH_HZ = 3450;

    /** Highest sample after shaping: A-law would fold what is over full scale. */
    private static final double PEAK = 0.89;

    private static final int FRAME = RATE / 50;
    private static final int LEAD = RATE * 40 / 1000;
    private static final int TAIL = RATE * 100 / 1000;

    private TelephoneBand() {}

    /** 16-bit samples at 8 kHz, a whole number of 20 ms frames. Silence stays silence. */
    public static short[] shape(Wav recording) {
        double[] x = ofFullScale(recording.samples());
        x = trim(highPass(lowPassTo8k(x, recording.rate())));
        // Limiting takes a little loudness away; the second round gives it back.
        for (int round = 0; round < 2; round++) {
            double active = SpeechLevel.of(x, RATE).activeDbov();
            if (Double.isInfinite(active)) {
                break;
            }
            scale(x, Math.pow(10, (LOUDNESS_DBOV - active) / 20));
            limit(x);
        }
        short[] out = new short[Math.ceilDiv(x.length, FRAME) * FRAME];
        for (int i = 0; i < x.length; i++) {
            out[i] = (short) Math.round(Math.clamp(x[i], -1, 1) * 32767);
        }
        return out;
    }

    /** Samples as parts of full scale: -1 to 1. */
    public static double[] ofFullScale(short[] samples) {
        double[] x = new double[samples.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = samples[i] / 32768.0;
        }
        return x;
    }

    /**
     * Windowed sinc, cut at {@link #HIGH_HZ}, evaluated only where an 8 kHz sample stands. The taps
     * repeat as soon as both rates meet again: once a sample from 16 kHz, every 80 from 44.1 kHz.
     */
    private static double[] lowPassTo8k(double[] x, int rate) {
        int common = BigInteger.valueOf(rate).gcd(BigInteger.valueOf(RATE)).intValue();
        int up = RATE / common;
        int down = rate / common;
        int reach = (int) Math.ceil(32 * Math.max(1, (double) rate / RATE));
        double cut = Math.min(HIGH_HZ, rate / 2.0 - 100) / rate;
        double[][] taps = new double[up][2 * reach];
        for (int phase = 0; phase < up; phase++) {
            double fraction = (double) ((long) phase * down % up) / up;
            for (int k = 0; k < 2 * reach; k++) {
                double t = fraction + reach - 1 - k;
                double sinc = t == 0 ? 2 * cut : Math.sin(2 * Math.PI * cut * t) / (Math.PI * t);
                taps[phase][k] = sinc * (0.5 + 0.5 * Math.cos(Math.PI * t / reach));
            }
        }
        double[] y = new double[(int) ((long) x.length * up / down)];
        for (int n = 0; n < y.length; n++) {
            double[] h = taps[n % up];
            int from = (int) ((long) n * down / up) - reach + 1;
            double sum = 0;
            for (int k = Math.max(0, -from); k < Math.min(h.length, x.length - from); k++) {
                sum += x[from + k] * h[k];
            }
            y[n] = sum;
        }
        return y;
    }

    /** Butterworth, fourth order, as two sections. */
    private static double[] highPass(double[] x) {
        double[] y = x;
        for (double q : new double[] {0.5412, 1.3066}) {
            double w = 2 * Math.PI * LOW_HZ / RATE;
            double alpha = Math.sin(w) / (2 * q);
            double a0 = 1 + alpha;
            double b = (1 + Math.cos(w)) / 2 / a0;
            double a1 = -2 * Math.cos(w) / a0;
            double a2 = (1 - alpha) / a0;
            double[] z = new double[y.length];
            double x1 = 0;
            double x2 = 0;
            double y1 = 0;
            double y2 = 0;
            for (int i = 0; i < y.length; i++) {
                z[i] = b * (y[i] - 2 * x1 + x2) - a1 * y1 - a2 * y2;
                x2 = x1;
                x1 = y[i];
                y2 = y1;
                y1 = z[i];
            }
            y = z;
        }
        return y;
    }

    /** Keeps 40 ms before and 100 ms after what can be heard, faded. */
    private static double[] trim(double[] x) {
        double peak = Arrays.stream(x).map(Math::abs).max().orElse(0);
        int first = 0;
        int last = x.length - 1;
        while (first < last && Math.abs(x[first]) < peak * 0.01) {
            first++;
        }
        while (last > first && Math.abs(x[last]) < peak * 0.01) {
            last--;
        }
        double[] y = new double[LEAD + last - first + 1 + TAIL];
        for (int i = 0; i < y.length; i++) {
            int k = first - LEAD + i;
            double fade = Math.min(1, Math.min((double) i / LEAD, (double) (y.length - i) / TAIL));
            y[i] = k >= 0 && k < x.length ? x[k] * fade : 0;
        }
        return y;
    }

    private static void scale(double[] x, double gain) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= gain;
        }
    }

    /** Turns the gain down around peaks, 2 ms ahead of them, so that nothing is cut flat. */
    private static void limit(double[] x) {
        int reach = RATE * 2 / 1000;
        double[] gain = new double[x.length];
        Arrays.fill(gain, 1);
        for (int i = 0; i < x.length; i++) {
            double over = Math.abs(x[i]) / PEAK;
            if (over > 1) {
                for (int k = Math.max(0, i - reach); k < Math.min(x.length, i + reach); k++) {
                    gain[k] = Math.min(gain[k], 1 / over);
                }
            }
        }
        for (int i = 0; i < x.length; i++) {
            x[i] *= gain[i];
        }
    }
}
