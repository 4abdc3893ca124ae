package org.consentgateway.ledger.store;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
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
    private final boolean maybeWritten;

    public LedgerUnavailable(Reason reason, String message) {
        this(reason, message, null);
    }

    public LedgerUnavailable(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, cause, maybeWritten(reason));
    }

    private LedgerUnavailable(
            Reason reason, String message, @Nullable Throwable cause, boolean maybeWritten) {
        super(message, cause);
        this.reason = reason;
        this.maybeWritten = maybeWritten;
    }

    /** The store is down, and was not handed what was to be written, nor will be. */
    static LedgerUnavailable notHandedOver(String message, @Nullable Throwable cause) {
        return new LedgerUnavailable(Reason.STORE_DOWN, message, cause, false);
    }

    private static boolean maybeWritten(Reason reason) {
        return switch (reason) {
            case QUEUE_FULL, CLOSED, WITNESS_CONFLICT -> false;
            case STORE_DOWN, TIMED_OUT -> true;
        };
    }

    /** What has failed, without what futures wrap it in. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** False only where it is certain that nothing was and will be written. */
    public boolean maybeWritten() {
        return maybeWritten;
    }

    public Reason reason() {
        return reason;
    }
}
