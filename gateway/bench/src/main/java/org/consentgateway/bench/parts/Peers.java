package org.consentgateway.bench.parts;

import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;

/**
 * Immutable. What the relays did that the gateway is compared with, a hundred calls each, in the
 * same minutes: a machine that others use is not as fast in one as in the next, and what it lets
 * wait is all the programs'.
 *
 * @param bare relay, in percent of a core
 * @param bareP99 of its packets one way, in microseconds
 * @param engine rtpengine, in percent of a core; NaN where it is missing
 */
record Peers(double bare, double bareP99, double engine) {
    private static final double RELAY_P99_MICROS = 300;
    private static final double PACING_P50_MICROS = 15;
    private static final double PACING_P99_MICROS = 1000;
    private static final double KEY_P99_MILLIS = 6;

    /** Before a measurement, and behind it. */
    Peers and(Peers behind) {
        return new Peers(
                (bare + behind.bare) / 2,
                (bareP99 + behind.bareP99) / 2,
                (engine + behind.engine) / 2);
    }

    /**
     * Adds the rows that are held to what these did. A time that is the processor's, that of the
     * packets which are sent first or of a record and an INVITE, is as on the machine of the
     * budgets; one that is the wait for a processor as where the bare relay is within the budget.
     */
    void compare(BridgedCalls.Measured measured, Report report) {
        double slower = TestBed.slower(engine);
        report.add(
                "prompt pacing error p50, by rtpengine's",
                "µs",
                PACING_P50_MICROS,
                Limit.AT_MOST,
                measured.pacingP50() / slower);
        double waits = Math.min(1, RELAY_P99_MICROS / bareP99);
        report.add(
                "prompt pacing error p99, by the bare relay's",
                "µs",
                PACING_P99_MICROS,
                Limit.AT_MOST,
                measured.pacingP99() * waits);
        report.add(
                "key to INVITE with fsync p99, by rtpengine's",
                "ms",
                KEY_P99_MILLIS,
                Limit.AT_MOST,
                measured.keyToInviteP99() / slower);
        report.add(
                "relay, one way p99, by the bare relay's",
                "µs",
                RELAY_P99_MICROS,
                Limit.AT_MOST,
                measured.relayP99() * waits);
        times(report, "100 bridged calls to the bare relay", 1.1, measured.bridged() / bare);
        times(
                report,
                "100 calls hearing a prompt to 100 bridged",
                0.75,
                measured.prompted() / measured.bridged());
        if (!Double.isNaN(engine)) {
            times(report, "100 bridged calls to rtpengine", 0.6, measured.bridged() / engine);
        }
    }

    private static void times(Report report, String name, double budget, double value) {
        report.add(name, "times", budget, Limit.AT_MOST, value);
    }
}
