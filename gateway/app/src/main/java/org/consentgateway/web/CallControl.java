package org.consentgateway.web;

/**
 * Thread-safe. What an assistant asks for its own calls by HTTP, in the words of Twilio's clients.
 */
public interface CallControl {

    /** What became of it. */
    enum Answer {
        DONE,
        /** There is no such call, or it has ended. */
        NO_SUCH_CALL,
        /** It may hand over callers to none but our humans, if to anybody. */
        NOT_ALLOWED
    }

    /**
     * Whether this is an assistant of ours.
     *
     * @param account shaped as AC and 32 digits
     */
    boolean knows(String account, String token);

    /**
     * @param call shaped as CA and 32 digits
     */
    Answer hangUp(String account, String call);

    /**
     * @param to a human, by name or address
     */
    Answer handOver(String account, String call, String to);
}
