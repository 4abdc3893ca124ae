package org.consentgateway.admission;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Whether the machine has room for another call, from how busy the process is and how
 * late its audio goes out: those who talk already come first. Both have to last, since a moment in
 * which the machine does something else is no load of ours; and with a handful of calls it is never
 * they that it has no room for. Once without room, it has room again only when it is clearly below
 * its limits, so that it does not flutter.
 */
public final class LoadShedding {
    private static final Logger LOG = LoggerFactory.getLogger(LoadShedding.class);

    /** A share of 1 that clears again, as a share of the limit. */
    private static final double CLEAR = 0.9;

    /** How much a new reading counts; at four a second, the last second or so is what is seen. */
    private static final double WEIGHT = 0.3;

    /**
     * So many readings have to say that audio is late. Each tells of the second before it, so one
     * late packet is in four of them: eight are a second in which packets are late again and again.
     */
    private static final int LATE_READINGS = 8;

    /** With fewer calls than these nobody is turned away. */
    static final int FEW_CALLS = 5;

    private double maxBusy;
    private long maxLagNanos;
    private final AtomicLong turnedAway = new AtomicLong();
    private double busy;
    private int late;
    private volatile boolean shedding;

    /**
     * @param maxBusyPercent of all cores, by this process; 100 never sheds
     * @param maxLagNanos that a packet may go out late
     */
    public LoadShedding(int maxBusyPercent, long maxLagNanos) {
        this.maxBusy = maxBusyPercent / 100.0;
        this.maxLagNanos = maxLagNanos;
    }

    /** Other limits from now on, as at the beginning. */
    synchronized void limits(int maxBusyPercent, long lagNanos) {
        maxBusy = maxBusyPercent / 100.0;
        maxLagNanos = lagNanos;
    }

    /**
     * To be told four times a second.
     *
     * @param busyNow share of all cores, 0 to 1; negative where it is not known
     * @param lagNanos the most that a packet went out late in the last second
     * @param calls under way
     */
    public synchronized void read(double busyNow, long lagNanos, int calls) {
        if (busyNow >= 0) {
            busy += WEIGHT * (busyNow - busy);
        }
        double factor = shedding ? CLEAR : 1;
        boolean tooBusy = maxBusy < 1 && busy > maxBusy * factor;
        late = lagNanos > maxLagNanos * factor ? late + 1 : 0;
        boolean tooLate = shedding ? late > 0 : late >= LATE_READINGS;
        boolean now = calls >= FEW_CALLS && (tooBusy || tooLate);
        if (now != shedding) {
            tell(now, tooLate, lagNanos);
        }
        shedding = now;
    }

    private void tell(boolean on, boolean tooLate, long lagNanos) {
        if (!on) {
            LOG.info("load: calls are taken again; {} were refused", turnedAway.getAndSet(0));
        } else if (tooLate) {
            LOG.warn(
                    "load: new calls are refused (503), since audio goes out {} ms late"
                            + " (limits.audio-lag: {} ms)",
                    TimeUnit.NANOSECONDS.toMillis(lagNanos),
                    TimeUnit.NANOSECONDS.toMillis(maxLagNanos));
        } else {
            LOG.warn(
                    "load: new calls are refused (503), since the gateway is busy with {} % of all"
                            + " cores (limits.busy-percent: {})",
                    Math.round(100 * busy), Math.round(100 * maxBusy));
        }
    }

    /** Whether a new call is to be turned away; it is counted then. */
    boolean turnsAway() {
        if (shedding) {
            turnedAway.incrementAndGet();
        }
        return shedding;
    }
}
