package org.consentgateway.call.far;

/**
 * Immutable. How a withdrawal is recognised in a conversation.
 *
 * @param keys pressed one after the other, with at most {@link #BETWEEN_KEYS_MILLIS} between them;
 *     empty where none is watched for
 * @param phrase whether to listen for the phrase as well, locally
 * @param language of the phrase
 */
public record Withdrawals(String keys, boolean phrase, String language) {
    public static final int BETWEEN_KEYS_MILLIS = 3000;

    /** Whether there is a consent that can end. */
    public boolean watched() {
        return !keys.isEmpty() || phrase;
    }
}
