package org.consentgateway.whole;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waiting for what happens elsewhere, as patiently as a busy machine needs. */
final class TestWait {
    private TestWait() {}

    static void until(Callable<Boolean> happened) {
        await().pollInterval(Duration.ofMillis(20)).atMost(TestCaller.PATIENCE).until(happened);
    }
}
