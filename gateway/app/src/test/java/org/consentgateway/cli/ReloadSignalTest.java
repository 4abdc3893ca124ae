package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReloadSignalTest {
    private final ReloadSignal signal = new ReloadSignal();
    private final Semaphore mayEnd = new Semaphore(0);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    private void read() {
        begun.incrementAndGet();
        mayEnd.acquireUninterruptibly();
        ended.incrementAndGet();
    }

    @Test
    void oneThatComesDuringAReadingHasItReadOnceMoreAndFurtherOnesAreTheSame() {
        signal.open(this::read);
        signal.heard();
        await().until(() -> begun.get() == 1);
        for (int i = 0; i < 5; i++) {
            signal.heard();
        }
        await().during(Duration.ofMillis(200)).until(() -> begun.get() == 1);

        mayEnd.release(10);
        await().until(() -> ended.get() == 2);
        await().during(Duration.ofMillis(200)).until(() -> begun.get() == 2);

        signal.heard();
        await().until(() -> ended.get() == 3);
    }

    @Test
    void beforeAnybodyCanReadItNothingHappens() {
        signal.heard();
        signal.open(this::read);
        assertThat(begun).hasValue(0);
    }
}
