package org.consentgateway.socket;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;

/**
 * Thread-safe. A dialling that failed before anything was sent.
 *
 * @param <E> who was to be dialled
 */
final class FailedDialling<E extends FarEnd> implements Dialling<E> {
    private final CompletableFuture<Dialled<E>> none;

    FailedDialling(Dialled.Why why) {
        none = CompletableFuture.completedFuture(new Dialled.NotReached<>(why, 0));
    }

    @Override
    public CompletionStage<Dialled<E>> result() {
        return none;
    }

    @Override
    public void cancel(Ending why) {}
}
