package org.consentgateway.bench.parts;

import java.time.Duration;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.WarmUp;

/**
 * Confined to the main thread. Calls that hang up at once, through the whole gateway: leg, story,
 * disclosure begun, record of the hang-up.
 */
final class Setups implements Part {
    @Override
    public void measure(TestBed bed) throws Exception {
        Report report = bed.report();
        Duration talk = Duration.ofMillis(20);
        try (var voices = new Voices();
                var gateway = bed.gateway(3000, "");
                var phones = bed.phones(voices)) {
            phones.call(new Phones.Plan(bed.isQuick() ? 400 : 1500, 150, null, talk, false))
                    .await(TestBed.PATIENCE);
            WarmUp.settle(gateway.kernel());
            double seconds = bed.isQuick() ? 2 : 3;
            for (int run = 0; run < bed.runs(); run++) {
                for (double rate : new double[] {10, 50, 100, 400}) {
                    int calls = (int) (rate * seconds);
                    double before = gateway.kernel().cpuMillis();
                    var batch = phones.call(new Phones.Plan(calls, rate, null, talk, false));
                    batch.await(TestBed.PATIENCE);
                    double cpu = gateway.kernel().cpuMillis() - before;
                    String name = "setup and hang-up at %.0f/s".formatted(rate);
                    report.add(name + ", CPU per call", "ms", cpu / calls);
                    report.add(
                            name + ", INVITE to 200 p99", "ms", batch.setupMillis.quantile(0.99));
                    report.add(name + ", repetitions", "", (double) batch.repeats.sum());
                }
            }
        }
    }
}
