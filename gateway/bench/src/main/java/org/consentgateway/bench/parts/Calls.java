package org.consentgateway.bench.parts;

import java.time.Duration;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.RtpEngine;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.WarmUp;

/**
 * Confined to the main thread. A hundred calls that hear a prompt and then are bridged, in
 * alternating runs with the relays they are compared with.
 */
final class Calls implements Part {
    /** Of the disclosure while prompts are measured: as long as that takes. */
    private static final Duration LISTENING = Duration.ofSeconds(9);

    /**
     * On a machine that others use, five seconds of one run took up to a fifth more or less than
     * those of the next: the middle of so many.
     */
    private static final int RUNS = 5;

    @Override
    public void measure(TestBed bed) throws Exception {
        Report report = bed.report();
        double seconds = bed.relaySeconds();
        var setup = new GatewayProcess.Setup(3000, false, bed.ports(), null, LISTENING, 0);
        try (var voices = new Voices();
                var gateway = bed.gateway(setup, "");
                var phones = bed.phones(voices)) {
            if (!RtpEngine.isInstalled()) {
                report.foot("Not compared with rtpengine: Debian's rtpengine-daemon is missing.");
            }
            WarmUp.practise(gateway, phones, 5 * TestBed.CALLS);
            var bridged = new BridgedCalls(report, gateway, phones, voices, seconds);
            Peers before = peers(bed, gateway);
            for (int run = 0; run < (bed.isQuick() ? 1 : RUNS); run++) {
                BridgedCalls.Measured measured;
                try (var late = new Lateness()) {
                    measured = bridged.measure();
                    report.add("a waiting thread was woken late by p99", "µs", late.quantile(0.99));
                    report.add(
                            "a waiting thread was woken late by p99.9", "µs", late.quantile(0.999));
                }
                Peers behind = peers(bed, gateway);
                before.and(behind).compare(measured, report);
                before = behind;
            }
        }
    }

    /** While the gateway has nothing to do. */
    private static Peers peers(TestBed bed, GatewayProcess gateway) throws Exception {
        WarmUp.rest(gateway.kernel());
        double seconds = bed.relaySeconds();
        return new Peers(
                bed.relays().bare(seconds),
                RtpEngine.isInstalled() ? bed.relays().rtpEngine(seconds) : Double.NaN);
    }
}
