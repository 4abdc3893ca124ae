package org.consentgateway.reporting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe but for {@link #watch}, which is one thread's. The room on the disk where keys, late
 * records and the database of SQLite are: a full one ends all consents, so it is told ahead.
 */
public final class DataDisk {
    private static final Logger LOG = LoggerFactory.getLogger(DataDisk.class);
    private static final long MEGABYTE = 1_000_000;

    private final Path directory;
    private final long low;
    private boolean told;

    /**
     * @param lowMegabytes 10^6 octets; it is low below
     */
    public DataDisk(Path directory, int lowMegabytes) {
        this.directory = directory.toAbsolutePath();
        this.low = lowMegabytes * MEGABYTE;
    }

    /**
     * @return octets that this process may still write; NaN where nobody can tell
     */
    public double free() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** Or where nothing can be written at all. */
    public boolean isLow() {
        return free() < low || !Files.isWritable(directory);
    }

    /** In words. */
    public String state() {
        double free = free();
        if (!Files.isWritable(directory)) {
            return directory
                    + " cannot be written: a withdrawal that the store does not take is in memory"
                    + " alone. Mount it read-write, or give it back to the gateway's user";
        }
        if (Double.isNaN(free)) {
            return "nobody can tell how much room " + directory + " has";
        }
        String room = (long) free / MEGABYTE + " MB free for " + directory;
        return free < low
                ? room + ", less than store.low-disk: make room before nothing can be recorded"
                : room;
    }

    /** Logs when it becomes low, and when there is room again. */
    public void watch() {
        boolean now = isLow();
        if (now == told) {
            return;
        }
        told = now;
        if (now) {
            LOG.warn("{}", state());
        } else {
            LOG.info("{}", state());
        }
    }
}
