package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.time.Duration;
import org.consentgateway.bench.load.Phones;

/** What comes before a measurement, so that what is measured is its own. */
public final class WarmUp {
    /** CPU in half a second of a process that has nothing to do. */
    private static final double QUIET_MILLIS = 25;

    /** Of practice, until the compilers take less than {@link #COMPILED}. */
    private static final int MOST_ROUNDS = 12;

    /**
     * Of the compilers, in milliseconds of the processor a call of practice. A method that a call
     * enters once is compiled for good in its 5,000th call, so that the first thousands are none to
     * go by.
     */
    private static final double COMPILED = 0.8;

    /** CPU in a second of a process whose log is verified and whose calls are forgotten. */
    private static final double RESTING_MILLIS = 15;

    /** The verification of what was practised goes on beside calls, for about so long. */
    private static final int MOST_REST = 150;

    private WarmUp() {}

    /** Warm for every kind of work; then, how long after the answer the question takes a key. */
    public static Duration practise(GatewayProcess gateway, Phones phones, int calls)
            throws Exception {
        warm(phones);
        Duration opening = ConsentQuestion.opening(gateway, phones);
        double compilers = Double.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && compilers > COMPILED * calls; round++) {
            ThreadTimes before = gateway.kernel().threadTimes();
            phones.call(
                            new Phones.Plan(
                                    calls,
                                    2 * TestBed.SETUPS,
                                    opening,
                                    Duration.ofSeconds(1),
                                    true))
                    .await(TestBed.PATIENCE);
            settle(gateway.kernel());
            compilers =
                    gateway.kernel().threadTimes().since(before).millis(ThreadTimes::isCompiler);
        }
        return opening;
    }

    /** With calls that hang up at once. */
    public static void warm(Phones phones) throws Exception {
        phones.call(new Phones.Plan(200, 100, null, Duration.ofMillis(20), false))
                .await(TestBed.PATIENCE);
    }

    /** Until the compilers have nothing left to do: warm is what comes after them. */
    public static void settle(ChildProcess process) throws IOException {
        for (int i = 0; i < 20; i++) {
            double before = process.cpuMillis(); // with that of threads that end meanwhile
            TestBed.pause(0.5);
            if (process.cpuMillis() - before <= QUIET_MILLIS) {
                return;
            }
        }
    }

    /**
     * Until nothing of what was practised is left to do, nor remembered: what is measured then is
     * its own.
     */
    public static void rest(ChildProcess process) throws IOException {
        TestBed.pause(TestBed.TRANSACTION);
        for (int i = 0; i < MOST_REST; i++) {
            double before = process.cpuMillis();
            TestBed.pause(1);
            if (process.cpuMillis() - before <= RESTING_MILLIS) {
                return;
            }
        }
    }
}
