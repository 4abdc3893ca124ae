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

/**
 * Confined to the main thread. What one call costs from its first message to its last record; with
 * speech by a caller who listens to the assistant and by one who talks.
 */
final class Job implements Part {
    /**
     * "Im Moment ist niemand da. Bitte rufen Sie später noch einmal an. Auf Wiederhören.": people
     * talk, and what they say is none of what is listened for.
     */
    private static final String TALK = "config/prompts/de/188e2c877c8ee164.wav";

    private static final Duration BRIDGED = Duration.ofSeconds(10);

    /** Of the processor, in milliseconds for each second that is said to the recognition. */
    private static final double RECOGNITION = 30;

    @Override
    public void measure(TestBed bed) throws Exception {
        try (var voices = new Voices();
                var gateway = gateway(bed, false);
                var phones = bed.phones(voices)) {
            var whole = practised(bed, gateway, phones, voices);
            whole.measure("whole job", 15);
        }
        try (var voices = new Voices();
                var gateway = gateway(bed, true);
                var phones = bed.phones(voices)) {
            var whole = practised(bed, gateway, phones, voices);
            voices.listen();
            whole.measure("whole job with speech", 20);
            talk(bed, voices);
            whole.measureTalking("whole job with speech, a caller who talks");
        }
    }

    private static GatewayProcess gateway(TestBed bed, boolean speech) throws Exception {
        Duration prompts = TestBed.BUDGET_PROMPT.dividedBy(2);
        return bed.gateway(
                new GatewayProcess.Setup(3000, speech, bed.ports(), null, prompts, 0), "");
    }

    private static void talk(TestBed bed, Voices voices) throws Exception {
        voices.talk(Wav.read(bed.home().resolve(TALK)).at(8000).alawOctets());
    }

    private static WholeCalls practised(
            TestBed bed, GatewayProcess gateway, Phones phones, Voices voices) throws Exception {
        talk(bed, voices);
        Duration opening = WarmUp.practise(gateway, phones, 10 * TestBed.CALLS);
        bed.report()
                .foot(
                        "Whole job: disclosure and question (%d ms until the key), record, dial, 10 s of bridge, record; by rtpengine's: as where that takes 10.8 %% of a core for 100 calls."
                                .formatted(opening.toMillis()));
        return new WholeCalls(bed, gateway, phones, voices, opening);
    }

    /**
     * @param opening how long after the answer the key is pressed
     */
    private record WholeCalls(
            TestBed bed, GatewayProcess gateway, Phones phones, Voices voices, Duration opening) {

        void measure(String name, double budget) throws Exception {
            for (int run = 0; run < bed.runs(); run++) {
                double _ = measureOnce(name, budget);
            }
        }

        void measureTalking(String name) throws Exception {
            double said = BRIDGED.toSeconds() * Voices.SPOKEN;
            for (int run = 0; run < bed.runs(); run++) {
                double recognition = measureOnce(name, Double.NaN);
                bed.report()
                        .add(
                                "recognition of a second that is said, CPU, by rtpengine's",
                                "ms",
                                RECOGNITION,
                                Limit.AT_MOST,
                                recognition / said);
            }
        }

        /**
         * @param budget of the processor, in milliseconds per call, where it was set; NaN: none
         * @return what the recognition took of it, there
         */
        private double measureOnce(String name, double budget) throws Exception {
            int calls = bed.isQuick() ? 40 : TestBed.CALLS;
            Report report = bed.report();
            WarmUp.rest(gateway.kernel());
            double slower = bed.slowerNow();
            double before = gateway.kernel().cpuMillis();
            ThreadTimes threads = gateway.kernel().threadTimes();
            Voices.Window window = voices.begin();
            var batch = phones.call(new Phones.Plan(calls, TestBed.SETUPS, opening, BRIDGED, true));
            boolean ended = batch.await(TestBed.PATIENCE);
            double cpu = gateway.kernel().cpuMillis() - before;
            var tasks = gateway.kernel().threadTimes().since(threads).byTask();
            tasks.forEach(
                    (task, millis) -> report.add(name + ", of it " + task, "ms", millis / calls));
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
            report.add(name + ", CPU per call", "ms", cpu / calls);
            report.add(
                    name + ", CPU per call, by rtpengine's",
                    "ms",
                    budget,
                    Limit.AT_MOST,
                    cpu / calls / slower);
            return tasks.getOrDefault(ThreadTimes.RECOGNITION, Double.NaN) / calls / slower;
        }
    }
}
