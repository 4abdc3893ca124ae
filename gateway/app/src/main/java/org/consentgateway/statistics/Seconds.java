package org.consentgateway.statistics;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. How long callers waited for somebody to talk to, in whole seconds.
 *
 * @param waits seconds to how many
 */
public record Seconds(SortedMap<Integer, Long> waits) {
    private static final double HALF = 0.5;

    /** Of a histogram: fine enough to see where callers wait. */
    private static final int WIDE = 5;

    /** Whoever waited longer is in the last column. */
    private static final int LONGEST = 60;

    static final long MOST = 600;

    public Seconds {
        waits = Collections.unmodifiableSortedMap(new TreeMap<>(waits));
    }

    /** Whoever waits very long counts as waiting ten minutes. */
    public static int whole(Duration waited) {
        return Math.toIntExact(Math.clamp(waited.toSeconds(), 0, MOST));
    }

    /**
     * @param values of {@link Figure#JOINED}
     */
    static Seconds of(Map<String, Long> values, String whom) {
        var waits = new TreeMap<Integer, Long>();
        values.forEach((value, times) -> {
            if (value.startsWith(whom)) {
                waits.merge(of(value), times, Long::sum);
            }
        });
        return new Seconds(waits);
    }

    static int of(String value) {
        return Integer.parseInt(value.substring(value.indexOf('/') + 1));
    }

    /** From so many seconds on to how many callers, five seconds each; all from 0 to 60. */
    public SortedMap<Integer, Long> columns() {
        var columns = new TreeMap<Integer, Long>();
        for (int second = 0; second <= LONGEST; second += WIDE) {
            columns.put(second, 0L);
        }
        waits.forEach((second, callers) ->
                columns.merge(Math.min(second, LONGEST) / WIDE * WIDE, callers, Long::sum));
        return columns;
    }

    /** What a column is called. */
    static String label(int from) {
        return from == LONGEST ? LONGEST + " and more" : from + " to " + (from + WIDE - 1);
    }

    public long callers() {
        return waits.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * What so many of them waited at most.
     *
     * @param share from 0 to 1
     * @return null where there was nobody
     */
    public @Nullable Integer quantile(double share) {
        return at((long) Math.ceil(share * callers()));
    }

    public @Nullable Integer median() {
        return quantile(HALF);
    }

    /**
     * Of the median, 95 %, by the order of the waits (binomial, normal approximation): nothing is
     * supposed of how they are spread.
     */
    @Nullable Interval interval() {
        double n = callers();
        double reach = Share.Z * Math.sqrt(n) / 2;
        Integer low = at((long) Math.floor(n / 2 - reach));
        Integer high = at((long) Math.ceil(n / 2 + 1 + reach));
        return low == null || high == null ? null : new Interval(low, high);
    }

    /** The wait of this rank, the first is 1. */
    private @Nullable Integer at(long rank) {
        long wanted = Math.clamp(rank, 1, Math.max(1, callers()));
        long seen = 0;
        for (Map.Entry<Integer, Long> each : waits.entrySet()) {
            seen += each.getValue();
            if (seen >= wanted) {
                return each.getKey();
            }
        }
        return null;
    }
}
