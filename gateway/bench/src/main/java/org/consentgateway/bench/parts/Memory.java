package org.consentgateway.bench.parts;

import java.time.Duration;
import java.util.List;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Samples;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.ConsentQuestion;
import org.consentgateway.bench.testbed.CpuUsage;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.WarmUp;

/**
 * Confined to the main thread. Bridged calls while the heap is full of what a burst of calls left
 * behind, and whether the memory is given back.
 */
final class Memory implements Part {
    private static final double BURST = 2000;
    private static final double MINUTE = 60;

    /** How long packets are counted, in seconds. */
    private static final double COUNTED = 10;

    private static final double P99_MICROS = 2000;
    private static final double P999_MICROS = 10_000;

    /**
     * The bare relay before and behind each run tells what the machine was able to do in these
     * minutes: where all who want to run do not fit on its processors, each waits for another.
     */
    @Override
    public void measure(TestBed bed) throws Exception {
        int calls = bed.isQuick() ? 200 : 800;
        Samples before = bed.relays().bare(calls, COUNTED).micros();
        for (int run = 0; run < bed.runs(); run++) {
            Samples micros = measureOnce(bed, calls);
            Samples behind = bed.relays().bare(calls, COUNTED).micros();
            byBareRelay(bed.report(), calls, 0.99, P99_MICROS, micros, List.of(before, behind));
            byBareRelay(bed.report(), calls, 0.999, P999_MICROS, micros, List.of(before, behind));
            before = behind;
        }
    }

    private static Samples measureOnce(TestBed bed, int calls) throws Exception {
        try (var voices = Voices.unhurried();
                var gateway = bed.gateway(3000, "");
                var phones = bed.phones(voices)) {
            return new FullHeap(bed.report(), gateway, phones, voices)
                    .measure(bed.isQuick() ? 4000 : 16_000, calls);
        }
    }

    /** As on a machine on which the bare relay is within the budget, as it is on a quiet one. */
    private static void byBareRelay(
            Report report,
            int calls,
            double quantile,
            double budget,
            Samples micros,
            List<Samples> relays) {
        double relay =
                relays.stream()
                        .mapToDouble(each -> each.quantile(quantile))
                        .average()
                        .orElseThrow();
        report.add(
                "%d calls behind a burst, one way p%s, by the bare relay's"
                        .formatted(calls, quantile == 0.99 ? "99" : "99.9"),
                "µs",
                budget,
                Limit.AT_MOST,
                micros.quantile(quantile) * Math.min(1, budget / relay));
    }

    private record FullHeap(Report report, GatewayProcess gateway, Phones phones, Voices voices) {
        /**
         * @param setups of the burst
         * @param calls bridged behind it
         * @return of each packet of theirs, one way, in microseconds
         */
        Samples measure(int setups, int calls) throws Exception {
            WarmUp.warm(phones);
            Duration opening = ConsentQuestion.opening(gateway, phones);
            WarmUp.settle(gateway.kernel());
            double before = gateway.kernel().residentKib() / 1024.0;
            report.add("resident before the burst", "MiB", before);
            phones.call(new Phones.Plan(setups, BURST, null, Duration.ofMillis(20), false))
                    .await(TestBed.PATIENCE);
            String burst = "%d set-ups at %.0f/s".formatted(setups, BURST);
            report.add("resident after " + burst, "MiB", gateway.kernel().residentKib() / 1024.0);
            // Each answers when it is asked: nobody waits for the last of them to be called.
            var batch = phones.call(new Phones.Plan(calls, TestBed.SETUPS, opening, null, true));
            long end = System.nanoTime() + TestBed.PATIENCE.toNanos();
            while (batch.answered.sum() < calls && System.nanoTime() < end) {
                TestBed.pause(0.2); // what the burst left to do comes first
            }
            TestBed.pause(opening.toMillis() / 1e3);
            ConsentQuestion.answer(phones, batch);
            TestBed.pause(1.5);
            Samples micros = bridged(batch, calls);
            phones.hangUp(batch, 200);
            batch.await(TestBed.PATIENCE);
            TestBed.pause(MINUTE);
            report.add(
                    "resident a minute after all that, more than before",
                    "MiB",
                    64,
                    Limit.AT_MOST,
                    gateway.kernel().residentKib() / 1024.0 - before);
            return micros;
        }

        private Samples bridged(Phones.Batch batch, int calls) throws Exception {
            Voices.Window window = voices.begin();
            double cpu = CpuUsage.percent(gateway.kernel(), COUNTED);
            voices.end();
            String name = "%d calls behind a burst, ".formatted(calls);
            report.add(name + "answered", "calls", (double) batch.answered.sum());
            report.add(name + "refused", "calls", (double) batch.refused.sum());
            report.add(name + "hung up on", "calls", (double) batch.lost.sum());
            report.add(
                    name + "bridged", "calls", calls, Limit.AT_LEAST, (double) batch.bridged.sum());
            report.add(name + "CPU per 100", "% core", cpu * 100 / calls);
            Samples micros = window.latencyMicros;
            report.add(name + "one way p50", "µs", 100, Limit.AT_MOST, micros.quantile(0.5));
            report.add(name + "one way p99", "µs", micros.quantile(0.99));
            report.add(name + "one way p99.9", "µs", micros.quantile(0.999));
            report.add(name + "packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
            return micros;
        }
    }
}
