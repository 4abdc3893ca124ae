package org.consentgateway.bench.parts;

import java.time.Duration;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.ThreadTimes;
import org.consentgateway.bench.testbed.WarmUp;
import org.consentgateway.media.audio.Wav;

/** Confined to the main thread. What one call costs from its first message to its last record. */
final class Job implements Part {
    /**
     * "Im Moment ist niemand da. Bitte rufen Sie später noch einmal an. Auf Wiederhören.": people
     * talk, and what they say is none of what is listened for.
     */
    private static final String TALK = "config/prompts/de/188e2c877c8ee164.wav";

    @Override
    public void measure(TestBed bed) throws Exception {
        measure(bed, "whole job", false, bed.here(15));
        measure(bed, "whole job with speech", true, bed.here(20));
    }

    private static void measure(TestBed bed, String name, boolean speech, double budget)
            throws Exception {
        Report report = bed.report();
        Duration prompts = TestBed.BUDGET_PROMPT.dividedBy(2);
        var setup = new GatewayProcess.Setup(3000, speech, bed.ports(), null, prompts, 0);
        try (var voices = new Voices();
                var gateway = bed.gateway(setup, "");
                var phones = bed.phones(voices)) {
            voices.talk(Wav.read(bed.home().resolve(TALK)).at(8000).alawOctets());
            Duration opening = WarmUp.practise(gateway, phones, 10 * TestBed.CALLS);
            report.foot(
                    "Whole job: disclosure and question (%d ms until the key), record, dial, 10 s of bridge, record."
                            .formatted(opening.toMillis()));
            int calls = bed.isQuick() ? 40 : TestBed.CALLS;
            var whole = new WholeCalls(report, name, gateway, phones, voices);
            for (int run = 0; run < bed.runs(); run++) {
                report.add(
                        name + ", CPU per call",
                        "ms",
                        budget,
                        Limit.AT_MOST,
                        whole.cpuMillis(calls, opening));
            }
        }
    }

    private record WholeCalls(
            Report report, String name, GatewayProcess gateway, Phones phones, Voices voices) {
        /**
         * Of the processor, per call.
         *
         * @param opening how long after the answer the key is pressed
         */
        double cpuMillis(int calls, Duration opening) throws Exception {
            WarmUp.rest(gateway.kernel());
            double before = gateway.kernel().cpuMillis();
            ThreadTimes threads = gateway.kernel().threadTimes();
            Voices.Window window = voices.begin();
            var batch =
                    phones.call(
                            new Phones.Plan(
                                    calls, TestBed.SETUPS, opening, Duration.ofSeconds(10), true));
            boolean ended = batch.await(TestBed.PATIENCE);
            double cpu = gateway.kernel().cpuMillis() - before;
            gateway.kernel()
                    .threadTimes()
                    .since(threads)
                    .byTask()
                    .forEach((task, millis) ->
                            report.add(name + ", of it " + task, "ms", millis / calls));
            voices.end();
            report.add(name + ", INVITE to 200 p50", "ms", batch.setupMillis.quantile(0.5));
            report.add(name + ", INVITE to 200 p99", "ms", batch.setupMillis.quantile(0.99));
            report.add(name + ", key to INVITE p50", "ms", batch.keyToInviteMillis.quantile(0.5));
            report.add(name + ", key to INVITE p99", "ms", batch.keyToInviteMillis.quantile(0.99));
            report.add(name + ", packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
            report.add(
                    name + ", calls that went as asked",
                    "%",
                    100,
                    Limit.AT_LEAST,
                    ended ? 100.0 * batch.bridged.sum() / calls : 0);
            return cpu / calls;
        }
    }
}
