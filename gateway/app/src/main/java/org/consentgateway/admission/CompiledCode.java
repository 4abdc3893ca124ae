package org.consentgateway.admission;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has compiled methods that nothing runs any more given back before there is no room to compile
 * into. To look for them at each mark stops all calls for 10 to 24 ms, which {@code
 * -XX:-ClassUnloadingWithConcurrentMark} leaves out; a whole collection always looks. {@link
 * HeapAtRest} brings one where there are quiet hours; where there never are, this one stops the
 * audio for some 100 ms, once in weeks. Confined to the thread that looks.
 */
public final class CompiledCode {
    /** Of the room: at nine tenths the JVM asks for marks, which here look for nothing. */
    static final double FULL = 0.75;

    /** Where all of it is still run, another collection finds nothing to give back. */
    static final long AGAIN_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(CompiledCode.class);

    /** "CodeHeap 'profiled nmethods'" and two more, or "CodeCache" where the room is small. */
    private static final String POOLS = "Code";

    private final LongSupplier nanos;
    private final DoubleSupplier share;
    private final Runnable collect;
    private boolean collected;
    private long collectedNanos;

    /**
     * @param nanos monotonic
     * @param share of the room that is taken, 0 to 1
     * @param collect all of the heap, and look for code that is not run
     */
    public CompiledCode(LongSupplier nanos, DoubleSupplier share, Runnable collect) {
        this.nanos = nanos;
        this.share = share;
        this.collect = collect;
    }

    /** That of this process. */
    public static CompiledCode ofThisProcess(LongSupplier nanos) {
        return new CompiledCode(nanos, CompiledCode::taken, Runtime.getRuntime()::gc);
    }

    /** Of the fullest of the parts that the JVM divides the room into. */
    static double taken() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().startsWith(POOLS))
                .mapToDouble(CompiledCode::share)
                .max()
                .orElse(0);
    }

    private static double share(MemoryPoolMXBean pool) {
        MemoryUsage usage = pool.getUsage();
        return usage.getMax() > 0 ? (double) usage.getUsed() / usage.getMax() : 0;
    }

    /** To be asked every minute or so. */
    public void look() {
        double taken = share.getAsDouble();
        long now = nanos.getAsLong();
        if (taken < FULL || (collected && now - collectedNanos < AGAIN_NANOS)) {
            return;
        }
        collected = true;
        collectedNanos = now;
        collect.run();
        LOG.info(
                "Compiled code took {} % of its room, now {} %; where it stays full, give it more"
                        + " with -XX:ReservedCodeCacheSize",
                Math.round(taken * 100), Math.round(share.getAsDouble() * 100));
    }
}
