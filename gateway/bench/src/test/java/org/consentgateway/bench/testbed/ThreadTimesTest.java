package org.consentgateway.bench.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A row that says which threads took the time is believed. */
@Timeout(30)
class ThreadTimesTest {
    private static final double WORK_MILLIS = 50;

    private final ChildProcess own = new ChildProcess(ProcessHandle.current().pid());

    @Test
    void whatAThreadTookIsItsTasks() throws Exception {
        ThreadTimes before = own.threadTimes();
        Map<String, Double> byTask =
                whenWorked("media-0", () -> own.threadTimes().since(before).byTask());

        assertThat(byTask.get("the voice")).isGreaterThanOrEqualTo(WORK_MILLIS);
        assertThat(byTask.get("the recognition")).isZero();
        assertThat(byTask.get("the verification of the log")).isZero();
    }

    @Test
    void whatCollectsIsTold() throws IOException {
        ThreadTimes before = own.threadTimes();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }

        assertThat(own.threadTimes().since(before).byTask().get("garbage collection"))
                .isGreaterThan(1);
    }

    /** Else the compilers, whose threads come and go, would seem to have taken less than none. */
    @Test
    void aThreadThatEndsTakesNothingBack() throws Exception {
        ThreadTimes before = whenWorked("media-1", own::threadTimes);

        assertThat(before.millis("media-1"::equals)).isGreaterThanOrEqualTo(WORK_MILLIS);
        assertThat(own.threadTimes().since(before).byTask().get("the voice"))
                .isBetween(0.0, WORK_MILLIS / 2);
    }

    @Test
    void whatTasksTakeIsPartOfAll() throws Exception {
        CpuUsage usage = whenWorked("media-2", () -> CpuUsage.during(own, 0.2));

        assertThat(usage.byTask())
                .containsOnlyKeys(
                        "the voice",
                        "the compilers",
                        "the recognition",
                        "the verification of the log",
                        "garbage collection");
        assertThat(usage.percent()).isPositive();
    }

    /** What is seen when a thread of this name has worked, and has not ended. */
    private static <T> T whenWorked(String name, Callable<T> seen) throws Exception {
        var worked = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        Thread thread =
                Thread.ofPlatform()
                        .name(name)
                        .start(() -> {
                            work();
                            worked.countDown();
                            await(over);
                        });
        try {
            worked.await();
            return seen.call();
        } finally {
            over.countDown();
            thread.join();
        }
    }

    private static void work() {
        var cpu = ManagementFactory.getThreadMXBean();
        double end = cpu.getCurrentThreadCpuTime() + WORK_MILLIS * 1e6;
        while (cpu.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
