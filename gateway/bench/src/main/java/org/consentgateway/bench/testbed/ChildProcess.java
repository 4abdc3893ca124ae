package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Immutable. What the kernel says of a process: its work is told apart from this program's. */
public record ChildProcess(long pid) {
    /** USER_HZ, which Linux promises to be 100 towards programs. */
    private static final double TICK_MILLIS = 10;

    /** User and system time of all its threads since it was started. */
    public double cpuMillis() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) * TICK_MILLIS;
    }

    /** Of each thread there is, to the nanosecond. */
    public ThreadTimes threadTimes() throws IOException {
        return ThreadTimes.of(pid);
    }

    /**
     * {@link #cpuMillis} by name of thread, numbers taken out: compilers and collector are among
     * them.
     */
    public Map<String, Double> cpuMillisByThread() throws IOException {
        Map<String, Double> millis = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                int end = stat.lastIndexOf(')');
                List<String> fields = List.of(stat.substring(end + 2).split(" ", -1));
                String name = stat.substring(stat.indexOf('(') + 1, end).replaceAll("\\d+", "N");
                long ticks = Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
                millis.merge(name, ticks * TICK_MILLIS, Double::sum);
            }
        }
        return millis;
    }

    public long residentKib() {
        try {
            return status("VmRSS:");
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    public long threads() throws IOException {
        return status("Threads:");
    }

    /** Open file descriptors, sockets among them. */
    public long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return open.count();
        }
    }

    private long status(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return -1;
    }

    /** Datagrams this machine's sockets had no room for since boot. */
    public static long datagramsDropped() throws IOException {
        List<String> udp =
                Files.readAllLines(Path.of("/proc/net/snmp")).stream()
                        .filter(line -> line.startsWith("Udp:"))
                        .toList();
        int field = List.of(udp.get(0).split(" ", -1)).indexOf("RcvbufErrors");
        return Long.parseLong(List.of(udp.get(1).split(" ", -1)).get(field));
    }
}
