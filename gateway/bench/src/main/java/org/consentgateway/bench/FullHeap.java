package org.consentgateway.bench;

import java.time.Duration;
import org.consentgateway.bench.Report.Limit;

/**
 * Confined to the main thread. Bridged calls while the heap is full of what a burst of calls left
 * behind, and whether the memory is given back.
 */
final class FullHeap {
    private static final double BURST = 2000;
    private static final double MINUTE = 60;

    private final Report report;
    private final GatewayProcess gateway;
    private final Phones phones;
    private final Voices voices;

    FullHeap(Report report, GatewayProcess gateway, Phones phones, Voices voices) {
        this.report = report;
        this.gateway = gateway;
        this.phones = phones;
        this.voices = voices;
    }

    /**
     * @param setups of the burst
     * @param calls bridged behind it
     */
    void measure(int setups, int calls) throws Exception {
        Bench.warm(phones);
        Duration opening = Bench.opening(gateway, phones);
        Bench.settle(gateway.kernel());
        double before = gateway.kernel().residentKib() / 1024.0;
        report.add("resident before the burst", "MiB", before);
        phones.call(new Phones.Plan(setups, BURST, null, Duration.ofMillis(20), false))
                .await(Bench.PATIENCE);
        String burst = "%d set-ups at %.0f/s".formatted(setups, BURST);
        report.add("resident after " + burst, "MiB", gateway.kernel().residentKib() / 1024.0);
        // Each answers when it is asked: nobody waits for the last of them to be called.
        var batch = phones.call(new Phones.Plan(calls, Bench.SETUPS, opening, null, true));
        long end = System.nanoTime() + Bench.PATIENCE.toNanos();
        while (batch.answered.sum() < calls && System.nanoTime() < end) {
            Bench.pause(0.2); // what the burst left to do comes first
        }
        Bench.pause(opening.toMillis() / 1e3);
        Bench.answer(phones, batch);
        Bench.pause(1.5);
        Voices.Window window = voices.begin();
        double cpu = Bench.cpuPercent(gateway.kernel(), 10);
        voices.end();
        String name = "%d calls behind a burst, ".formatted(calls);
        report.add(name + "answered", "calls", (double) batch.answered.sum());
        report.add(name + "refused", "calls", (double) batch.refused.sum());
        report.add(name + "hung up on", "calls", (double) batch.lost.sum());
        report.add(name + "bridged", "calls", calls, Limit.AT_LEAST, (double) batch.bridged.sum());
        report.add(name + "CPU per 100", "% core", cpu * 100 / calls);
        Samples micros = window.latencyMicros;
        report.add(name + "one way p50", "µs", 100, Limit.AT_MOST, micros.quantile(0.5));
        report.add(name + "one way p99", "µs", 2000, Limit.AT_MOST, micros.quantile(0.99));
        report.add(name + "one way p99.9", "µs", 10_000, Limit.AT_MOST, micros.quantile(0.999));
        report.add(name + "packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
        phones.hangUp(batch, 200);
        batch.await(Bench.PATIENCE);
        Bench.pause(MINUTE);
        report.add(
                "resident a minute after all that, more than before",
                "MiB",
                64,
                Limit.AT_MOST,
                gateway.kernel().residentKib() / 1024.0 - before);
    }
}
