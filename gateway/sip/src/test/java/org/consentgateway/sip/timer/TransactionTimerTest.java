package org.consentgateway.sip.timer;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.stack.SIPStackTimerTask;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Confined to the test's thread. */
class TransactionTimerTest {
    private final TransactionTimer timer = new TransactionTimer();

    TransactionTimerTest() {
        timer.start(null, new Properties());
    }

    @AfterEach
    void end() {
        timer.stop();
    }

    @Test
    void whatIsDueAboutTheSameTimeIsDoneAtTheSameTime() {
        long twentyMillis = TimeUnit.MILLISECONDS.toNanos(20);
        for (long now = -7; now < 3 * twentyMillis; now += 1_234_567) {
            long delay = MonotonicAlarm.together(now, 500);
            assertThat(Math.floorMod(now + delay, twentyMillis)).isZero();
            assertThat(delay - TimeUnit.MILLISECONDS.toNanos(500))
                    .isBetween(-twentyMillis / 2, twentyMillis / 2);
        }
        assertThat(MonotonicAlarm.together(5, 7)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(7));
    }

    @Test
    void aTaskComesAgainUntilItIsCancelled() throws InterruptedException {
        var twice = new CountDownLatch(2);
        var tidied = new AtomicInteger();
        Task task = new Task(twice::countDown, tidied::incrementAndGet);
        assertThat(timer.scheduleWithFixedDelay(task, 0, 20)).isTrue();
        assertThat(twice.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(timer.cancel(task)).isTrue();
        assertThat(timer.cancel(task)).as("a second time").isFalse();
        assertThat(tidied).hasValue(1);
        long then = twice.getCount();
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(twice.getCount()).isEqualTo(then);
    }

    @Test
    void oneThatFailsKeepsNeitherItselfNorOthersFromTheirNextTurn() throws InterruptedException {
        var failing = new CountDownLatch(3);
        var other = new CountDownLatch(3);
        timer.scheduleWithFixedDelay(
                new Task(
                        () -> {
                            failing.countDown();
                            throw new IllegalStateException("of a transaction");
                        },
                        () -> {}),
                0,
                20);
        timer.scheduleWithFixedDelay(new Task(other::countDown, () -> {}), 0, 20);
        assertThat(failing.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(other.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatWasMissedWhileTheProcessStoodStillIsNotMadeUpFor() throws InterruptedException {
        List<Long> turns = new CopyOnWriteArrayList<>();
        var over = new CountDownLatch(1);
        timer.schedule(new Task(() -> standStill(400), () -> {}), 0);
        timer.scheduleWithFixedDelay(new Task(() -> turns.add(System.nanoTime()), () -> {}), 0, 20);
        timer.schedule(new Task(over::countDown, () -> {}), 500);
        assertThat(over.await(5, TimeUnit.SECONDS)).isTrue();
        // Twenty were missed; five are due until the end.
        assertThat(turns).hasSizeLessThan(12);
    }

    @Test
    void nothingIsDoneBehindTheEnd() {
        timer.stop();
        assertThat(timer.isStarted()).isFalse();
        var task = new Task(() -> {}, () -> {});
        assertThat(timer.schedule(task, 0)).isFalse();
        assertThat(timer.scheduleWithFixedDelay(task, 0, 20)).isFalse();
    }

    private static void standStill(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Task extends SIPStackTimerTask {
        private final Runnable work;
        private final Runnable tidying;

        Task(Runnable work, Runnable tidying) {
            this.work = work;
            this.tidying = tidying;
        }

        @Override
        public void runTask() {
            work.run();
        }

        @Override
        public void cleanUpBeforeCancel() {
            tidying.run();
        }

        @Override
        public Object getThreadHash() {
            return this;
        }
    }
}
