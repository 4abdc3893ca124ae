package org.consentgateway.call.answer;

/** What a key or an utterance means to a question. */
public enum Meaning {
    AGREE,
    REFUSE,
    WITHDRAW,
    REPEAT,
    HELP,
    OTHER_LANGUAGE,
    HUMAN,
    /** Who is responsible, where, for how long, which rights (Art. 13 DSGVO). */
    INFORMATION,
    /** "Delete": asks for erasure on the privacy line. */
    ERASE,
    /** "Beschwerde": wants to complain. */
    COMPLAIN,
    /** "Nicht mehr mitschreiben": nothing of what is said may be kept any more. */
    KEEP_NOTHING,
    /** Words of both kinds: never a yes. */
    HEDGED,
    ZERO,
    ONE,
    TWO,
    THREE,
    FOUR,
    FIVE;

    private static final Meaning[] DIGITS = {ZERO, ONE, TWO, THREE, FOUR, FIVE};

    /** The meaning of 0 to 5. */
    public static Meaning ofDigit(int digit) {
        return DIGITS[digit];
    }

    /** 0 to 5, or -1 where this is no digit. */
    public int digit() {
        return switch (this) {
            case ZERO -> 0;
            case ONE -> 1;
            case TWO -> 2;
            case THREE -> 3;
            case FOUR -> 4;
            case FIVE -> 5;
            case AGREE,
                    REFUSE,
                    WITHDRAW,
                    REPEAT,
                    HELP,
                    OTHER_LANGUAGE,
                    HUMAN,
                    INFORMATION,
                    HEDGED,
                    COMPLAIN,
                    KEEP_NOTHING,
                    ERASE ->
                    -1;
        };
    }

    /**
     * Whether it answers the question by itself: behind another yes it leaves open which of the two
     * was meant.
     */
    boolean competes() {
        return this == REFUSE || agrees();
    }

    /**
     * Whether it grants nothing, and whoever says so wants no more of this, or a human: as a key it
     * counts from a caller on hold, too, whatever could be heard just then.
     */
    boolean declines() {
        return this == REFUSE || this == WITHDRAW || this == HUMAN || this == ZERO;
    }

    /** Whether it may grant something. Refusing and asking are understood more readily. */
    public boolean agrees() {
        return switch (this) {
            case AGREE, ONE, TWO, THREE, FOUR, FIVE -> true;
            case REFUSE,
                    WITHDRAW,
                    REPEAT,
                    HELP,
                    INFORMATION,
                    OTHER_LANGUAGE,
                    HUMAN,
                    HEDGED,
                    COMPLAIN,
                    KEEP_NOTHING,
                    ERASE,
                    ZERO ->
                    false;
        };
    }
}
