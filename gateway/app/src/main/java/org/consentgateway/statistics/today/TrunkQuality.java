package org.consentgateway.statistics.today;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. How calls sounded by trunk, in each direction, over the last day: opinion scores and
 * losses of calls that have ended. Kept in memory and on this node; for longer times there are the
 * metrics and the call detail records. Names nobody.
 */
public final class TrunkQuality implements CallListener {
    /** That are looked back, with the one that is not over. */
    public static final int HOURS = 24;

    /** A mean opinion score is kept in these steps. */
    private static final double STEP = 0.05;

    /** Loss above which somebody may hear it, in percent of a call's packets (ITU-T G.107). */
    private static final double LOSSY_PERCENT = 1;

    private final InstantSource clock;
    private final TreeMap<Instant, Map<String, OfTrunk>> hours = new TreeMap<>();

    /** Whose sound it is. */
    public enum Direction {
        /** What came from callers. */
        RECEIVED,
        /** What went to them, by what their side has told (RFC 3550 §6.4.1). */
        SENT
    }

    /**
     * Immutable. What was measured in one direction.
     *
     * @param calls in which it was measured
     * @param scores null where none was
     * @param lossy calls that lost more than 1 %
     */
    public record Sounded(
            long calls, @Nullable Opinions scores, long packets, long lost, long lossy) {
        static final Sounded NOTHING = new Sounded(0, null, 0, 0, 0);

        /** Of all packets that should have come, 0 to 100; NaN where there were none. */
        public double lossPercent() {
            return packets == 0 ? Double.NaN : 100.0 * lost / packets;
        }
    }

    /**
     * Immutable. Mean opinion scores by ITU-T G.107, 1 to 4.5.
     *
     * @param low of ten calls nine had this score or a better one
     * @param high of ten calls one had this score or a better one
     */
    public record Opinions(double low, double median, double high) {}

    /** Mutable. What was counted of one trunk in one hour, or in all of them. */
    private static final class OfTrunk {
        private final Map<Direction, Sum> directions = new EnumMap<>(Direction.class);

        Sum of(Direction direction) {
            return directions.computeIfAbsent(direction, _ -> new Sum());
        }
    }

    /** Mutable. */
    private static final class Sum {
        private final TreeMap<Long, Long> scores = new TreeMap<>();
        private long packets;
        private long lost;
        private long lossy;

        void add(long all, StreamQuality.Measured call) {
            scores.merge(Math.round(call.mos() / STEP), 1L, Long::sum);
            packets += all;
            lost += call.lost();
            lossy += call.lossPercent() > LOSSY_PERCENT ? 1 : 0;
        }

        void add(Sum other) {
            other.scores.forEach((score, calls) -> scores.merge(score, calls, Long::sum));
            packets += other.packets;
            lost += other.lost;
            lossy += other.lossy;
        }

        Sounded sounded() {
            long calls = scores.values().stream().mapToLong(Long::longValue).sum();
            return calls == 0
                    ? Sounded.NOTHING
                    : new Sounded(
                            calls,
                            new Opinions(at(0.1, calls), at(0.5, calls), at(0.9, calls)),
                            packets,
                            lost,
                            lossy);
        }

        private double at(double share, long calls) {
            long wanted = Math.max(1, (long) Math.ceil(share * calls));
            long seen = 0;
            for (Map.Entry<Long, Long> each : scores.entrySet()) {
                seen += each.getValue();
                if (seen >= wanted) {
                    return each.getKey() * STEP;
                }
            }
            throw new IllegalStateException("no call is of that rank");
        }
    }

    public TrunkQuality(InstantSource clock) {
        this.clock = clock;
    }

    /** What was not measured is left out: no packet came, or the far side has told nothing. */
    @Override
    public void told(CallEvent event) {
        if (event instanceof CallEvent.Ended(var outcome, var media)) {
            String trunk = outcome.trail().facts().trunk();
            add(trunk, Direction.RECEIVED, StreamQuality.received(media));
            add(trunk, Direction.SENT, StreamQuality.sent(media));
        }
    }

    private synchronized void add(String trunk, Direction direction, StreamQuality stream) {
        StreamQuality.Measured measured = stream.measured();
        if (measured != null) {
            forget();
            hours.computeIfAbsent(hour(), _ -> new HashMap<>())
                    .computeIfAbsent(trunk, _ -> new OfTrunk())
                    .of(direction)
                    .add(stream.packets(), measured);
        }
    }

    /** Of calls of this trunk, in both directions. */
    public synchronized Map<Direction, Sounded> look(String trunk) {
        forget();
        Map<Direction, Sounded> all = new EnumMap<>(Direction.class);
        for (Direction direction : Direction.values()) {
            var sum = new Sum();
            for (Map<String, OfTrunk> hour : hours.values()) {
                OfTrunk there = hour.get(trunk);
                if (there != null) {
                    sum.add(there.of(direction));
                }
            }
            all.put(direction, sum.sounded());
        }
        return all;
    }

    private void forget() {
        hours.headMap(hour().minus(HOURS - 1L, ChronoUnit.HOURS)).clear();
    }

    private Instant hour() {
        return clock.instant().truncatedTo(ChronoUnit.HOURS);
    }
}
