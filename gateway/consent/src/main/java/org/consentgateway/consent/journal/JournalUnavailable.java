package org.consentgateway.consent.journal;

/** The store did not say in time that a record is durable. No consent may be built on it. */
public final class JournalUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean maybeWritten;
    private final boolean refused;

    /**
     * @param maybeWritten false only where it is certain that nothing was and will be written
     */
    public JournalUnavailable(String message, boolean maybeWritten) {
        this(message, maybeWritten, false);
    }

    private JournalUnavailable(String message, boolean maybeWritten, boolean refused) {
        super(message);
        this.maybeWritten = maybeWritten;
        this.refused = refused;
    }

    /** The store takes others, and none of these as they are. */
    public static JournalUnavailable refused(String message) {
        return new JournalUnavailable(message, false, true);
    }

    /** The same of what was looked at before anything was handed to the store. */
    public JournalUnavailable beforeHandingOver() {
        return new JournalUnavailable(String.valueOf(getMessage()), false, refused);
    }

    public boolean maybeWritten() {
        return maybeWritten;
    }

    /** Whether it is for one of the records that it was not written, and no fault of the store. */
    public boolean refused() {
        return refused;
    }
}
