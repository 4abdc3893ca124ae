package org.consentgateway.sip.counters;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what becomes of the calls of one trunk. Thread-safe. */
final class LiveTrunkCounters {
    private final Map<Integer, Long> given = new TreeMap<>();
    private final Map<Integer, Long> got = new TreeMap<>();
    private final Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);

    /**
     * @param ours whether we gave the answer
     */
    synchronized void answered(int status, boolean ours) {
        (ours ? given : got).merge(status, 1L, Long::sum);
    }

    synchronized void rejected(Rejection why) {
        rejected.merge(why, 1L, Long::sum);
    }

    synchronized TrunkCounters snapshot(String trunk) {
        return new TrunkCounters(trunk, Map.copyOf(given), Map.copyOf(got), Map.copyOf(rejected));
    }
}
