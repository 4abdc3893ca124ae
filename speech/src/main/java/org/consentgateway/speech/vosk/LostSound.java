package org.consentgateway.speech.vosk;

import org.consentgateway.media.audio.PcmFrame;

/**
 * How much is missing of what is heard: lost on the way, left out or dropped. Confined to the
 * worker of its listening.
 *
 * <p>What counts is what is missing in one place ({@link #PLACE_FRAMES}): a packet lost here and
 * another there hides no word, as many in a row do.
 */
final class LostSound {
    /** 160 ms: about a short word. */
    private static final int PLACE_FRAMES = 8;

    /** What of an utterance is decoded at its onset. */
    private static final int PRE_ROLL_FRAMES = 16;

    /**
     * 60 ms: a telephone that sends nothing while nobody speaks has sent at least as much silence
     * before, and what was lost in a word has none before it.
     */
    private static final int CALM_FRAMES = 3;

    /** 160 ms without a packet may hide a word of which nobody heard anything. */
    private static final int WORD_MILLIS = PLACE_FRAMES * Endpointer.FRAME_MILLIS;

    /** Of the last frames, by the number of each. */
    private final int[] lost = new int[PRE_ROLL_FRAMES];

    private int number;

    /** Of the utterance under way: what is missing in the place where most is. */
    private int most;

    /** Of the end of it nothing has come, and it is not known whether anything was sent. */
    private int unknown;

    private int calm;

    /** The last frame of what was told of. */
    private int told = -PLACE_FRAMES;

    /**
     * @param quiet whether the frame has no speech of the utterance under way in it
     */
    void take(PcmFrame frame, boolean quiet) {
        number++;
        lost[number % PRE_ROLL_FRAMES] = frame.lostMillis();
        most = Math.max(most, here(number));
        if (frame.whole() || frame.lostMillis() > 0) {
            unknown = 0;
            calm = quiet && frame.whole() ? calm + 1 : 0;
        } else if (calm < CALM_FRAMES) {
            unknown += Endpointer.FRAME_MILLIS;
        }
    }

    /** Of what ends with this frame. */
    private int here(int last) {
        int sum = 0;
        for (int i = 0; i < PLACE_FRAMES; i++) {
            sum += lost[Math.floorMod(last - i, PRE_ROLL_FRAMES)];
        }
        return sum;
    }

    /** Whether a whole word may have been in what was missing just now; true once for each. */
    boolean hidesAWord() {
        boolean hides = here(number) >= WORD_MILLIS && number - told >= PLACE_FRAMES;
        if (hides) {
            told = number;
        }
        return hides;
    }

    /** An utterance begins, of which the last frames are heard as well. */
    void begin() {
        most = 0;
        unknown = 0;
        calm = 0;
        for (int i = 0; i <= PRE_ROLL_FRAMES - PLACE_FRAMES; i++) {
            most = Math.max(most, here(number - i));
        }
    }

    /** Milliseconds of the utterance that are missing in the place where most is. */
    int millis() {
        return Math.max(most, unknown);
    }
}
