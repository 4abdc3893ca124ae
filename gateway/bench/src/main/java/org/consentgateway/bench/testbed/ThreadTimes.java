package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Immutable. Time on a processor of each thread of a process, in milliseconds, to the nanosecond:
 * for short times, in which the ticks of {@link ChildProcess#cpuMillis} are too coarse. What has
 * ended is not in it.
 */
public final class ThreadTimes {
    /** Of {@link #byTask}: that of the threads on which words are recognised. */
    public static final String RECOGNITION = "the recognition";

    /**
     * One thread's.
     *
     * @param thread its name as the kernel knows it: the first 15 characters
     */
    private record Spent(String thread, double millis) {}

    private final Map<String, Spent> byId;

    private ThreadTimes(Map<String, Spent> byId) {
        this.byId = byId;
    }

    /** By now. */
    static ThreadTimes of(long pid) throws IOException {
        var byId = new HashMap<String, Spent>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                Path times = task.resolve("schedstat");
                if (Files.exists(times)) {
                    String thread = Files.readString(task.resolve("comm")).strip();
                    String text = Files.readString(times);
                    double nanos = Double.parseDouble(text.substring(0, text.indexOf(' ')));
                    byId.put(task.getFileName().toString(), new Spent(thread, nanos / 1e6));
                }
            }
        }
        return new ThreadTimes(byId);
    }

    /**
     * What each thread took since then: none takes back what it took before when it ends, as the
     * compilers' do that have nothing to do.
     */
    public ThreadTimes since(ThreadTimes before) {
        var since = new HashMap<String, Spent>();
        byId.forEach((id, now) -> {
            Spent then = before.byId.get(id);
            double taken = then == null ? 0 : then.millis();
            since.put(id, new Spent(now.thread(), now.millis() - taken));
        });
        return new ThreadTimes(since);
    }

    /** Of those threads whose name is wanted, together. */
    public double millis(Predicate<String> wanted) {
        return byId.values().stream()
                .filter(spent -> wanted.test(spent.thread()))
                .mapToDouble(Spent::millis)
                .sum();
    }

    /** Of threads that have one task, by what they do. */
    public Map<String, Double> byTask() {
        var tasks = new LinkedHashMap<String, Double>();
        tasks.put("the voice", millis(name -> name.startsWith("media-")));
        tasks.put("the compilers", millis(ThreadTimes::isCompiler));
        tasks.put(RECOGNITION, millis(name -> name.startsWith("speech")));
        tasks.put(
                "the verification of the log", millis(name -> name.startsWith("periodic-verifi")));
        tasks.put("garbage collection", millis(ThreadTimes::isCollector));
        return tasks;
    }

    /** Whether a thread of this name compiles. */
    public static boolean isCompiler(String thread) {
        return thread.startsWith("C1 Compiler") || thread.startsWith("C2 Compiler");
    }

    /** The VM thread begins and ends each pause, and does little else. */
    private static boolean isCollector(String thread) {
        return thread.startsWith("G1 ")
                || thread.startsWith("GC Thread")
                || thread.equals("VM Thread");
    }
}
