package org.consentgateway;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Thread-safe. How many calls each trunk has under way, against what it may have. */
final class TrunkLoad {
    private final Map<String, Integer> limits;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    /**
     * @param limits by trunk name; a trunk not named has no limit of its own
     */
    TrunkLoad(Map<String, Integer> limits) {
        this.limits = limits;
    }

    boolean full(String trunk) {
        return of(trunk).get() >= limits.getOrDefault(trunk, Integer.MAX_VALUE);
    }

    void enter(String trunk) {
        of(trunk).incrementAndGet();
    }

    void leave(String trunk) {
        of(trunk).decrementAndGet();
    }

    private AtomicInteger of(String trunk) {
        return calls.computeIfAbsent(trunk, _ -> new AtomicInteger());
    }
}
