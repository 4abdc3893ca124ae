package org.consentgateway.call.answer;

/**
 * Immutable. How an utterance was played.
 *
 * @param samplesPlanned at 8 kHz
 * @param heldMillis how long it stood frozen because the caller was on hold
 * @param mediaAlive whether packets of the caller came in while it played, or its reports said that
 *     what it is sent arrives
 */
public record Said(
        long samplesPlanned, long samplesSent, long heldMillis, boolean mediaAlive, End end) {

    public enum End {
        COMPLETED,
        /** Stopped by us because of what the caller pressed or said. */
        BARGED_IN,
        SEND_FAILED,
        /** Reported by {@code CallEnded.said}. */
        CALLER_GONE
    }

    /**
     * Every sample was sent, the call was not on hold, and the caller's media was alive. Anything
     * less is no notice.
     */
    public boolean heard() {
        return sentWhole() && heldMillis == 0 && mediaAlive;
    }

    /** The same without what was played before it in one go. */
    public Said after(long samples) {
        return new Said(
                samplesPlanned - samples,
                Math.max(0, samplesSent - samples),
                heldMillis,
                mediaAlive,
                end);
    }

    boolean sentWhole() {
        return end == End.COMPLETED && samplesSent >= samplesPlanned;
    }

    /** One word for the record; empty where it was heard. */
    public String interruptedBy() {
        if (heard()) {
            return "";
        }
        return switch (end) {
            case CALLER_GONE -> "hang-up";
            case BARGED_IN -> "barge-in";
            case SEND_FAILED -> "send-failed";
            case COMPLETED -> heldMillis > 0 ? "hold" : mediaAlive ? "send-failed" : "no-media";
        };
    }
}
