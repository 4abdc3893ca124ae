package org.consentgateway.bench.parts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.SecurePhones;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.ConsentQuestion;
import org.consentgateway.bench.testbed.CpuUsage;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.WarmUp;
import org.consentgateway.testkit.Certificates;

/**
 * Confined to the main thread. What bridged calls cost over TLS and SRTP on both sides, beside the
 * same without in the same process: each packet is opened by one key and sealed by another.
 */
final class Secure implements Part {
    /** So many that a sum over them is no chance, and few enough for a thread per telephone. */
    private static final int CALLS = 50;

    /** Of a plain call of the same run: AES and HMAC-SHA1 of 172 octets, twice a packet. */
    private static final double TIMES_PLAIN = 2;

    @Override
    public void measure(TestBed bed) throws Exception {
        Report report = bed.report();
        Certificates certificates = GatewayProcess.certificates(bed.home());
        var setup = new GatewayProcess.Setup(3000, false, bed.ports(), certificates, null, 0);
        try (var voices = new Voices();
                var gateway = bed.gateway(setup, "");
                var phones = bed.phones(voices);
                var secure = new SecurePhones(certificates, bed.ports())) {
            WarmUp.warm(phones);
            over(secure, gateway, 1, report); // the ciphers' first seconds are the compilers'
            for (int run = 0; run < bed.runs(); run++) {
                double plain = plain(phones, gateway);
                double cpu = over(secure, gateway, 5, report);
                report.add(CALLS + " plain calls, CPU per 100", "% core", plain);
                report.add(CALLS + " over SRTP, CPU per 100", "% core", cpu);
                report.add("SRTP to plain", "times", TIMES_PLAIN, Limit.AT_MOST, cpu / plain);
            }
        }
    }

    private static double plain(Phones phones, GatewayProcess gateway) throws Exception {
        var batch = phones.call(new Phones.Plan(CALLS, TestBed.SETUPS, null, null, true));
        ConsentQuestion.answer(phones, batch);
        TestBed.pause(3);
        double cpu = CpuUsage.percent(gateway.kernel(), 5) * 100 / CALLS;
        phones.hangUp(batch, 200);
        batch.await(TestBed.PATIENCE);
        return cpu;
    }

    private static double over(
            SecurePhones phones, GatewayProcess gateway, double seconds, Report report)
            throws Exception {
        List<SecurePhones.Call> calls = new ArrayList<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SecurePhones.Call>> begun = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                begun.add(callers.submit(() -> agreed(phones)));
                TestBed.pause(0.05);
            }
            for (Future<SecurePhones.Call> call : begun) {
                calls.add(call.get());
            }
            TestBed.pause(3);
            double cpu = CpuUsage.percent(gateway.kernel(), seconds) * 100 / CALLS;
            long unauthentic = 0;
            for (SecurePhones.Call call : calls) {
                unauthentic += call.caller().voice.figures().unauthentic();
                call.hangUp();
            }
            report.add(
                    "over SRTP, packets with a wrong tag",
                    "",
                    0,
                    Limit.AT_MOST,
                    (double) unauthentic);
            return cpu;
        } finally {
            for (SecurePhones.Call call : calls) {
                call.close();
            }
        }
    }

    private static SecurePhones.Call agreed(SecurePhones phones) throws Exception {
        SecurePhones.Call call = phones.call(SecurePhones.Refresher.GATEWAY);
        if (!call.agree(Duration.ofSeconds(3))) {
            throw new IllegalStateException("a call over SRTP was not bridged");
        }
        return call;
    }
}
