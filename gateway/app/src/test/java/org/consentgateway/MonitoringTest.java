package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done from time to time, and what must not wait for what. */
@Timeout(60)
class MonitoringTest {
    private static final Duration OFTEN = Duration.ofMillis(5);

    /**
     * On PostgreSQL the retention waits for a VACUUM, and for a server that has gone meanwhile; and
     * a look at a file waits for a disk that hangs.
     */
    @Test
    void withdrawalsThatAreKeptHereAreStoredWhileOthersWait() throws Exception {
        var waits = new CountDownLatch(2);
        var written = new CountDownLatch(1);
        try (var opened = new OpenParts()) {
            Monitoring.writing(
                    opened,
                    Duration.ZERO,
                    () -> {
                        waits.countDown();
                        Thread.sleep(Duration.ofMinutes(1));
                    },
                    OFTEN,
                    () -> {
                        waits.await();
                        written.countDown();
                    },
                    () -> {
                        waits.countDown();
                        Thread.sleep(Duration.ofMinutes(1));
                    });
            assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
