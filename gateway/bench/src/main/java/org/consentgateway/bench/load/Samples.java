package org.consentgateway.bench.load;

import java.util.Arrays;

/** Thread-safe. Numbers of one kind. */
public final class Samples {
    private double[] values = new double[1024];
    private int count;

    public synchronized void add(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
    }

    public synchronized int count() {
        return count;
    }

    /**
     * The least value that this part of all does not exceed (nearest rank): of a hundred the 99th,
     * and not the largest. NaN where there is none.
     *
     * @param q 0 to 1
     */
    public synchronized double quantile(double q) {
        if (count == 0) {
            return Double.NaN;
        }
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(q * count) - 1)];
    }

    public synchronized double max() {
        return Arrays.stream(values, 0, count).max().orElse(Double.NaN);
    }

    public synchronized double min() {
        return Arrays.stream(values, 0, count).min().orElse(Double.NaN);
    }
}
