package org.consentgateway.reporting;

import java.time.Instant;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.metrics.Meter;
import org.consentgateway.metrics.Meters;

/** Thread-safe. How readings of the configuration went, from the start on. */
public final class ReloadMeters {
    private final Meters meters;
    private volatile Last last;

    /**
     * @param at when the one in force was made
     */
    private record Last(boolean successful, Instant at) {}

    /**
     * @param started when the first was made
     */
    public ReloadMeters(Meters meters, Gauges gauges, Instant started) {
        this.meters = meters;
        last = new Last(true, started);
        gauges.reloaded(() -> last.successful(), () -> last.at().getEpochSecond());
    }

    /** It was read again, and counts or was refused. */
    public void read(boolean successful, Instant at) {
        meters.count(Meter.RELOADS, successful ? "done" : "refused");
        last = new Last(successful, successful ? at : last.at());
    }
}
