package org.consentgateway;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Confined to the thread that reads it. How much of the machine this process uses, from its CPU
 * time: the runtime's own share reads the container's limits from files at each question.
 */
final class CpuShare {
    private final int cores = Runtime.getRuntime().availableProcessors();
    private long usedNanos;
    private long atNanos;

    /** Share of all cores since the last reading, 0 to 1; negative where it is not known. */
    double read() {
        long used =
                ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                        ? system.getProcessCpuTime()
                        : -1;
        long now = System.nanoTime();
        double share = used < 0 || atNanos == 0 ? -1 : share(used - usedNanos, now - atNanos);
        usedNanos = used;
        atNanos = now;
        return share;
    }

    private double share(long used, long passed) {
        return passed <= 0 ? -1 : Math.clamp((double) used / passed / cores, 0, 1);
    }
}
