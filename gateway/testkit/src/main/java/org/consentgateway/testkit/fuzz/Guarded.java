package org.consentgateway.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * A door of which each input may cost so much and no more. Confined to one thread, whose work is
 * measured; what the door has others do, it waits for.
 */
public final class Guarded implements AutoCloseable {
    /** Of the processor, so that a machine that does other things as well makes no fault. */
    static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Octets on the heap, kept or not: some thousand times the longest input. */
    static final long MOST_OCTETS = 64L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Door door;

    public Guarded(Door door) {
        this.door = door;
    }

    /** What an input may not do. */
    public static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooMuch(String what) {
            super(what);
        }
    }

    /**
     * @throws Exception what the door throws, or {@link TooMuch}
     */
    public void takes(byte[] input) throws Exception {
        long time = THREADS.getCurrentThreadCpuTime();
        long octets = THREADS.getCurrentThreadAllocatedBytes();
        door.takes(input);
        octets = THREADS.getCurrentThreadAllocatedBytes() - octets;
        time = THREADS.getCurrentThreadCpuTime() - time;
        if (time > MOST_NANOS) {
            throw new TooMuch("hang: " + time / 1_000_000 + " ms of the processor for one input");
        }
        if (octets > MOST_OCTETS) {
            throw new TooMuch("memory: " + (octets >> 20) + " MiB for one input");
        }
    }

    @Override
    public void close() {
        door.close();
    }
}
