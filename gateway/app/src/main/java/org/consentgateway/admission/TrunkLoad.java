package org.consentgateway.admission;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.consentgateway.sip.screen.SplitBucket;

/** Thread-safe. How many calls each trunk has under way and how fast they come, and its limits. */
public final class TrunkLoad {
    private volatile Map<String, Limits> limits;
    private final LongSupplier nanos;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Map<String, SplitBucket> rates = new ConcurrentHashMap<>();

    /**
     * @param calls at once
     * @param invitesPerSecond new calls in a second, and at once
     */
    public record Limits(int calls, int invitesPerSecond) {
        static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * @param limits by trunk name; a trunk not named has no limit of its own
     */
    public TrunkLoad(Map<String, Limits> limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    /** Other limits from now on; calls under way stay counted. */
    void limits(Map<String, Limits> next) {
        Map<String, Limits> before = limits;
        limits = next;
        rates.keySet()
                .removeIf(trunk ->
                        !before.getOrDefault(trunk, Limits.NONE)
                                .equals(next.getOrDefault(trunk, Limits.NONE)));
    }

    boolean full(String trunk) {
        return of(trunk).get() >= limits(trunk).calls();
    }

    /**
     * Counts a new call; false where it is above the rate.
     *
     * @param proven whether it comes over a connection, which datagrams must not keep out
     */
    boolean slowEnough(String trunk, boolean proven) {
        long now = nanos.getAsLong();
        return rates.computeIfAbsent(
                        trunk, _ -> new SplitBucket(limits(trunk).invitesPerSecond(), now))
                .take(proven, now);
    }

    void enter(String trunk) {
        of(trunk).incrementAndGet();
    }

    public void leave(String trunk) {
        of(trunk).decrementAndGet();
    }

    private Limits limits(String trunk) {
        return limits.getOrDefault(trunk, Limits.NONE);
    }

    private AtomicInteger of(String trunk) {
        return calls.computeIfAbsent(trunk, _ -> new AtomicInteger());
    }
}
