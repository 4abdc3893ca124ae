package org.consentgateway.consent.journal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Confined to one call. Ends consents of a crowded number on a thread of its own: who withdraws in
 * a call must not listen to silence for as long as thousands of records take, nor may what is left
 * of them depend on whether the caller stays.
 */
final class EndingBeside {
    private final Duration patience;

    /**
     * @param patience how long the call waits; none where it is not positive
     */
    EndingBeside(Duration patience) {
        this.patience = patience;
    }

    /**
     * @param failed told of a mistake of ours, also where the call has gone on: nobody else is
     * @return empty where it is not done by then: it goes on; or where it failed
     */
    Optional<EndedAll> end(Supplier<EndedAll> ending, Consumer<Throwable> failed) {
        var rest = new FutureTask<>(() -> ended(ending, failed));
        Thread.ofVirtual().name("withdrawal").start(rest);
        try {
            return Optional.of(rest.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty(); // nobody is told that all has ended
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static EndedAll ended(Supplier<EndedAll> ending, Consumer<Throwable> failed) {
        try {
            return ending.get();
        } catch (RuntimeException | Error mistake) {
            failed.accept(mistake);
            throw mistake;
        }
    }
}
