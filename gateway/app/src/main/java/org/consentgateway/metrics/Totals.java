package org.consentgateway.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Thread-safe. Shows what parts of the gateway have counted by themselves since they started. */
public final class Totals {
    private final Meters meters;
    private final Map<Shown, AtomicLong> shown = new HashMap<>();

    private record Shown(Meter meter, List<Object> values) {}

    public Totals(Meters meters) {
        this.meters = meters;
    }

    /**
     * @param total as it stands
     * @param values of the meter's tags, in their order
     */
    public synchronized void show(Meter meter, long total, Object... values) {
        shown.computeIfAbsent(new Shown(meter, Arrays.asList(values)), this::series).set(total);
    }

    /** Shows what somebody counts, whenever it is looked at. */
    public void follow(Meter meter, LongSupplier total, Object... values) {
        meters.total(meter, total, values);
    }

    /** Makes a series that has nothing to show yet. */
    public synchronized void showFromZero(Meter meter, Object... values) {
        shown.computeIfAbsent(new Shown(meter, Arrays.asList(values)), this::series);
    }

    private AtomicLong series(Shown what) {
        var total = new AtomicLong();
        meters.total(what.meter(), total::get, what.values().toArray());
        return total;
    }
}
