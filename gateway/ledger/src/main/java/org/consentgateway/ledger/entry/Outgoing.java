package org.consentgateway.ledger.entry;

/**
 * Immutable. What one recipient is to be told of an entry.
 *
 * @param recipient its name
 * @param type what has happened, such as "consent.given"
 * @param urgent whether it overtakes what is not
 * @param body of the message, without what only the log knows: place and time of the entry
 */
public record Outgoing(String recipient, String type, boolean urgent, String body) {
    /** Keeps the outbox small, and each body far below what receivers take (20 kB). */
    public static final int MAX_CHARS = 8 * 1024;

    private static final int MAX_RECIPIENT = 64;
    private static final int MAX_TYPE = 40;

    public Outgoing {
        if (recipient.length() > MAX_RECIPIENT || type.length() > MAX_TYPE) {
            throw new IllegalArgumentException("name or type of a message is too long");
        }
        if (body.length() > MAX_CHARS) {
            throw new IllegalArgumentException("a message of more than " + MAX_CHARS);
        }
    }

    /** Names records of a person. */
    @Override
    public String toString() {
        return "Outgoing[" + type + " to " + recipient + "]";
    }
}
