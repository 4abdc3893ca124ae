package org.consentgateway.speech;

/**
 * What one listening reports, in order; after {@link Words}, {@link Nothing} or {@link Failed}
 * nothing more follows.
 */
public sealed interface Heard {

    /** Somebody began to speak. Nothing may be decided on it; it lowers the prompt. */
    record SpeechStarted(long mediaMillis) implements Heard {}

    /**
     * What was told as a beginning was a knock: the model heard nothing in it. What is said next
     * has a beginning of its own.
     */
    record Ceased() implements Heard {}

    /**
     * Somebody nearer begins to speak over what was told as a beginning, and is heard alone: what
     * was before was another's.
     */
    record BegunAnew(long mediaMillis) implements Heard {}

    /**
     * So much sound is missing in one place that a word may have been in it, which nobody heard.
     */
    record Missed() implements Heard {}

    /**
     * While our prompt is sent, what is being said sounds so far like an answer to this question.
     * Nothing may be decided on it; it makes the prompt stand still. Reported once at most.
     */
    record Likely(SpokenMeaning meaning) implements Heard {
        @Override
        public String toString() {
            return "Likely[hidden]";
        }
    }

    /**
     * An utterance that passed the decision rule.
     *
     * @param entry the lexicon entry that matched (never free text), for the record
     * @param confidence 0 to 1: the smallest of its words
     * @param speechMillis how long the speech was
     * @param endOfSpeechMediaMillis media time at which the speech ended
     * @param weak whether it may have been something else: to be asked back before it counts as a
     *     yes
     */
    record Words(
            SpokenMeaning meaning,
            String entry,
            double confidence,
            int speechMillis,
            long endOfSpeechMediaMillis,
            boolean weak)
            implements Heard {

        /** The same, to be asked back. */
        public Words asWeak() {
            return new Words(
                    meaning, entry, confidence, speechMillis, endOfSpeechMediaMillis, true);
        }

        @Override
        public String toString() {
            return "Words[hidden]";
        }
    }

    /** Speech that means nothing to this question: garbage, too short, too unsure. */
    record Nothing(Why why) implements Heard {}

    /** The recogniser is gone, late or full: go on with keys. */
    record Failed(Reason reason) implements Heard {}

    enum Why {
        GARBAGE,
        TOO_SHORT,
        UNSURE,
        EMPTY,
        DISAGREEMENT
    }

    enum Reason {
        NO_MODEL,
        OVER_ADMISSION_LIMIT,
        DEADLINE,
        CRASHED
    }
}
