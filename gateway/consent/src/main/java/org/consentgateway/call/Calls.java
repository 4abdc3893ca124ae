package org.consentgateway.call;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Thread-safe. All calls of this process: admits them up to a limit, one virtual thread each. */
public final class Calls {
    private final int limit;
    private final int limitPerLine;
    private final CallServices services;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    private final Set<Caller> callers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, Integer> perLine = new HashMap<>();
    private boolean draining;

    /**
     * @param limit how many calls may be under way at once
     */
    public Calls(int limit, CallServices services) {
        this(limit, limit, services);
    }

    /**
     * @param limitPerLine how many of them to one line
     */
    public Calls(int limit, int limitPerLine, CallServices services) {
        this.limit = limit;
        this.limitPerLine = limitPerLine;
        this.services = services;
    }

    /** Whether a call was taken, or why not. */
    public enum Admission {
        TAKEN,
        OVER_LIMIT,
        DRAINING
    }

    /** Starts the story of a call, or says why not; returns at once. */
    public Admission offer(Caller caller, Line line) {
        Admission admission = admit(caller, line);
        switch (admission) {
            case TAKEN -> start(caller, line);
            case OVER_LIMIT, DRAINING ->
                    services.listener().told(new CallEvent.Rejected(admission));
        }
        return admission;
    }

    private Admission admit(Caller caller, Line line) {
        lock.lock();
        try {
            if (draining) {
                return Admission.DRAINING;
            }
            if (callers.size() >= limit || perLine.getOrDefault(line.id(), 0) >= limitPerLine) {
                return Admission.OVER_LIMIT;
            }
            callers.add(caller);
            perLine.merge(line.id(), 1, Integer::sum);
            return Admission.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    private void start(Caller caller, Line line) {
        Thread.ofVirtual()
                .name("call-" + caller.facts().callId())
                .start(() -> {
                    try {
                        new ConsentCall(services, line, caller).run();
                    } finally {
                        caller.hangUp(Ending.FAILURE);
                        leave(caller, line);
                    }
                });
    }

    private void leave(Caller caller, Line line) {
        lock.lock();
        try {
            callers.remove(caller);
            perLine.computeIfPresent(line.id(), (_, n) -> n == 1 ? null : n - 1);
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public int active() {
        lock.lock();
        try {
            return callers.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many of them are to this line. */
    public int activeOn(Line line) {
        lock.lock();
        try {
            return perLine.getOrDefault(line.id(), 0);
        } finally {
            lock.unlock();
        }
    }

    public boolean draining() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no more calls, waits for those under way, then asks the rest to say goodbye and waits
     * again for at most {@code goodbye}; who is still there is hung up.
     *
     * @return how many had to be asked
     */
    public int drain(Duration patience, Duration goodbye) throws InterruptedException {
        lock.lock();
        try {
            draining = true;
        } finally {
            lock.unlock();
        }
        if (empty(patience)) {
            return 0;
        }
        List<Caller> rest = under();
        rest.forEach(Caller::drain);
        if (!empty(goodbye)) {
            under().forEach(caller -> caller.hangUp(Ending.DRAINED));
        }
        return rest.size();
    }

    private List<Caller> under() {
        lock.lock();
        try {
            return List.copyOf(callers);
        } finally {
            lock.unlock();
        }
    }

    private boolean empty(Duration atMost) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(atMost);
        lock.lock();
        try {
            while (!callers.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = fewer.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
