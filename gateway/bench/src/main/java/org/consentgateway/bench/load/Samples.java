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

    /** NaN where there is none. */
    public synchronized double quantile(double q) {
        if (count == 0) {
            return Double.NaN;
        }
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1, Math.floor(q * count))];
    }

    public synchronized double max() {
        return Arrays.stream(values, 0, count).max().orElse(Double.NaN);
    }

    public synchronized double min() {
        return Arrays.stream(values, 0, count).min().orElse(Double.NaN);
    }
}
