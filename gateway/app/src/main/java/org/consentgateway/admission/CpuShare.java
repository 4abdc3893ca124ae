package org.consentgateway.admission;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * Confined to the thread that reads it. How much of the machine this process uses, from its CPU
 * time: the runtime's own share reads the container's limits from files at each question.
 */
public final class CpuShare {
    private final LongSupplier nanos;
    private final int cores = Runtime.getRuntime().availableProcessors();
    private boolean readBefore;
    private long usedNanos;
    private long atNanos;

    public CpuShare(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Share of all cores since the last reading, 0 to 1; negative where it is not known. */
    public double read() {
        long used =
                ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                        ? system.getProcessCpuTime()
                        : -1;
        long now = nanos.getAsLong();
        double share = used < 0 || !readBefore ? -1 : share(used - usedNanos, now - atNanos);
        readBefore = true;
        usedNanos = used;
        atNanos = now;
        return share;
    }

    private double share(long used, long passed) {
        return passed <= 0 ? -1 : Math.clamp((double) used / passed / cores, 0, 1);
    }
}
