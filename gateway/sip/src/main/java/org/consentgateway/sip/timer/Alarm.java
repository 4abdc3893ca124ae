package org.consentgateway.sip.timer;

import java.util.concurrent.Future;

/** Wakes when a time is up. Thread-safe. */
public interface Alarm extends AutoCloseable {
    /**
     * @param millis from 40 on met within 10 ms, sooner or later, together with others
     * @param work must not wait; not done where it was cancelled before, or the alarm is closed
     */
    Future<?> after(long millis, Runnable work);

    /** Nothing is done any more. */
    @Override
    void close();

    /** In real time, on a thread of its own. */
    static Alarm real() {
        return new MonotonicAlarm("sip-timer");
    }
}
