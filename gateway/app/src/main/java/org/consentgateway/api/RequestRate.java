package org.consentgateway.api;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Thread-safe. How many requests each of many may make: a second's worth at once, which grows again
 * as time goes by. Of those who have not asked for longest, it is forgotten when there are too
 * many.
 */
final class RequestRate {
    /** Whose requests are counted apart. */
    private static final int MOST_KNOWN = 10_000;

    private final int perSecond;
    private final Map<String, Allowance> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Allowance> eldest) {
                    return size() > MOST_KNOWN;
                }
            };

    private record Allowance(double left, Instant at) {}

    RequestRate(int perSecond) {
        this.perSecond = perSecond;
    }

    int perSecond() {
        return perSecond;
    }

    /**
     * Takes one.
     *
     * @return how many are left; negative where there was none
     */
    synchronized int take(String who, Instant now) {
        double left = left(who, now);
        known.put(who, new Allowance(left >= 1 ? left - 1 : left, now));
        return left >= 1 ? (int) (left - 1) : -1;
    }

    private double left(String who, Instant now) {
        Allowance before = known.get(who);
        if (before == null || now.isBefore(before.at())) {
            return perSecond;
        }
        double grown =
                before.left()
                        + perSecond * (Duration.between(before.at(), now).toMillis() / 1000.0);
        return Math.min(perSecond, grown);
    }
}
