package org.consentgateway.media.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * The even ports of a range. A returned one rests in quarantine, its sockets closed, so that a
 * stale packet of one call never reaches the next; then it queues behind all others. Thread-safe.
 */
final class PortRange {
    private record Resting(int port, long untilNanos) {}

    private final int pairs;
    private final long quarantineNanos;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final ArrayDeque<Resting> resting = new ArrayDeque<>();

    /**
     * @param first even, or the next even one counts
     * @param last inclusive; the RTCP port must lie within as well
     * @param random shuffles, since ports in sequence can be guessed
     */
    PortRange(int first, int last, long quarantineNanos, RandomGenerator random) {
        List<Integer> ports = new ArrayList<>();
        for (int port = first + (first & 1); port + 1 <= last; port += 2) {
            ports.add(port);
        }
        if (ports.isEmpty() || first < 1 || last > 65_535) {
            throw new IllegalArgumentException(
                    "ports %d to %d hold no pair of an even port and the next"
                            .formatted(first, last));
        }
        Collections.shuffle(ports, java.util.Random.from(random));
        this.pairs = ports.size();
        this.quarantineNanos = quarantineNanos;
        free.addAll(ports);
    }

    /** An RTP port nobody uses and none has used for the quarantine, or empty. */
    synchronized OptionalInt take(long nowNanos) {
        wake(nowNanos);
        Integer port = free.poll();
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    synchronized void giveBack(int port, long nowNanos) {
        resting.add(new Resting(port, nowNanos + quarantineNanos));
    }

    private void wake(long nowNanos) {
        for (Resting first = resting.peek();
                first != null && nowNanos - first.untilNanos() >= 0;
                first = resting.peek()) {
            free.add(first.port());
            resting.remove();
        }
    }

    int pairs() {
        return pairs;
    }

    synchronized int resting(long nowNanos) {
        wake(nowNanos);
        return resting.size();
    }

    synchronized int inUse() {
        return pairs - free.size() - resting.size();
    }
}
