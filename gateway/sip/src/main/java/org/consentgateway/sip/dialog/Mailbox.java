package org.consentgateway.sip.dialog;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks done one at a time and in order, by whoever finds the mailbox idle. Thread-safe. */
final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Does nothing yet: a task put in while a lock is held is done after it is released. */
    void put(Runnable task) {
        tasks.add(task);
    }

    /** Does what is there, unless somebody is at it: then that one does it. */
    void empty(Executor by) {
        if (tasks.isEmpty() || waiting.getAndIncrement() != 0) {
            return;
        }
        by.execute(this::work);
    }

    private void work() {
        int seen = 1;
        do {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                try {
                    task.run();
                } catch (RuntimeException broken) {
                    // One listener's fault ends that task only; texts may quote numbers.
                    LOG.error(
                            "a SIP task failed: {} at {}",
                            broken.getClass().getName(),
                            broken.getStackTrace().length == 0 ? "?" : broken.getStackTrace()[0]);
                }
            }
            seen = waiting.addAndGet(-seen);
        } while (seen != 0);
    }
}
