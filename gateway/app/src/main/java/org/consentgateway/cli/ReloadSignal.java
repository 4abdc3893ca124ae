package org.consentgateway.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. SIGHUP: the configuration is read again, on a thread of its own. One that comes
 * while a file is being read has it read once more, since it may have changed meanwhile; more than
 * one need not wait.
 */
final class ReloadSignal {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadSignal.class);

    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile @Nullable Runnable reload;

    /** There is somebody who can read it again. */
    void open(Runnable how) {
        reload = how;
    }

    void heard() {
        Runnable how = reload;
        if (how == null) {
            LOG.info("SIGHUP: the gateway starts, so the configuration is being read already");
        } else if (waiting.compareAndSet(false, true)) {
            Thread.ofPlatform().name("reload").daemon().start(() -> run(how));
        }
    }

    private void run(Runnable how) {
        reading.lock();
        try {
            waiting.set(false);
            how.run();
        } finally {
            reading.unlock();
        }
    }
}
