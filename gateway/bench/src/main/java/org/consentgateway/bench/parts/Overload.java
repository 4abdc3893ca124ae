package org.consentgateway.bench.parts;

import java.time.Duration;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.WarmUp;

/** Confined to the main thread. A full gateway that is called a thousand times a second. */
final class Overload implements Part {
    private static final Duration TALK = Duration.ofMillis(20);

    @Override
    public void measure(TestBed bed) throws Exception {
        double refusing = bed.here(0.1);
        try (var voices = new Voices();
                var gateway = bed.gateway(20, "");
                var phones = bed.phones(voices)) {
            practise(gateway, phones, bed.isQuick() ? 2000 : 10_000);
            for (int run = 0; run < bed.runs(); run++) {
                refuse(gateway, phones, bed, refusing);
                after(phones, bed.report());
            }
        }
    }

    private static void practise(GatewayProcess gateway, Phones phones, int refused)
            throws Exception {
        phones.call(new Phones.Plan(300, 30, null, TALK, false)).await(TestBed.PATIENCE);
        var filling = phones.call(new Phones.Plan(20, TestBed.SETUPS, null, null, false));
        TestBed.pause(0.5);
        phones.call(new Phones.Plan(refused, 2000, null, TALK, false)).await(TestBed.PATIENCE);
        phones.hangUp(filling, 200);
        filling.await(TestBed.PATIENCE);
        WarmUp.settle(gateway.kernel());
    }

    private static void refuse(GatewayProcess gateway, Phones phones, TestBed bed, double budget)
            throws Exception {
        Report report = bed.report();
        var full = phones.call(new Phones.Plan(20, TestBed.SETUPS, null, null, false));
        TestBed.pause(1);
        double idle = gateway.kernel().cpuMillis();
        TestBed.pause(1);
        idle = gateway.kernel().cpuMillis() - idle;
        int calls = bed.isQuick() ? 2000 : 3000;
        double before = gateway.kernel().cpuMillis();
        var batch = phones.call(new Phones.Plan(calls, 1000, null, TALK, false));
        batch.await(TestBed.PATIENCE);
        // What the calls under way cost, who hear their prompts meanwhile, is not theirs.
        double cpu = gateway.kernel().cpuMillis() - before - idle * calls / 1000;
        report.add(
                "overload at 1000/s, CPU per INVITE refused",
                "ms",
                budget,
                Limit.AT_MOST,
                cpu / calls);
        report.add("overload at 1000/s, refused", "%", 100.0 * batch.refused.sum() / calls);
        report.add("overload at 1000/s, repetitions", "", (double) batch.repeats.sum());
        phones.hangUp(full, 200);
        full.await(TestBed.PATIENCE);
    }

    private static void after(Phones phones, Report report) throws Exception {
        TestBed.pause(0.2);
        var after = phones.call(new Phones.Plan(20, 20, null, TALK, false));
        after.await(TestBed.PATIENCE);
        report.add(
                "right after the overload, calls taken",
                "%",
                100,
                Limit.AT_LEAST,
                100.0 * after.answered.sum() / 20);
        report.add(
                "right after the overload, INVITE to 200 p99",
                "ms",
                after.setupMillis.quantile(0.99));
    }
}
