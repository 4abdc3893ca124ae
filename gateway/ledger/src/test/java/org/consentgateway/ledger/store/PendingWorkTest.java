package org.consentgateway.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.entry.Prepared;
import org.consentgateway.ledger.store.PendingWork.Append;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PendingWorkTest {
    private final PendingWork pending = new PendingWork(100, 50);

    private static Append append(EntryType... types) {
        return new Append(
                List.of(types).stream()
                        .map(type ->
                                new Prepared(
                                        UUID.randomUUID(),
                                        type,
                                        new byte[0],
                                        Facts.of(JsonNodeFactory.instance.objectNode()),
                                        List.of()))
                        .toList(),
                new CompletableFuture<>());
    }

    /** So many batches, each begun with one of these while nothing else waits. */
    private void alone(int batches, EntryType... types) {
        for (int i = 0; i < batches; i++) {
            assertThat(pending.batch(append(types))).hasSize(1);
        }
    }

    @Test
    void whatACallerWaitsForIsWrittenAtOnce() {
        assertTimeout(
                Duration.ofSeconds(1),
                () -> {
                    alone(200, EntryType.GIVEN);
                    alone(200, EntryType.WITHDRAWN, EntryType.ASSISTANT_CUT);
                    alone(200, EntryType.USED);
                    alone(200, EntryType.ASSISTANT_OPENED);
                    alone(200, EntryType.SERVED);
                });
    }

    @Test
    void whatIsOverIsWrittenWithWhatComesNext() throws Exception {
        int together = 0;
        for (int i = 0; i < 20; i++) {
            Append given = append(EntryType.GIVEN);
            var caller =
                    CompletableFuture.runAsync(
                            () -> pending.offer(given),
                            CompletableFuture.delayedExecutor(3, TimeUnit.MILLISECONDS));
            together += pending.batch(append(EntryType.ASSISTANT_CUT)).size() - 1;
            caller.get();
            pending.takeAll();
        }
        assertThat(together).as("of 20, on a machine that may be busy").isGreaterThan(10);
    }

    @Test
    void whatIsOverDoesNotWaitForLong() {
        assertTimeout(Duration.ofSeconds(2), () -> alone(20, EntryType.ASSISTANT_CUT));
    }

    @Test
    void norWhereMoreOfItComesAllTheTime() throws Exception {
        Thread others =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!Thread.interrupted()) {
                                LockSupport.parkNanos(2_000_000);
                                boolean _ = pending.offer(append(EntryType.ASSISTANT_CUT));
                            }
                        });
        try {
            assertThat(pending.batch(append(EntryType.ASSISTANT_CUT))).hasSizeLessThan(25);
        } finally {
            others.interrupt();
            others.join();
        }
    }

    @Test
    void whoeverIsInterruptedHasItWritten() {
        Thread.currentThread().interrupt();
        assertThat(pending.batch(append(EntryType.UNANSWERED))).hasSize(1);
        assertThat(Thread.interrupted()).isTrue();
    }
}
