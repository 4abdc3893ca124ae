package org.consentgateway.trial;

/**
 * Immutable. What was seen of an assistant that is tried.
 *
 * @param verdict how it is
 * @param words a sentence for who has built it
 */
public record Observation(Verdict verdict, String words) {

    /** How what was seen is. */
    public enum Verdict {
        RIGHT,
        /** Allowed, and hardly meant. */
        ODD,
        /** A gateway would give it up, or its callers would suffer. */
        WRONG
    }

    public static Observation right(String words) {
        return new Observation(Verdict.RIGHT, words);
    }

    public static Observation odd(String words) {
        return new Observation(Verdict.ODD, words);
    }

    public static Observation wrong(String words) {
        return new Observation(Verdict.WRONG, words);
    }

    public boolean isWrong() {
        return verdict == Verdict.WRONG;
    }
}
