package org.consentgateway.bench.parts;

import java.time.Duration;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.ChildProcess;
import org.consentgateway.bench.testbed.JavaChild;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.WarmUp;

/** Confined to the main thread. What the signalling of a call costs, without all the rest. */
final class Signalling implements Part {
    private static final Duration TALK = Duration.ofMillis(20);

    @Override
    public void measure(TestBed bed) throws Exception {
        Report report = bed.report();
        double fast = bed.here(0.6);
        double slow = bed.here(1.0);
        int counted = bed.isQuick() ? 600 : 1500;
        try (var voices = new Voices();
                var server = new JavaChild(SignallingServer.class.getName());
                var phones = bed.phones(voices)) {
            // The compilers are not done before some ten thousand calls, and wake up again.
            for (int calls = bed.isQuick() ? 2000 : 8000; calls >= 1000; calls /= 2) {
                phones.call(new Phones.Plan(calls, 800, null, TALK, false)).await(TestBed.PATIENCE);
                WarmUp.settle(server.kernel());
            }
            for (int run = 0; run < bed.runs(); run++) {
                WarmUp.settle(server.kernel());
                report.add(
                        "signalling alone, CPU per call, warm",
                        "ms",
                        fast,
                        Limit.AT_MOST,
                        cpuMillis(server.kernel(), phones, counted, 800));
                report.add(
                        "signalling alone at 200/s, CPU per call, warm",
                        "ms",
                        slow,
                        Limit.AT_MOST,
                        cpuMillis(server.kernel(), phones, counted, 200));
            }
            // After those: what is tried here lives on for 32 s, and is copied by each collection.
            for (int run = 0; run < bed.runs(); run++) {
                report.add(
                        "signalling alone, setups/s without a repetition",
                        "1/s",
                        1500,
                        Limit.AT_LEAST,
                        ramp(phones, report));
            }
        }
    }

    private static double cpuMillis(ChildProcess server, Phones phones, int calls, double rate)
            throws Exception {
        double before = server.cpuMillis();
        phones.call(new Phones.Plan(calls, rate, null, TALK, false)).await(TestBed.PATIENCE);
        return (server.cpuMillis() - before) / calls;
    }

    /** The most calls a second, of those tried, that need no message to be said twice. */
    private static double ramp(Phones phones, Report report) throws Exception {
        double best = 0;
        for (double rate : new double[] {500, 1000, 1500, 2000}) {
            var batch = phones.call(new Phones.Plan((int) rate, rate, null, TALK, false));
            boolean all = batch.await(TestBed.PATIENCE);
            if (!all || batch.repeats.sum() > 0 || batch.lost.sum() > 0) {
                report.foot(
                        "Signalling alone: at %.0f setups/s %d repetitions."
                                .formatted(rate, batch.repeats.sum()));
                break;
            }
            best = rate;
        }
        return best;
    }
}
