package org.consentgateway.sip.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.consentgateway.sip.dns.ServerAddress.Place;

/**
 * Servers that failed are left alone for a while (RFC 3263 §4.3), longer each time, and tried
 * before their time only where there is no other. Thread-safe.
 */
public final class Backoff {
    static final long FIRST_NANOS = 10_000_000_000L;
    static final long MOST_NANOS = 300_000_000_000L;

    /** Servers remembered; beyond, all are forgotten, which costs a try each. */
    private static final int MAX_PLACES = 4096;

    /** How often in a row, and until when it rests. */
    private record Rest(int failures, long untilNanos) {}

    private final LongSupplier nanos;
    private final ConcurrentMap<Place, Rest> resting = new ConcurrentHashMap<>();

    public Backoff(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * @param leastNanos what the server itself asked for (Retry-After), or 0
     */
    public void failed(ServerAddress server, long leastNanos) {
        if (resting.size() >= MAX_PLACES) {
            resting.clear();
        }
        long now = nanos.getAsLong();
        resting.merge(
                server.place(),
                new Rest(1, now + Math.clamp(leastNanos, FIRST_NANOS, MOST_NANOS)),
                (before, _) -> {
                    int failures = before.failures() + 1;
                    long wait = Math.min(FIRST_NANOS << Math.min(failures - 1, 5), MOST_NANOS);
                    return new Rest(failures, now + Math.clamp(leastNanos, wait, MOST_NANOS));
                });
    }

    public void answered(ServerAddress server) {
        resting.remove(server.place());
    }

    /** In the same order, but those that rest last. */
    List<ServerAddress> restedFirst(List<ServerAddress> servers) {
        List<ServerAddress> ordered = new ArrayList<>();
        List<ServerAddress> last = new ArrayList<>();
        for (ServerAddress server : servers) {
            (rests(server) ? last : ordered).add(server);
        }
        ordered.addAll(last);
        return ordered;
    }

    public boolean rests(ServerAddress server) {
        Rest rest = resting.get(server.place());
        return rest != null && rest.untilNanos() - nanos.getAsLong() > 0;
    }
}
