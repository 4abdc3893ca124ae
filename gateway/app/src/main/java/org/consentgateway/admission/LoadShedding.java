package org.consentgateway.admission;

/**
 * Thread-safe. Whether the machine has room for another call, from how busy the process is and how
 * late its audio goes out: those who talk already come first. Once without room, it has room again
 * only when it is clearly below its limits, so that it does not flutter.
 */
public final class LoadShedding {
    /** A share of 1 that clears again, as a share of the limit. */
    private static final double CLEAR = 0.9;

    /** How much a new reading counts; at four a second, the last second or so is what is seen. */
    private static final double WEIGHT = 0.3;

    private final double maxBusy;
    private final long maxLagNanos;
    private double busy;
    private volatile boolean shedding;

    /**
     * @param maxBusyPercent of all cores, by this process; 100 never sheds
     * @param maxLagNanos that a packet may go out late
     */
    public LoadShedding(int maxBusyPercent, long maxLagNanos) {
        this.maxBusy = maxBusyPercent / 100.0;
        this.maxLagNanos = maxLagNanos;
    }

    /**
     * To be told four times a second.
     *
     * @param busyNow share of all cores, 0 to 1; negative where it is not known
     * @param lagNanos the most that a packet went out late of late
     */
    public synchronized void read(double busyNow, long lagNanos) {
        if (busyNow >= 0) {
            busy += WEIGHT * (busyNow - busy);
        }
        double factor = shedding ? CLEAR : 1;
        boolean tooBusy = maxBusy < 1 && busy > maxBusy * factor;
        boolean tooLate = lagNanos > maxLagNanos * factor;
        shedding = tooBusy || tooLate;
    }

    /** Whether new calls are to be turned away. */
    boolean isOn() {
        return shedding;
    }
}
