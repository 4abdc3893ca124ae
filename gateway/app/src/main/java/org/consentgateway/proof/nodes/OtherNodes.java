package org.consentgateway.proof.nodes;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Thread-safe. Whether every other node is heard of. Who is silent may have a withdrawal that the
 * store does not know of yet, so that nobody's earlier consent is relied on meanwhile: callers are
 * asked in full.
 */
public final class OtherNodes {
    /** How often a node says something to each other one, if it is only that it has nothing. */
    static final Duration WORD = Duration.ofSeconds(2);

    /** A word may be lost, and the next come late. */
    static final Duration SILENT = Duration.ofSeconds(7);

    private final int expected;
    private final LongSupplier nanos;
    private final Map<String, LastWord> nodes = new ConcurrentHashMap<>();

    /**
     * @param at when a node sent its newest word, by its own clock, which does not go back
     * @param nanos when that came here
     */
    private record LastWord(Instant at, long nanos) {}

    /**
     * @param expected how many others there are
     */
    public OtherNodes(int expected, LongSupplier nanos) {
        this.expected = expected;
        this.nanos = nanos;
    }

    /** What was sent before, and is only repeated now by somebody on the way, says nothing. */
    void heard(String node, Instant at) {
        nodes.merge(
                node,
                new LastWord(at, nanos.getAsLong()),
                (before, now) -> now.at().isAfter(before.at()) ? now : before);
    }

    /** How many are not heard of. */
    public int silent() {
        long now = nanos.getAsLong();
        long heard =
                nodes.values().stream()
                        .filter(each -> now - each.nanos() < SILENT.toNanos())
                        .count();
        return (int) Math.max(0, expected - heard);
    }
}
