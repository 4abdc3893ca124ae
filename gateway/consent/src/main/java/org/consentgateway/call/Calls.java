package org.consentgateway.call;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.consentgateway.call.far.Ending;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Purpose;

/**
 * Thread-safe. All calls of this process, one virtual thread each; decides alone how many there may
 * be, in all and to one line.
 */
public final class Calls {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    private final Set<Caller> callers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, Integer> perLine = new HashMap<>();
    private int limit;
    private int limitPerLine;
    private boolean draining;

    /**
     * @param limit how many calls may be under way at once
     * @param limitPerLine how many of them to one line
     */
    public Calls(int limit, int limitPerLine) {
        this.limit = limit;
        this.limitPerLine = limitPerLine;
    }

    /**
     * Other limits from now on; nobody who is calling already has to go.
     *
     * @param all calls that may be under way at once
     * @param perLine how many of them to one line
     */
    public void limits(int all, int perLine) {
        lock.lock();
        try {
            limit = all;
            limitPerLine = perLine;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is room for one more call, or why not. */
    public enum Room {
        FREE,
        /** As many calls are under way as there may be, in all. */
        FULL,
        /** The same, to this line. */
        LINE_FULL,
        DRAINING
    }

    /** For a call to whatever line. */
    public Room room() {
        lock.lock();
        try {
            if (draining) {
                return Room.DRAINING;
            }
            return callers.size() >= limit ? Room.FULL : Room.FREE;
        } finally {
            lock.unlock();
        }
    }

    /** For a call to this line. */
    public Room room(Line line) {
        lock.lock();
        try {
            boolean lineFull = perLine.getOrDefault(line.id(), 0) >= limitPerLine;
            return lineFull && !draining ? Room.LINE_FULL : room();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts the story of a call, or says why not; returns at once. Asked first, {@link #room} may
     * have told of room that others have taken meanwhile.
     *
     * @param services this call's to its end, whatever later ones get
     * @return {@link Room#FREE} if there was room, which it takes now
     */
    public Room offer(Caller caller, Line line, CallServices services) {
        Room room = take(caller, line);
        if (room == Room.FREE) {
            start(caller, line, services);
        } else {
            services.listener().told(new CallEvent.Rejected(room));
        }
        return room;
    }

    private Room take(Caller caller, Line line) {
        lock.lock();
        try {
            Room room = room(line);
            if (room == Room.FREE) {
                callers.add(caller);
                perLine.merge(line.id(), 1, Integer::sum);
            }
            return room;
        } finally {
            lock.unlock();
        }
    }

    private void start(Caller caller, Line line, CallServices services) {
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

    /** Who is calling now. */
    public List<CallFacts> underWay() {
        return under().stream().map(Caller::facts).toList();
    }

    /**
     * Asks one call to say goodbye, as all are asked by {@link #drain}.
     *
     * @return whether there is such a call
     */
    public boolean end(UUID call) {
        List<Caller> these =
                under().stream().filter(each -> each.facts().callId().equals(call)).toList();
        these.forEach(Caller::drain);
        return !these.isEmpty();
    }

    /**
     * Asks the caller of one call for one more purpose, in the name of the assistant.
     *
     * @return whether a talk with an assistant is under way there
     */
    public boolean ask(UUID call, Purpose purpose) {
        return under().stream()
                .filter(each -> each.facts().callId().equals(call))
                .anyMatch(each -> each.ask(purpose));
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
