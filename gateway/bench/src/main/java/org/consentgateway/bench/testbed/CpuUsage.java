package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Immutable. What a process took of the processors over some time, in percent of a core.
 *
 * @param percent all of it
 * @param byTask of it, what threads took that have one task, by what they do
 */
public record CpuUsage(double percent, Map<String, Double> byTask) {
    /** For so many seconds from now on. */
    public static CpuUsage during(ChildProcess process, double seconds) throws IOException {
        ThreadTimes before = process.threadTimes();
        long start = System.nanoTime();
        TestBed.pause(seconds);
        ThreadTimes took = process.threadTimes().since(before);
        double millis = (System.nanoTime() - start) / 1e6;
        var byTask = new LinkedHashMap<String, Double>();
        took.byTask().forEach((task, taken) -> byTask.put(task, taken / millis * 100));
        return new CpuUsage(
                took.millis(_ -> true) / millis * 100, Collections.unmodifiableMap(byTask));
    }

    /** As {@link #during}, all of it. */
    public static double percent(ChildProcess process, double seconds) throws IOException {
        return during(process, seconds).percent();
    }
}
