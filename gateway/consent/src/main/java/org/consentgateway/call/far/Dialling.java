package org.consentgateway.call.far;

import java.util.concurrent.CompletionStage;

/**
 * Thread-safe. A target that is being dialled.
 *
 * @param <E> who answers
 */
public interface Dialling<E extends FarEnd> {

    /** Completes once, normally, and never with a withdrawal: that is the caller's. */
    CompletionStage<Dialled<E>> result();

    /** CANCEL, or BYE if it has just answered. May be called twice. */
    void cancel(Ending why);
}
