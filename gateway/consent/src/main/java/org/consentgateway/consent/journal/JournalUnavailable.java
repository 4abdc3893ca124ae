package org.consentgateway.consent.journal;

/** The store did not say in time that a record is durable. No consent may be built on it. */
public final class JournalUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean maybeWritten;

    /**
     * @param maybeWritten false only where it is certain that nothing was and will be written
     */
    public JournalUnavailable(String message, boolean maybeWritten) {
        super(message);
        this.maybeWritten = maybeWritten;
    }

    public boolean maybeWritten() {
        return maybeWritten;
    }
}
