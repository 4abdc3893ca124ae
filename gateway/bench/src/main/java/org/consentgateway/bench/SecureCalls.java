package org.consentgateway.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.consentgateway.bench.Report.Limit;
import org.consentgateway.testkit.Certificates;

/**
 * Confined to the main thread. What bridged calls cost over TLS and SRTP on both sides, beside the
 * same without in the same process: each packet is opened by one key and sealed by another.
 */
final class SecureCalls {
    /** So many that a sum over them is no chance, and few enough for a thread per telephone. */
    private static final int CALLS = 50;

    /** Of a plain call of the same run: AES and HMAC-SHA1 of 172 octets, twice a packet. */
    private static final double TIMES_PLAIN = 2;

    private final Report report;
    private final Path home;
    private final String options;
    private final int runs;

    SecureCalls(Report report, Path home, String options, int runs) {
        this.report = report;
        this.home = home;
        this.options = options;
        this.runs = runs;
    }

    void measure(GatewayProcess.Ports ports) throws Exception {
        Certificates certificates = GatewayProcess.certificates(home);
        try (var voices = new Voices();
                var gateway = new GatewayProcess(home, 3000, false, options, ports, certificates);
                var phones = new Phones(ports, voices);
                var secure = new SecurePhones(certificates, ports)) {
            Bench.warm(phones);
            over(secure, gateway, 1); // the ciphers' first seconds are the compilers'
            for (int run = 0; run < runs; run++) {
                double plain = plain(phones, gateway);
                double cpu = over(secure, gateway, 5);
                report.add(CALLS + " plain calls, CPU per 100", "% core", plain);
                report.add(CALLS + " over SRTP, CPU per 100", "% core", cpu);
                report.add("SRTP to plain", "times", TIMES_PLAIN, Limit.AT_MOST, cpu / plain);
            }
        }
    }

    private static double plain(Phones phones, GatewayProcess gateway) throws Exception {
        var batch = phones.call(new Phones.Plan(CALLS, Bench.SETUPS, null, null, true));
        Bench.answer(phones, batch);
        Bench.pause(3);
        double cpu = Bench.cpuPercent(gateway.kernel(), 5) * 100 / CALLS;
        phones.hangUp(batch, 200);
        batch.await(Bench.PATIENCE);
        return cpu;
    }

    private double over(SecurePhones phones, GatewayProcess gateway, double seconds)
            throws Exception {
        List<SecurePhones.Call> calls = new ArrayList<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SecurePhones.Call>> begun = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                begun.add(callers.submit(() -> agreed(phones)));
                Bench.pause(0.05);
            }
            for (Future<SecurePhones.Call> call : begun) {
                calls.add(call.get());
            }
            Bench.pause(3);
            double cpu = Bench.cpuPercent(gateway.kernel(), seconds) * 100 / CALLS;
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
