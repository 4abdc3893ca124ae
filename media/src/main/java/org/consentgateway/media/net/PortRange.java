package org.consentgateway.media.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The even ports of a range. A returned one rests in quarantine, its sockets closed, so that a
 * stale packet of one call never reaches the next; then it queues behind all others. Where no other
 * is left, the one that has rested longest is used before its time: rather that than no call, and
 * what is still on its way is a stranger to the next leg ({@link
 * org.consentgateway.media.rtp.SourceLock}). Thread-safe.
 */
final class PortRange {
    /** Longer than a packet, or a BYE and its repetition, is on its way. */
    static final long LEAST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Resting(int port, long sinceNanos) {}

    private final int pairs;
    private final long quarantineNanos;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final ArrayDeque<Resting> resting = new ArrayDeque<>();

    /** RTP and RTCP ports that are in use. */
    private final BitSet taken = new BitSet();

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

    /**
     * An RTP port nobody uses and none has used for the quarantine; where there is none, one that
     * has rested for a second at least; or empty.
     */
    synchronized OptionalInt take(long nowNanos) {
        wake(nowNanos, quarantineNanos);
        if (free.isEmpty()) {
            wakeFirst(nowNanos, Math.min(quarantineNanos, LEAST_REST_NANOS));
        }
        Integer port = free.poll();
        if (port == null) {
            return OptionalInt.empty();
        }
        taken.set(port, port + 2);
        return OptionalInt.of(port);
    }

    synchronized void giveBack(int port, long nowNanos) {
        taken.clear(port, port + 2);
        resting.add(new Resting(port, nowNanos));
    }

    /** Whether it is the RTP or the RTCP port of a pair in use. */
    synchronized boolean isTaken(int port) {
        return taken.get(port);
    }

    private void wake(long nowNanos, long restNanos) {
        while (wakeFirst(nowNanos, restNanos)) {
            // they were returned in order
        }
    }

    private boolean wakeFirst(long nowNanos, long restNanos) {
        Resting first = resting.peek();
        if (first == null || nowNanos - first.sinceNanos() < restNanos) {
            return false;
        }
        free.add(first.port());
        resting.remove();
        return true;
    }

    int pairs() {
        return pairs;
    }

    synchronized int resting(long nowNanos) {
        wake(nowNanos, quarantineNanos);
        return resting.size();
    }

    synchronized int inUse() {
        return pairs - free.size() - resting.size();
    }
}
