package org.consentgateway.ledger.store;

import org.jspecify.annotations.Nullable;

/** Nothing was proved durable: treat the entry as not written. The message is fit for a log. */
public final class LedgerUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, as a metric tag. */
    public enum Reason {
        /** The store cannot be reached or failed. */
        STORE_DOWN,
        /** More entries wait than the queue may hold. */
        QUEUE_FULL,
        /** Not durable within the commit timeout; the store may still finish it. */
        TIMED_OUT,
        CLOSED,
        /** A witness contradicts the log: nothing is granted on it until a person has looked. */
        WITNESS_CONFLICT
    }

    private final Reason reason;

    public LedgerUnavailable(Reason reason, String message) {
        this(reason, message, null);
    }

    public LedgerUnavailable(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
