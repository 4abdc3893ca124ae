package org.consentgateway.bench.parts;

import java.time.Duration;
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
 * Confined to the main thread. More than can be listened to: all callers of a full gateway make a
 * sound while they are asked.
 */
final class Speech implements Part {
    /** A jitter buffer of one packet takes a packet that is so late. */
    private static final double PACED_BESIDE_SPEECH_MICROS = 5000;

    @Override
    public void measure(TestBed bed) throws Exception {
        Report report = bed.report();
        int bridged = bed.isQuick() ? 200 : 800;
        int asked = bridged / 2;
        var setup = new GatewayProcess.Setup(3000, true, bed.ports(), null, null, 0);
        try (var voices = new Voices();
                var gateway = bed.gateway(setup, "");
                var phones = bed.phones(voices)) {
            WarmUp.warm(phones);
            Duration opening = ConsentQuestion.opening(gateway, phones);
            ConsentQuestion.answer(
                    phones,
                    phones.call(new Phones.Plan(bridged, TestBed.SETUPS, null, null, true)));
            TestBed.pause(2);
            var dialogs = phones.call(new Phones.Plan(asked, TestBed.SETUPS, null, null, true));
            TestBed.pause(opening.toMillis() / 1000.0);
            Voices.Window window = voices.begin();
            double cpu = CpuUsage.percent(gateway.kernel(), 5);
            voices.end();
            String name = "%d bridged, %d asked".formatted(bridged, asked);
            double listening = gateway.metric("consent_speech_listening", "");
            double keysOnly = gateway.metric("consent_speech_rejected_total", "reason=\"limit\"");
            report.add(
                    name + ", answered",
                    "calls",
                    asked,
                    Limit.AT_LEAST,
                    (double) dialogs.answered.sum());
            report.add(name + ", listened to", "calls", listening);
            report.add(name + ", worded for keys only", "prompts", keysOnly);
            report.add(name + ", CPU", "% core", cpu);
            report.add(name + ", packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
            Samples pacing = window.pacingMicros();
            report.add(name + ", pacing error p50", "µs", pacing.quantile(0.5));
            report.add(
                    name + ", pacing error p99",
                    "µs",
                    PACED_BESIDE_SPEECH_MICROS,
                    Limit.AT_MOST,
                    pacing.quantile(0.99));
        }
    }
}
