package org.consentgateway.speech.voice;

import java.util.Arrays;

/**
 * Immutable. How loud somebody speaks, after ITU-T P.56 method B: the level of the speech without
 * its pauses. A pause counts as speech for its first 200 ms.
 *
 * @param activeDbov RMS of the active speech; 0 dBov is a full-scale square wave; minus infinity
 *     where nobody speaks
 * @param activity share of the time in which there is speech, 0 to 1
 */
public record SpeechLevel(double activeDbov, double activity) {
    private static final double SMOOTHING_SECONDS = 0.03;
    private static final double HANGOVER_SECONDS = 0.2;

    /**
     * Speech is active while its envelope is less than this below the level of the active speech.
     */
    private static final double MARGIN_DB = 15.9;

    /** For the envelope, each twice the one before: from 2^-15 to 1/2 of full scale. */
    private static final double[] THRESHOLDS = thresholds(15);

    /**
     * @param x samples from -1 to 1
     */
    public static SpeechLevel of(double[] x, int rate) {
        double energy = 0;
        for (double sample : x) {
            energy += sample * sample;
        }
        if (energy == 0) {
            return new SpeechLevel(Double.NEGATIVE_INFINITY, 0);
        }
        long[] active = activeSamples(x, rate);
        double above = Double.NaN;
        double before = 0;
        for (int j = 0; j < THRESHOLDS.length && active[j] > 0; j++) {
            double level = 10 * Math.log10(energy / active[j]);
            double margin = level - 20 * Math.log10(THRESHOLDS[j]);
            if (margin <= MARGIN_DB) {
                double share = j == 0 ? 1 : (before - MARGIN_DB) / (before - margin);
                double reached = j == 0 ? level : above + share * (level - above);
                return ofLevel(reached, energy, x.length);
            }
            above = level;
            before = margin;
        }
        // Shorter than the smoothing takes: all of it counts.
        return ofLevel(10 * Math.log10(energy / x.length), energy, x.length);
    }

    private static SpeechLevel ofLevel(double dbov, double energy, int samples) {
        double activity = energy / samples / Math.pow(10, dbov / 10);
        return new SpeechLevel(dbov, Math.min(1, activity));
    }

    /**
     * For each threshold: in how many samples the envelope is above it, or was 200 ms before.
     * Looked at once in a millisecond, in which the envelope hardly changes.
     */
    private static long[] activeSamples(double[] x, int rate) {
        double keep = Math.exp(-1 / (rate * SMOOTHING_SECONDS));
        int step = Math.max(1, rate / 1000);
        int hangover = (int) Math.ceil(rate * HANGOVER_SECONDS / step);
        long[] active = new long[THRESHOLDS.length];
        int[] below = new int[THRESHOLDS.length];
        Arrays.fill(below, hangover);
        double once = 0;
        double twice = 0;
        for (int i = 0; i < x.length; i++) {
            once = keep * once + (1 - keep) * Math.abs(x[i]);
            twice = keep * twice + (1 - keep) * once;
            if (i % step == 0) {
                count(twice, step, hangover, active, below);
            }
        }
        return active;
    }

    private static void count(double envelope, int step, int hangover, long[] active, int[] below) {
        for (int j = 0; j < THRESHOLDS.length; j++) {
            if (envelope >= THRESHOLDS[j]) {
                active[j] += step;
                below[j] = 0;
            } else if (below[j] < hangover) {
                active[j] += step;
                below[j]++;
            }
        }
    }

    private static double[] thresholds(int many) {
        double[] thresholds = new double[many];
        Arrays.setAll(thresholds, j -> Math.scalb(1.0, j - many));
        return thresholds;
    }
}
