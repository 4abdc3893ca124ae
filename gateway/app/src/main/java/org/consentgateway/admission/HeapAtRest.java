package org.consentgateway.admission;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * Has the heap that a burst of calls took given back once no call is left. G1 gives back in steps,
 * each at a pause of its own and a collection of mixed regions apart, which takes it minutes in a
 * process that hardly allocates; to look often enough would stop the audio of running calls for
 * some milliseconds each time. Without calls one whole collection, some 100 ms, stops nobody.
 * Confined to the thread that looks.
 */
public final class HeapAtRest {
    /** 64*T1, for which a set-up is remembered (RFC 3261 §17), and a second. */
    static final long FORGOTTEN_NANOS = 33_000_000_000L;

    /** What may stay: less is not worth a collection. */
    static final long SPARE_OCTETS = 64L << 20;

    private final LongSupplier nanos;
    private final LongSupplier committedOctets;
    private final Runnable collect;
    private long levelOctets;
    private long callNanos;
    private boolean calls;

    /**
     * @param nanos monotonic
     * @param levelOctets the least that the heap takes; what the start of a process took for a
     *     while is no level
     * @param committedOctets of the heap
     * @param collect all of it, and give back what is free
     */
    public HeapAtRest(
            LongSupplier nanos, long levelOctets, LongSupplier committedOctets, Runnable collect) {
        this.nanos = nanos;
        this.levelOctets = levelOctets;
        this.committedOctets = committedOctets;
        this.collect = collect;
    }

    /** That of this process. */
    public static HeapAtRest ofThisProcess(LongSupplier nanos) {
        return new HeapAtRest(
                nanos,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getInit(),
                Runtime.getRuntime()::totalMemory,
                Runtime.getRuntime()::gc);
    }

    /** To be asked every second or so. */
    public void look(int callsUnderWay) {
        long now = nanos.getAsLong();
        if (callsUnderWay > 0) {
            callNanos = now;
            calls = true;
        } else if (calls && now - callNanos >= FORGOTTEN_NANOS) {
            calls = false;
            if (committedOctets.getAsLong() - levelOctets > SPARE_OCTETS) {
                collect.run();
                levelOctets = committedOctets.getAsLong();
            }
        }
    }
}
