package org.consentgateway.target;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Not instantiable. What is done about a result that does not come in time. */
final class LateResult {
    private LateResult() {}

    /**
     * Done once, on the common pool, where the result is not there by then. Called off with the
     * result, so that no timer keeps a call that is over.
     */
    static void after(CompletionStage<?> result, Duration wait, Runnable late) {
        var timer =
                new CompletableFuture<Void>()
                        .completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS);
        var _ = timer.thenRunAsync(late);
        var _ = result.whenComplete((how, failed) -> timer.cancel(false));
    }
}
