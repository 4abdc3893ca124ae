package org.consentgateway.reporting;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe but for {@link #watch}, which is one thread's. The room on the disks where a node
 * writes: keys and late records, the database of SQLite, archive, exported checkpoints. A full one
 * ends all consents, so it is told ahead, of the one with the least room.
 */
public final class DataDisk {
    private static final Logger LOG = LoggerFactory.getLogger(DataDisk.class);
    private static final long MEGABYTE = 1_000_000;

    private final Path directory;
    private final List<Path> others;
    private final long low;
    private boolean told;

    /**
     * @param directory of keys and late records, which has to be writable
     * @param others where this node writes besides; those that are not there yet will be made
     * @param lowMegabytes 10^6 octets; it is low below
     */
    public DataDisk(Path directory, List<Path> others, int lowMegabytes) {
        this.directory = directory.toAbsolutePath().normalize();
        this.others = others.stream().map(each -> each.toAbsolutePath().normalize()).toList();
        this.low = lowMegabytes * MEGABYTE;
    }

    /**
     * Immutable.
     *
     * @param octets NaN where nobody can tell
     */
    private record Room(Path of, double octets) {}

    /**
     * @return octets that this process may still write, where there is the least room; NaN where
     *     nobody can tell
     */
    public double free() {
        return least().octets();
    }

    /** Of those on one disk the first: its room changes from one look to the next. */
    private Room least() {
        Set<FileStore> looked = new HashSet<>();
        Room least = room(directory, looked);
        for (Path other : others) {
            Room room = room(other, looked);
            if (Double.compare(room.octets(), least.octets()) < 0) {
                least = room;
            }
        }
        return least;
    }

    private static Room room(Path of, Set<FileStore> looked) {
        try {
            FileStore disk = Files.getFileStore(there(of));
            return looked.add(disk)
                    ? new Room(of, disk.getUsableSpace())
                    : new Room(of, Double.NaN);
        } catch (IOException e) {
            return new Room(of, Double.NaN);
        }
    }

    /** It, or what it will be made in. */
    private static Path there(Path path) {
        Path at = path;
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    /** Or where nothing can be written at all. */
    public boolean isLow() {
        return free() < low || !Files.isWritable(directory);
    }

    /** In words. */
    public String state() {
        if (!Files.isWritable(directory)) {
            return directory
                    + " cannot be written: a withdrawal that the store does not take is in memory"
                    + " alone. Mount it read-write, or give it back to the gateway's user";
        }
        Room least = least();
        if (Double.isNaN(least.octets())) {
            return "nobody can tell how much room " + least.of() + " has";
        }
        String room = (long) least.octets() / MEGABYTE + " MB free for " + least.of();
        return least.octets() < low
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
