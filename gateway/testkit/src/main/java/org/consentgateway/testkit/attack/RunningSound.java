package org.consentgateway.testkit.attack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How the sound of a running call fared. Immutable.
 *
 * @param packets that came
 * @param lost sequence numbers that are missing among those
 * @param marked packets of ours that had to come back; 0 where nobody echoes
 * @param unreturned those of them that did not
 * @param longestGapMillis between two packets that came; where they are echoed, one between two of
 *     ours is in it
 * @param late packets later than {@link #BUDGET_MILLIS}: behind those of ours whose sound they
 *     bear; where nobody echoes, by their timestamps, behind the one that came soonest
 * @param latestMillis how late the latest was
 */
public record RunningSound(
        int packets,
        long lost,
        int marked,
        int unreturned,
        long longestGapMillis,
        int late,
        long latestMillis) {
    /** As much as a jitter buffer bears. */
    public static final int BUDGET_MILLIS = 60;

    private static final long MILLI_NANOS = 1_000_000;
    private static final long SAMPLE_NANOS = 125_000;

    /**
     * @param sent those of ours that have to come back, if any does
     * @param came in the order in which they came
     */
    static RunningSound of(List<Passed> sent, List<Passed> came) {
        Map<Integer, Long> echoes = new HashMap<>();
        for (Passed each : came) {
            if (each.mark() != Passed.NO_MARK) {
                echoes.putIfAbsent(each.mark(), each.nanos());
            }
        }
        List<Passed> marked = echoes.isEmpty() ? List.of() : sent;
        List<Long> behind = echoes.isEmpty() ? byTimestamp(came) : behind(marked, echoes);
        int returned = echoes.isEmpty() ? 0 : behind.size();
        return new RunningSound(
                came.size(),
                missing(came),
                marked.size(),
                marked.size() - returned,
                longestGap(came) / MILLI_NANOS,
                (int) behind.stream().filter(each -> each > BUDGET_MILLIS * MILLI_NANOS).count(),
                behind.stream().mapToLong(each -> each).max().orElse(0) / MILLI_NANOS);
    }

    private static List<Long> behind(List<Passed> sent, Map<Integer, Long> echoes) {
        List<Long> behind = new ArrayList<>();
        for (Passed each : sent) {
            if (echoes.containsKey(each.mark())) {
                behind.add(echoes.getOrDefault(each.mark(), 0L) - each.nanos());
            }
        }
        return behind;
    }

    private static List<Long> byTimestamp(List<Passed> came) {
        List<Long> at = new ArrayList<>();
        for (Passed each : came) {
            int samples = each.timestamp() - came.getFirst().timestamp();
            at.add(each.nanos() - samples * SAMPLE_NANOS);
        }
        long soonest = at.stream().mapToLong(each -> each).min().orElse(0);
        return at.stream().map(each -> each - soonest).toList();
    }

    private static long missing(List<Passed> came) {
        TreeSet<Long> numbers = new TreeSet<>();
        long number = 0;
        int last = 0;
        for (Passed each : came) {
            number += numbers.isEmpty() ? 0 : (short) (each.sequence() - last);
            last = each.sequence();
            numbers.add(number);
        }
        return numbers.isEmpty() ? 0 : numbers.last() - numbers.first() + 1 - numbers.size();
    }

    private static long longestGap(List<Passed> came) {
        long longest = 0;
        for (int i = 1; i < came.size(); i++) {
            longest = Math.max(longest, came.get(i).nanos() - came.get(i - 1).nanos());
        }
        return longest;
    }

    /** Nothing lost on either way, and nothing later than the budget. */
    public boolean isUnharmed() {
        return packets > 0 && lost == 0 && unreturned == 0 && late == 0;
    }
}
