package org.consentgateway.console.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What hashing passwords leaves to callers and to other sign-ins. */
@Timeout(30)
class HashingThreadTest {
    private final HashingThread thread = new HashingThread();
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();

    private boolean hash() {
        begun.incrementAndGet();
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private List<Future<Optional<Boolean>>> ask(ExecutorService visitors, int many, boolean known) {
        return IntStream.range(0, many)
                .mapToObj(_ -> visitors.submit(() -> thread.answer(this::hash, known)))
                .toList();
    }

    private Optional<Boolean> atOnce(ExecutorService visitors, boolean known) throws Exception {
        return ask(visitors, 1, known).getFirst().get(5, TimeUnit.SECONDS);
    }

    @AfterEach
    void letAllGo() {
        done.countDown();
    }

    /** Calls start on virtual threads, which share few carriers. */
    @Test
    void aHashIsMadeOnAThreadThatKeepsNoCarrier() {
        assertThat(thread.answer(() -> !Thread.currentThread().isVirtual(), false)).contains(true);
    }

    @Test
    void oneIsMadeAtATimeAndWhoComesBehindTenThatWaitIsToldAtOnce() throws Exception {
        // Not closed: a visitor who is not told would have it wait for ever.
        ExecutorService visitors = Executors.newVirtualThreadPerTaskExecutor();
        var _ = ask(visitors, 1, false);
        await().until(() -> begun.get() == 1);
        var rest = ask(visitors, HashingThread.MAY_WAIT, true);
        await().until(() -> thread.waiting() == HashingThread.MAY_WAIT);

        assertThat(atOnce(visitors, false)).as("a stranger").isEmpty();
        var known = ask(visitors, HashingThread.RESERVED, true);
        await().until(() -> thread.waiting() == HashingThread.MAY_WAIT + known.size());
        assertThat(atOnce(visitors, true)).as("one too many").isEmpty();
        assertThat(begun).hasValue(1);

        done.countDown();
        for (var each : rest) {
            assertThat(each.get()).contains(true);
        }
        for (var each : known) {
            assertThat(each.get()).contains(true);
        }
    }
}
