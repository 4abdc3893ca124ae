package org.consentgateway.bench.parts;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.ChildProcess;
import org.consentgateway.bench.testbed.ConsentQuestion;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;

/** Confined to the main thread. Ten times as many calls as the limit. */
final class Tenfold implements Part {
    private static final int LIMIT = 50;
    private static final Duration TALK = Duration.ofSeconds(2);

    @Override
    public void measure(TestBed bed) throws Exception {
        try (var voices = new Voices();
                var gateway = bed.gateway(LIMIT, TestBed.TOUCHED);
                var phones = bed.phones(voices)) {
            flood(bed, gateway, phones, voices);
            var after = phones.call(new Phones.Plan(20, 20, null, Duration.ofMillis(20), false));
            after.await(TestBed.PATIENCE);
            bed.report()
                    .add(
                            "right after tenfold, calls taken",
                            "%",
                            100,
                            Limit.AT_LEAST,
                            100.0 * after.answered.sum() / 20);
        }
    }

    private static void flood(TestBed bed, GatewayProcess gateway, Phones phones, Voices voices)
            throws Exception {
        Report report = bed.report();
        Duration opening = ConsentQuestion.opening(gateway, phones);
        double seconds = bed.isQuick() ? 10 : 60;
        // So many a second that ten times the limit would be under way.
        double rate = LIMIT * 10 * 1000.0 / opening.plus(TALK).toMillis();
        int calls = (int) (rate * seconds);
        report.foot(
                "Tenfold: %d calls at once are the limit; %.0f/s for %.0f s are offered, each of %d ms."
                        .formatted(LIMIT, rate, seconds, opening.plus(TALK).toMillis()));
        ChildProcess kernel = gateway.kernel();
        // Full all the time from the first third on; compilers still work a while.
        CompletableFuture<Long> third = later(seconds / 3, kernel::residentKib);
        CompletableFuture<Long> second = later(seconds * 2 / 3, kernel::residentKib);
        Voices.Window window = voices.begin();
        var batch = phones.call(new Phones.Plan(calls, rate, opening, TALK, true));
        long end = kernel.residentKib();
        boolean ended = batch.await(TestBed.PATIENCE);
        voices.end();
        double accepted = batch.answered.sum();
        report.add("tenfold, calls served", "calls", accepted);
        report.add(
                "tenfold, of these bridged",
                "%",
                100,
                Limit.AT_LEAST,
                100.0 * batch.bridged.sum() / accepted);
        report.add("tenfold, packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
        report.add("tenfold, INVITE to 200 p99", "ms", batch.setupMillis.quantile(0.99));
        report.add(
                "tenfold, INVITE to 503 p99",
                "ms",
                50,
                Limit.AT_MOST,
                batch.refusedMillis.quantile(0.99));
        report.add(
                "tenfold, neither served nor refused",
                "calls",
                0,
                Limit.AT_MOST,
                ended ? calls - accepted - batch.refused.sum() : calls);
        report.add(
                "tenfold, memory it grew by in the second third",
                "MiB",
                (second.join() - third.join()) / 1024.0);
        report.add(
                "tenfold, memory it grew by in the last third",
                "MiB",
                8,
                Limit.AT_MOST,
                (end - second.join()) / 1024.0);
    }

    private static CompletableFuture<Long> later(double seconds, Supplier<Long> what) {
        return CompletableFuture.supplyAsync(
                what,
                CompletableFuture.delayedExecutor((long) (seconds * 1000), TimeUnit.MILLISECONDS));
    }
}
