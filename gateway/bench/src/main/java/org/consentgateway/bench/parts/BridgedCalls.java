package org.consentgateway.bench.parts;

import java.io.IOException;
import java.time.Duration;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Samples;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.ChildProcess;
import org.consentgateway.bench.testbed.ConsentQuestion;
import org.consentgateway.bench.testbed.CpuUsage;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;

/**
 * Confined to the main thread. A hundred calls through the gateway: what they cost and how steady
 * they are while they hear a prompt, when they press a key, and bridged.
 *
 * @param seconds that each is measured
 */
record BridgedCalls(
        Report report, GatewayProcess gateway, Phones phones, Voices voices, double seconds) {
    /**
     * Until the last of 100 callers has heard the opening, and that is written: the question after
     * it is a prompt and nothing else.
     */
    private static final Duration OPENING = Duration.ofSeconds(6);

    /** What a hundred calls took of a core, in percent. */
    record Measured(double prompted, double bridged) {}

    Measured measure() throws Exception {
        long dropped = ChildProcess.datagramsDropped();
        var batch = phones.call(new Phones.Plan(TestBed.CALLS, TestBed.SETUPS, null, null, true));
        TestBed.pause(OPENING.toMillis() / 1e3);
        double prompted = prompted(batch);
        ConsentQuestion.answer(phones, batch);
        fromKeyToInvite(batch);
        TestBed.pause(3);
        Voices.Window window = voices.begin();
        CpuUsage usage = usage();
        voices.end();
        double relaying = of100(usage, "100 bridged calls", "100 bridged calls");
        relayed(window, batch);
        report.add(
                "datagrams the machine had no room for",
                "",
                (double) (ChildProcess.datagramsDropped() - dropped));
        phones.hangUp(batch, 200);
        batch.await(TestBed.PATIENCE);
        return new Measured(prompted, relaying);
    }

    private CpuUsage usage() throws IOException {
        return CpuUsage.during(gateway.kernel(), seconds);
    }

    /**
     * Adds what a hundred calls take, and which threads do.
     *
     * @param row of all of it
     * @param work what they do
     * @return all of it, in percent of a core
     */
    private double of100(CpuUsage usage, String row, String work) {
        double all = usage.percent() * 100 / TestBed.CALLS;
        report.add(row, "% core", all);
        usage.byTask()
                .forEach((task, percent) ->
                        report.add(
                                work + ", of it " + task, "% core", percent * 100 / TestBed.CALLS));
        return all;
    }

    private double prompted(Phones.Batch batch) throws IOException {
        Voices.Window prompts = voices.begin();
        CpuUsage usage = usage();
        voices.end();
        double prompted =
                of100(
                        usage,
                        "100 calls hearing a prompt, sending audio",
                        "100 calls hearing a prompt");
        Samples pacing = prompts.pacingMicros();
        report.add("prompt pacing error p50", "µs", 15, Limit.AT_MOST, pacing.quantile(0.5));
        report.add("prompt pacing error p99", "µs", 1000, Limit.AT_MOST, pacing.quantile(0.99));
        report.add("prompt pacing error p99.9", "µs", pacing.quantile(0.999));
        report.add("prompt packets lost", "%", 0, Limit.AT_MOST, prompts.lossPercent());
        report.add("ACK to first audio p50", "ms", batch.firstAudioMillis.quantile(0.5));
        report.add(
                "ACK to first audio p95",
                "ms",
                20,
                Limit.AT_MOST,
                batch.firstAudioMillis.quantile(0.95));
        return prompted;
    }

    private void fromKeyToInvite(Phones.Batch batch) {
        report.add(
                "key to INVITE with fsync p50",
                "ms",
                4,
                Limit.AT_MOST,
                batch.keyToInviteMillis.quantile(0.5));
        report.add(
                "key to INVITE with fsync p99",
                "ms",
                6,
                Limit.AT_MOST,
                batch.keyToInviteMillis.quantile(0.99));
    }

    private void relayed(Voices.Window window, Phones.Batch batch) {
        report.add(
                "relay, one way p50", "µs", 60, Limit.AT_MOST, window.latencyMicros.quantile(0.5));
        report.add(
                "relay, one way p99",
                "µs",
                300,
                Limit.AT_MOST,
                window.latencyMicros.quantile(0.99));
        report.add("relayed packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
        report.add(
                "bridged calls of 100",
                "calls",
                TestBed.CALLS,
                Limit.AT_LEAST,
                (double) batch.bridged.sum());
    }
}
