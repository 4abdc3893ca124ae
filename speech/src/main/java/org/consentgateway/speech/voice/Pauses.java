package org.consentgateway.speech.voice;

import java.util.Arrays;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;

/**
 * Shortens the pauses in what a program speaks. Programs wait half a second behind each sentence,
 * callers wait with them, and nobody can tell most programs to wait less. Immutable.
 */
public final class Pauses {
    /** Share of a prompt in which nothing may be said, after the first 200 ms of each pause. */
    public static final double MOST = 0.15;

    /** A little is left for what A-law changes. */
    private static final double WANTED = MOST - 0.01;

    /** No silence inside a word is as long. */
    private static final int LONGEST_MILLIS = 220;

    /** Between two sentences less is not heard as a pause. */
    private static final int SHORTEST_MILLIS = 80;

    private static final int SHORTER_BY_MILLIS = 35;

    /** Of the highest peak; softer is no more than the end of a consonant. */
    private static final double QUIET = 0.03;

    private static final int STEP_MILLIS = 5;

    /** What is before a cut is faded into what is behind it, so that it does not click. */
    private static final int FADE_MILLIS = 10;

    private Pauses() {}

    /**
     * The same with no pause above 220 ms; of a text of a few words, in which that is still too
     * much, with shorter ones.
     */
    static Wav shortened(Wav spoken) {
        int longest = LONGEST_MILLIS;
        Wav shorter = to(longest, spoken);
        while (share(shorter) > WANTED && longest - SHORTER_BY_MILLIS >= SHORTEST_MILLIS) {
            longest -= SHORTER_BY_MILLIS;
            shorter = to(longest, spoken);
        }
        return shorter;
    }

    /** As callers will hear it: the telephone band takes low sounds away that end a word. */
    private static double share(Wav sound) {
        double[] x = TelephoneBand.ofFullScale(TelephoneBand.shape(sound));
        return 1 - SpeechLevel.of(x, PcmFrame.SAMPLE_RATE).activity();
    }

    /** Leaves half of so long at both ends of each pause that is longer than 220 ms. */
    private static Wav to(int millis, Wav spoken) {
        short[] x = spoken.samples();
        int rate = spoken.rate();
        int step = Math.max(1, rate * STEP_MILLIS / 1000);
        int kept = rate * millis / 2000;
        int pause = rate * LONGEST_MILLIS / 1000;
        int limit = (int) (peak(x, 0, x.length) * QUIET);
        short[] y = new short[x.length];
        int length = 0;
        int copied = 0;
        int quietFrom = 0;
        for (int at = 0; at <= x.length; at += step) {
            if (at + step <= x.length && peak(x, at, at + step) <= limit) {
                continue;
            }
            if (at - quietFrom > pause) {
                int end = quietFrom + kept;
                System.arraycopy(x, copied, y, length, end - copied);
                length += end - copied;
                copied = at - kept;
                fade(y, length, x, copied, rate * FADE_MILLIS / 1000);
            }
            quietFrom = at + step;
        }
        System.arraycopy(x, copied, y, length, x.length - copied);
        return new Wav(Arrays.copyOf(y, length + x.length - copied), rate);
    }

    /** Lets the last samples of y become, step by step, those that lead to x[from]. */
    private static void fade(short[] y, int length, short[] x, int from, int samples) {
        for (int i = 1; i <= samples; i++) {
            double share = (double) i / (samples + 1);
            double mixed = y[length - i] * share + x[from - i] * (1 - share);
            y[length - i] = (short) Math.round(mixed);
        }
    }

    private static int peak(short[] x, int from, int to) {
        int peak = 0;
        for (int i = from; i < to; i++) {
            peak = Math.max(peak, Math.abs((int) x[i]));
        }
        return peak;
    }
}
