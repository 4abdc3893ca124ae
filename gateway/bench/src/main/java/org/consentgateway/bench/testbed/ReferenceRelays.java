package org.consentgateway.bench.testbed;

import java.io.IOException;
import org.consentgateway.bench.load.Voices;

/**
 * Confined to the main thread. The relays that the gateway is compared with, each with as many
 * calls as it.
 */
public final class ReferenceRelays {
    private static final String BARE_RELAY = "org.consentgateway.media.bench.BenchServer";

    private final Report report;
    private final boolean quick;

    ReferenceRelays(Report report, boolean quick) {
        this.report = report;
        this.quick = quick;
    }

    /**
     * One of {@code java.nio} and nothing else.
     *
     * @return percent of a core
     */
    public double bare(double seconds) throws Exception {
        try (var voices = new Voices();
                var relay =
                        new JavaChild(
                                BARE_RELAY,
                                "bare",
                                Integer.toString(TestBed.CALLS),
                                Integer.toString(voices.port()))) {
            for (String port : relay.firstLine().split(" ", -1)) {
                voices.open(Integer.parseInt(port));
            }
            return relayed("bare relay", relay.kernel(), voices, seconds);
        }
    }

    /**
     * Where it is installed.
     *
     * @return percent of a core
     */
    public double rtpEngine(double seconds) throws Exception {
        try (var voices = new Voices();
                var relay = new RtpEngine()) {
            for (int call = 0; call < TestBed.CALLS; call++) {
                relay.call(call, voices.port()).forEach(voices::open);
            }
            return relayed("rtpengine", relay.kernel(), voices, seconds);
        }
    }

    private double relayed(String name, ChildProcess relay, Voices voices, double seconds)
            throws IOException {
        TestBed.pause(quick ? 4 : 6);
        Voices.Window window = voices.begin();
        double per100 = CpuUsage.percent(relay, seconds) * 100 / TestBed.CALLS;
        voices.end();
        report.add(name + ", 100 calls", "% core", per100);
        report.add(name + ", one way p50", "µs", window.latencyMicros.quantile(0.5));
        report.add(name + ", one way p99", "µs", window.latencyMicros.quantile(0.99));
        report.add(name + ", packets lost", "%", window.lossPercent());
        return per100;
    }
}
