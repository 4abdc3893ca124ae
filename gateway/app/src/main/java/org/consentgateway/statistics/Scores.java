package org.consentgateway.statistics;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Immutable. Marks from 1, which is very clear, to 5, which is not clear at all.
 *
 * @param of how many gave each, 1 first
 */
record Scores(List<Long> of) {
    private static final int LAST = 5;

    /**
     * @param values mark to how many
     */
    static Scores of(Map<String, Long> values) {
        return new Scores(
                LongStream.rangeClosed(1, LAST)
                        .mapToObj(mark -> values.getOrDefault(String.valueOf(mark), 0L))
                        .toList());
    }

    long callers() {
        return of.stream().mapToLong(Long::longValue).sum();
    }

    double mean() {
        double sum = 0;
        for (int i = 0; i < of.size(); i++) {
            sum += (i + 1.0) * of.get(i);
        }
        return sum / callers();
    }

    /** Of the mean, 95 %, by the normal approximation, within 1 to 5. */
    Interval interval() {
        double n = callers();
        double mean = mean();
        double squares = 0;
        for (int i = 0; i < of.size(); i++) {
            squares += of.get(i) * Math.pow(i + 1 - mean, 2);
        }
        double half = n < 2 ? LAST : Share.Z * Math.sqrt(squares / (n - 1) / n);
        return new Interval(Math.max(1, mean - half), Math.min(LAST, mean + half));
    }
}
