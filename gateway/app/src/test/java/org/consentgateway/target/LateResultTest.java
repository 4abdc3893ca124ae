package org.consentgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LateResultTest {
    private final CompletableFuture<String> result = new CompletableFuture<>();

    @Test
    void whatIsNotThereByThenIsLate() throws Exception {
        var late = new CountDownLatch(1);
        LateResult.after(result, Duration.ofMillis(1), late::countDown);
        assertTrue(late.await(10, TimeUnit.SECONDS));
    }

    @Test
    void whatIsThereIsNotLate() throws Exception {
        var late = new CountDownLatch(1);
        LateResult.after(result, Duration.ofMillis(200), late::countDown);
        result.complete("answered");
        assertFalse(late.await(600, TimeUnit.MILLISECONDS));
    }

    /** A call of three seconds would else be kept for the forty that a human may ring. */
    @Test
    void nothingIsKeptBehindTheResult() throws Exception {
        WeakReference<CountDownLatch> call = waiting();
        result.complete("answered");
        for (int i = 0; i < 100 && call.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertNull(call.get());
        assertEquals("answered", result.join());
    }

    private WeakReference<CountDownLatch> waiting() {
        var call = new CountDownLatch(1);
        LateResult.after(result, Duration.ofHours(1), call::countDown);
        return new WeakReference<>(call);
    }
}
