package org.consentgateway.console.account;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Thread-safe. Sign-ins that were begun and are not done, a thousand of them. One more has one of
 * the source that has most begin again, its oldest: so nobody, from a few addresses, throws out
 * those of others.
 *
 * @param <V> what is needed to do one
 */
public final class SignInsUnderWay<V> {
    public static final int MOST = 1_000;

    /** The oldest first. */
    private final Map<String, Begun<V>> byKey = new LinkedHashMap<>();

    private record Begun<V>(String source, V what) {}

    /**
     * The one before of this key counts no more.
     *
     * @param source where it comes from: an address, of IPv6 its network
     */
    public synchronized void put(String key, String source, V what) {
        byKey.remove(key);
        byKey.put(key, new Begun<>(source, what));
        if (byKey.size() > MOST) {
            dropOldestOfMost();
        }
    }

    private void dropOldestOfMost() {
        Map<String, Integer> counts = new HashMap<>();
        byKey.values().forEach(each -> counts.merge(each.source(), 1, Integer::sum));
        Integer most = Collections.max(counts.values());
        byKey.entrySet().stream()
                .filter(each -> most.equals(counts.get(each.getValue().source())))
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(byKey::remove);
    }

    public synchronized Optional<V> get(String key) {
        return Optional.ofNullable(byKey.get(key)).map(Begun::what);
    }

    public synchronized Optional<V> remove(String key) {
        return Optional.ofNullable(byKey.remove(key)).map(Begun::what);
    }
}
