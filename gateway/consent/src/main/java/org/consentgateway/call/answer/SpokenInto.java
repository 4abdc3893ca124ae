package org.consentgateway.call.answer;

import org.consentgateway.call.answer.ReplyWindow.Move;

/**
 * A prompt into which somebody speaks: lowered at first, standing still for what seems to be an
 * answer, and going on where it was if there was none. Confined to its window.
 */
final class SpokenInto {
    /** What was no answer so often may no longer make the prompt stand still. */
    private static final int MOST_PAUSES = 3;

    private boolean lowered;
    private boolean paused;
    private int pauses;

    Move lower() {
        lowered = true;
        return Move.LOWER;
    }

    /** Whether it may stand still for what seems to be an answer. */
    boolean likely() {
        if (paused || pauses == MOST_PAUSES) {
            return false;
        }
        pauses++;
        return true;
    }

    Move pause() {
        paused = true;
        return Move.PAUSE;
    }

    /**
     * It was no answer.
     *
     * @param listenAgain whether the recogniser has to be started anew
     */
    Move goOn(boolean listenAgain, boolean promptOver) {
        boolean changed = paused || lowered;
        paused = false;
        lowered = false;
        if (!changed || promptOver) {
            return listenAgain ? Move.LISTEN_AGAIN : Move.NOTHING;
        }
        return listenAgain ? Move.GO_ON_AND_LISTEN_AGAIN : Move.GO_ON;
    }
}
