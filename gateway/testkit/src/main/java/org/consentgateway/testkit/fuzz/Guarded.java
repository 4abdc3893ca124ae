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
     * What costs too much is taken once more: the first one loads classes, and is compiled. The
     * first time is looked at by the clock, below which no thread's time is: asking for that is a
     * call of the system, which takes longer than most inputs.
     *
     * @throws Exception what the door throws, or {@link TooMuch}
     */
    public void takes(byte[] input) throws Exception {
        long time = System.nanoTime();
        long octets = THREADS.getCurrentThreadAllocatedBytes();
        door.takes(input);
        octets = THREADS.getCurrentThreadAllocatedBytes() - octets;
        if (System.nanoTime() - time > MOST_NANOS || octets > MOST_OCTETS) {
            String again = cost(input);
            if (!again.isEmpty()) {
                throw new TooMuch(again + " for one input");
            }
        }
    }

    /** What was too much; empty where nothing was. */
    private String cost(byte[] input) throws Exception {
        long time = THREADS.getCurrentThreadCpuTime();
        long octets = THREADS.getCurrentThreadAllocatedBytes();
        door.takes(input);
        octets = THREADS.getCurrentThreadAllocatedBytes() - octets;
        time = THREADS.getCurrentThreadCpuTime() - time;
        if (time > MOST_NANOS) {
            return "hang: " + time / 1_000_000 + " ms of the processor";
        }
        return octets > MOST_OCTETS ? "memory: " + (octets >> 20) + " MiB" : "";
    }

    @Override
    public void close() {
        door.close();
    }
}
