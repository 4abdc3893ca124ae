package org.consentgateway.bench.testbed;

import java.util.Locale;
import org.consentgateway.bench.load.Samples;

/**
 * Confined to the main thread. How fast this machine is beside the one that the budgets in
 * processor time are for: figures do not carry over from one to the other, but their ratios do.
 */
final class Calibration {
    /**
     * What 100 calls took of a core in rtpengine, in percent, on the machine that the budgets in
     * processor time are for: 10.1 to 11.5.
     */
    private static final double RTPENGINE_THERE = 10.8;

    private final Report report;
    private final ReferenceRelays relays;

    /** How many times as long this machine takes; NaN: not yet known. */
    private double slower = Double.NaN;

    private boolean missed;

    Calibration(Report report, ReferenceRelays relays) {
        this.report = report;
        this.relays = relays;
    }

    /** How many times as long this machine takes; measured the first time, for so many seconds. */
    double slower(int runs, double seconds) throws Exception {
        if (Double.isNaN(slower)) {
            var each = new Samples();
            for (int run = 0; run < runs; run++) {
                each.add(slowerNow(seconds));
            }
            slower = each.quantile(0.5);
            if (!missed) {
                report.foot(
                        String.format(
                                Locale.ROOT,
                                "Budgets in processor time are for a machine on which rtpengine"
                                    + " takes %.1f %% of a core for 100 calls; it took %.2f times"
                                    + " that here, and so may we.",
                                RTPENGINE_THERE,
                                slower));
            }
        }
        return slower;
    }

    /** The same in this minute: measured each time; 1 where rtpengine is not installed. */
    double slowerNow(double seconds) throws Exception {
        if (RtpEngine.isInstalled()) {
            return relays.rtpEngine(seconds) / RTPENGINE_THERE;
        }
        if (!missed) {
            missed = true;
            report.foot(
                    "Budgets in processor time are for another machine: rtpengine, which tells this"
                            + " one's speed, is missing.");
        }
        return 1;
    }
}
