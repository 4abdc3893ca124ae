package org.consentgateway.speech.voice;

import java.util.Arrays;
import java.util.Optional;
import org.consentgateway.media.audio.Wav;

/** What makes a recording unfit to be a prompt, whatever it says. Immutable. */
public final class RecordingFault {
    private static final int LONGEST_SECONDS = 60;

    /** So many samples at full scale in a row are a peak that was cut off. */
    private static final int CLIPPED_IN_A_ROW = 4;

    /** Of 16 bits: studios leave some room, cheap converters clip a little below the top. */
    private static final int FULL_SCALE = 32_600;

    /** So many cut peaks are heard as a crackle. */
    private static final int CLIPS_ALLOWED = 3;

    private static final double QUIETEST_DBOV = -55;
    private static final double FRAME_SECONDS = 0.03;

    /** A pure tone repeats itself from one period to the next; speech changes within 30 ms. */
    private static final double TONE_ALIKE = 0.998;

    private RecordingFault() {}

    /** A sentence for the person who brings the recording; empty where it is fit. */
    public static Optional<String> of(Wav recording) {
        int rate = recording.rate();
        double seconds = (double) recording.samples().length / rate;
        if (seconds > LONGEST_SECONDS) {
            return Optional.of(
                    "takes %.0f s; %d s are allowed".formatted(seconds, LONGEST_SECONDS));
        }
        double[] x = TelephoneBand.ofFullScale(recording.samples());
        SpeechLevel level = SpeechLevel.of(x, rate);
        if (level.activeDbov() < QUIETEST_DBOV) {
            return Optional.of("is silent");
        }
        int clips = clips(recording.samples());
        if (clips > CLIPS_ALLOWED) {
            return Optional.of(
                    "is clipped: %d peaks are cut off at full scale; record it again with the"
                                    .formatted(clips)
                            + " level turned down");
        }
        return isTone(x, rate) ? Optional.of("is a tone, not speech") : Optional.empty();
    }

    private static int clips(short[] samples) {
        int clips = 0;
        int run = 0;
        for (short sample : samples) {
            run = Math.abs((int) sample) >= FULL_SCALE ? run + 1 : 0;
            if (run == CLIPPED_IN_A_ROW) {
                clips++;
            }
        }
        return clips;
    }

    /** Whether nearly every frame that can be heard goes on as the frame before it did. */
    private static boolean isTone(double[] x, int rate) {
        int frame = (int) (rate * FRAME_SECONDS);
        double loudest = Arrays.stream(x).map(Math::abs).max().orElse(0);
        int heard = 0;
        int alike = 0;
        for (int from = frame; from + 2 * frame <= x.length; from += frame) {
            if (peak(x, from, frame) < loudest / 10) {
                continue;
            }
            heard++;
            if (bestMatch(x, from, frame) >= TONE_ALIKE) {
                alike++;
            }
        }
        return heard > 0 && alike > heard * 0.8;
    }

    private static double peak(double[] x, int from, int length) {
        double peak = 0;
        for (int i = from; i < from + length; i++) {
            peak = Math.max(peak, Math.abs(x[i]));
        }
        return peak;
    }

    /** The highest correlation with a piece of the same length that begins 15 to 30 ms later. */
    private static double bestMatch(double[] x, int from, int length) {
        double best = 0;
        for (int lag = length / 2; lag <= length; lag++) {
            double product = 0;
            double here = 0;
            double there = 0;
            for (int i = from; i < from + length; i++) {
                product += x[i] * x[i + lag];
                here += x[i] * x[i];
                there += x[i + lag] * x[i + lag];
            }
            if (here > 0 && there > 0) {
                best = Math.max(best, product / Math.sqrt(here * there));
            }
        }
        return best;
    }
}
