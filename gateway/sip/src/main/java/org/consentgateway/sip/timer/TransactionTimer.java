package org.consentgateway.sip.timer;

import gov.nist.javax.sip.SipStackImpl;
import gov.nist.javax.sip.stack.SIPStackTimerTask;
import gov.nist.javax.sip.stack.timers.SipTimer;
import java.util.Properties;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers of JAIN-SIP's transactions (RFC 3261 §17). Its own go by the time of day: once that
 * was set back by an hour nothing was repeated and no transaction ended for an hour. Thread-safe.
 */
public final class TransactionTimer implements SipTimer {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionTimer.class);

    private final MonotonicAlarm alarm = new MonotonicAlarm("sip-transactions");
    private volatile boolean started;

    /** For the stack, which makes one by its name. */
    public TransactionTimer() {}

    @Override
    public void start(SipStackImpl stack, Properties properties) {
        started = true;
    }

    @Override
    public boolean isStarted() {
        return started;
    }

    @Override
    public void stop() {
        started = false;
        alarm.close();
    }

    /** Whether it will be done, which is not so behind the end. */
    @Override
    public boolean schedule(SIPStackTimerTask task, long millis) {
        var scheduled = new Scheduled(task);
        scheduled.next = alarm.after(millis, scheduled);
        return started;
    }

    /** As {@link #schedule}, again and again. */
    @Override
    public boolean scheduleWithFixedDelay(SIPStackTimerTask task, long millis, long period) {
        var scheduled = new Scheduled(task);
        scheduled.next = alarm.every(millis, period, scheduled);
        return started;
    }

    @Override
    public boolean cancel(SIPStackTimerTask task) {
        return task.getSipTimerTask() instanceof Scheduled scheduled && scheduled.cancel();
    }

    /** What the stack holds of a task, to cancel it. Thread-safe. */
    private static final class Scheduled implements Runnable {
        private volatile @Nullable SIPStackTimerTask task;
        private volatile @Nullable Future<?> next;

        Scheduled(SIPStackTimerTask task) {
            this.task = task;
            task.setSipTimerTask(this);
        }

        /** One that fails may be of one transaction; those of others go on, and so does it. */
        @Override
        public void run() {
            SIPStackTimerTask due = task;
            if (due == null) {
                cancelNext();
                return;
            }
            try {
                due.runTask();
            } catch (RuntimeException | Error e) {
                LOG.error("a timer of a SIP transaction failed: {}", e.getClass().getName());
            }
        }

        boolean cancel() {
            SIPStackTimerTask cancelled = task;
            if (cancelled == null) {
                return false;
            }
            cancelled.cleanUpBeforeCancel();
            task = null;
            return cancelNext();
        }

        private boolean cancelNext() {
            Future<?> coming = next;
            return coming != null && coming.cancel(false);
        }
    }
}
