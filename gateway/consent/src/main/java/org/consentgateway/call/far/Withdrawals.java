package org.consentgateway.call.far;

/**
 * Immutable. How a withdrawal is recognised, whatever is going on.
 *
 * @param keys pressed one after the other, with at most {@link #BETWEEN_KEYS_MILLIS} between them;
 *     empty where there is no consent that can end
 * @param phrase whether the phrase counts as well; it is heard locally, and where nobody hears it
 *     nobody was told of it
 * @param language of the phrase
 */
public record Withdrawals(String keys, boolean phrase, String language) {
    public static final int BETWEEN_KEYS_MILLIS = 3000;

    /**
     * Ends one purpose of a talk with an assistant, the last that was agreed to; the talk goes on.
     */
    public static final String ONE_PURPOSE = "*8";

    /** There is no consent that can end. */
    public static final Withdrawals NONE = new Withdrawals("", false, "");

    public boolean watched() {
        return !keys.isEmpty();
    }
}
