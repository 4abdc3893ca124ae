package org.consentgateway.line;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. Reports how long after the end of a consent the last
 * packet of the caller was really sent.
 */
final class CutMeasurement {
    /** The event loop needs one tick to cut; more only if the machine is overloaded. */
    private static final Duration CUTTING = Duration.ofMillis(500);

    private final CallTime time;
    private final Consumer<Duration> told;

    /**
     * @param told of each cut: from the end of the word, or from the key, to the last packet
     */
    CutMeasurement(CallTime time, Consumer<Duration> told) {
        this.time = time;
        this.told = told;
    }

    /**
     * @param atNanos of the key, or of the end of the word
     * @param lastSent null where nothing flowed
     * @return from when on nothing was sent; null where nothing flowed
     */
    @Nullable Instant report(long atNanos, @Nullable CompletionStage<Long> lastSent) {
        if (lastSent == null) {
            return null;
        }
        long cutAt = nanosOf(lastSent);
        told.accept(Duration.ofNanos(cutAt - atNanos));
        return time.instantOf(cutAt);
    }

    long nanos() {
        return time.nanos();
    }

    /** The time of day of what has just happened. */
    Instant instantOf(long nanos) {
        return time.instantOf(nanos);
    }

    /**
     * Of a caller who was gone then: a packet that the end of the call has overtaken makes no word
     * later than that.
     */
    ConsentWithdrawn withdrawnBefore(long goneNanos, Happening.Withdrew how) {
        long at = how.atNanos() - goneNanos > 0 ? goneNanos : how.atNanos();
        return withdrawn(new Happening.Withdrew(how.method(), at, how.lastSent()));
    }

    ConsentWithdrawn withdrawn(Happening.Withdrew how) {
        return new ConsentWithdrawn(
                how.method(), time.instantOf(how.atNanos()), report(how.atNanos(), how.lastSent()));
    }

    private long nanosOf(CompletionStage<Long> cut) {
        try {
            return cut.toCompletableFuture().get(CUTTING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return time.nanos(); // the cut itself does not wait: it is in force since it was asked
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return time.nanos();
        }
    }
}
