package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
        assertThat(late.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsThereIsNotLate() throws Exception {
        var late = new CountDownLatch(1);
        LateResult.after(result, Duration.ofMillis(200), late::countDown);
        result.complete("answered");
        assertThat(late.await(600, TimeUnit.MILLISECONDS)).isFalse();
    }

    /** A call of three seconds would else be kept for the forty that a human may ring. */
    @Test
    void nothingIsKeptBehindTheResult() {
        WeakReference<CountDownLatch> call = waiting();
        result.complete("answered");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> {
                    System.gc();
                    return call.get() == null;
                });
        assertThat(result).isCompletedWithValue("answered");
    }

    private WeakReference<CountDownLatch> waiting() {
        var call = new CountDownLatch(1);
        LateResult.after(result, Duration.ofHours(1), call::countDown);
        return new WeakReference<>(call);
    }
}
