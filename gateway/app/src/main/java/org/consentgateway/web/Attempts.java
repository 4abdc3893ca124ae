package org.consentgateway.web;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Thread-safe. How often something may still be tried: so many at once, then one after each pause.
 * Whoever waits long enough has one again. By a name that others know, too, they can use up
 * somebody's tries again and again: such a name is counted together with where they come from.
 */
public final class Attempts {
    /** That are remembered; the one not seen for longest is forgotten. */
    private static final int MOST = 10_000;

    private final int atOnce;
    private final Duration pause;

    /** Until when each has used up what it had: the further ahead, the fewer are left. */
    private final Map<String, Instant> used =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                    return size() > MOST;
                }
            };

    public Attempts(int atOnce, Duration pause) {
        this.atOnce = atOnce;
        this.pause = pause;
    }

    /** Takes one; false where there is none. */
    public synchronized boolean take(String who, Instant now) {
        Instant before = used.getOrDefault(who, Instant.EPOCH);
        Instant after = (before.isAfter(now) ? before : now).plus(pause);
        if (after.isAfter(now.plus(pause.multipliedBy(atOnce)))) {
            return false;
        }
        used.put(who, after);
        return true;
    }

    /** One that came to nothing through no fault of theirs. */
    public synchronized void giveBack(String who) {
        used.computeIfPresent(who, (_, until) -> until.minus(pause));
    }

    /** Whoever was right begins anew. */
    public synchronized void forget(String who) {
        used.remove(who);
    }
}
