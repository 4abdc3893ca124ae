package org.consentgateway.bench.parts;

import java.time.Duration;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Samples;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.ThreadTimes;
import org.consentgateway.bench.testbed.WarmUp;

/** Confined to the main thread. From the start to the thousandth call. */
final class Start implements Part {
    @Override
    public void measure(TestBed bed) throws Exception {
        double ready = bed.here(2000);
        bed.gateway(10, "").close(); // the first start after a build makes what later ones use
        for (int run = 0; run < bed.runs(); run++) {
            try (var voices = new Voices();
                    var phones = bed.phones(voices);
                    var gateway = bed.gateway(3000, "")) {
                bed.report()
                        .add("start to ready", "ms", ready, Limit.AT_MOST, gateway.readyMillis());
                firstWithAudio("first call, when ready", phones, bed.report());
            }
            try (var voices = new Voices();
                    var phones = bed.phones(voices);
                    var gateway = bed.gateway(3000, "")) {
                toTheThousandth(gateway, phones, bed);
            }
        }
    }

    private static void firstWithAudio(String name, Phones phones, Report report) throws Exception {
        var batch = phones.call(new Phones.Plan(1, 1, null, null, true));
        TestBed.pause(1.5); // what was heard is looked at a second after the answer
        report.add(name + ": INVITE to 200", "ms", batch.setupMillis.quantile(0.5));
        report.add(
                name + ": ACK to first audio",
                "ms",
                20,
                Limit.AT_MOST,
                batch.firstAudioMillis.quantile(0.5));
        phones.hangUp(batch, 1);
        batch.await(TestBed.PATIENCE);
    }

    private static void toTheThousandth(GatewayProcess gateway, Phones phones, TestBed bed)
            throws Exception {
        Report report = bed.report();
        WarmUp.settle(gateway.kernel());
        One first = one(gateway, phones);
        report.add("first call: INVITE to 200", "ms", first.setup());
        report.add("first call: CPU", "ms", first.cpu());
        report.add("first call: the compilers beside it", "ms", first.compilers());
        int calls = bed.isQuick() ? 300 : 1000;
        phones.call(new Phones.Plan(calls, 200, null, Duration.ofMillis(20), false))
                .await(TestBed.PATIENCE);
        WarmUp.settle(gateway.kernel());
        var setup = new Samples();
        var cpu = new Samples();
        for (int i = 0; i < 9; i++) {
            One later = one(gateway, phones);
            setup.add(later.setup());
            cpu.add(later.cpu());
        }
        report.add("thousandth call: INVITE to 200", "ms", setup.quantile(0.5));
        report.add("thousandth call: CPU", "ms", cpu.quantile(0.5));
    }

    /**
     * One call, in milliseconds.
     *
     * @param setup INVITE to 200
     * @param cpu without the compilers
     * @param compilers what they took meanwhile
     */
    private record One(double setup, double cpu, double compilers) {}

    private static One one(GatewayProcess gateway, Phones phones) throws Exception {
        ThreadTimes before = gateway.kernel().threadTimes();
        var batch = phones.call(new Phones.Plan(1, 1, null, Duration.ofMillis(20), false));
        batch.await(TestBed.PATIENCE);
        TestBed.pause(0.3);
        ThreadTimes took = gateway.kernel().threadTimes().since(before);
        return new One(
                batch.setupMillis.quantile(0.5),
                took.millis(thread -> !ThreadTimes.isCompiler(thread)),
                took.millis(ThreadTimes::isCompiler));
    }
}
