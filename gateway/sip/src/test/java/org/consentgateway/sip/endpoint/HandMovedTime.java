package org.consentgateway.sip.endpoint;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.consentgateway.sip.dns.DnsLookups;
import org.consentgateway.sip.timer.Alarm;
import org.consentgateway.sip.transport.ClockAndDns;

/** Alarms that ring when the test lets time pass, and not before. Thread-safe. */
final class HandMovedTime implements Alarm {
    private record Due(long millis, FutureTask<?> work) {}

    private final PriorityQueue<Due> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Due::millis));
    private long now;
    private int set;

    /** Real but for the alarms. */
    ClockAndDns machine() {
        return new ClockAndDns(
                System::nanoTime, InstantSource.system(), DnsLookups.ofThisMachine(), () -> this);
    }

    @Override
    public synchronized Future<?> after(long millis, Runnable work) {
        var task = new FutureTask<>(work, null);
        waiting.add(new Due(now + millis, task));
        set++;
        return task;
    }

    /** What is due meanwhile is done before this returns, in its order. */
    synchronized void pass(Duration time) {
        long until = now + time.toMillis();
        for (Due next = waiting.peek();
                next != null && next.millis() <= until;
                next = waiting.peek()) {
            waiting.remove();
            now = next.millis();
            next.work().run();
        }
        now = until;
    }

    /** How many alarms were ever set. */
    synchronized int set() {
        return set;
    }

    /** Waits until one more was set than so many. */
    void setSince(int before) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> set() > before);
    }

    /** Waits until one is set that rings after so long, whatever else was set meanwhile. */
    void setFor(Duration time) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> rings(time));
    }

    private synchronized boolean rings(Duration time) {
        return waiting.stream().anyMatch(due -> due.millis() == now + time.toMillis());
    }

    @Override
    public synchronized void close() {
        waiting.clear();
    }
}
