package org.consentgateway.bench.parts;

import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;

/**
 * Immutable. What a hundred calls take in the relays that the gateway is compared with, in percent
 * of a core, in the same minutes: a machine that others use is not as fast in one as in the next.
 *
 * @param engine rtpengine; NaN where it is missing
 */
record Peers(double bare, double engine) {
    /** Before a measurement, and behind it. */
    Peers and(Peers behind) {
        return new Peers((bare + behind.bare) / 2, (engine + behind.engine) / 2);
    }

    void compare(BridgedCalls.Measured measured, Report report) {
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
