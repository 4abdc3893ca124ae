package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Immutable. What a process takes of the processors, and which of its threads do. */
public final class CpuUsage {
    private CpuUsage() {}

    /** In percent of a core, for so many seconds from now on. */
    public static double percent(ChildProcess process, double seconds) throws IOException {
        double before = process.preciseCpuMillis();
        long start = System.nanoTime();
        TestBed.pause(seconds);
        return (process.preciseCpuMillis() - before) / ((System.nanoTime() - start) / 1e6) * 100;
    }

    /** Whether a thread of this name, as the kernel knows it, compiles. */
    public static boolean isCompiler(String thread) {
        return thread.startsWith("C1 Compiler") || thread.startsWith("C2 Compiler");
    }

    /** What threads that have one task took by now, in milliseconds, by what they do. */
    public static Map<String, Double> parts(ChildProcess process) throws IOException {
        var parts = new LinkedHashMap<String, Double>();
        parts.put("the voice", process.preciseCpuMillis(name -> name.startsWith("media-")));
        parts.put("the compilers", process.preciseCpuMillis(CpuUsage::isCompiler));
        parts.put("the recognition", process.preciseCpuMillis(name -> name.startsWith("speech")));
        parts.put(
                "the verification of the log",
                process.preciseCpuMillis(name -> name.startsWith("periodic-verifi")));
        return parts;
    }
}
