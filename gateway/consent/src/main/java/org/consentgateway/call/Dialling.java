package org.consentgateway.call;

import java.util.concurrent.CompletionStage;

/** Thread-safe. A target that is being dialled. */
public interface Dialling {

    /** Completes once, normally, with {@link Dialled.Connected} or {@link Dialled.NotReached}. */
    CompletionStage<Dialled> result();

    /** CANCEL, or BYE where it has just answered. May be called twice. */
    void cancel();
}
