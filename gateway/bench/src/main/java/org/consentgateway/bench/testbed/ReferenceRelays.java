package org.consentgateway.bench.testbed;

import java.io.IOException;
import org.consentgateway.bench.load.Samples;
import org.consentgateway.bench.load.Voices;

/**
 * Confined to the main thread. The relays that the gateway is compared with, each with as many
 * calls as it.
 */
public final class ReferenceRelays {
    private static final String BARE_RELAY = "org.consentgateway.media.bench.BenchServer";

    /**
     * What one did.
     *
     * @param per100 calls, in percent of a core
     * @param micros of each packet, one way
     */
    public record Relayed(double per100, Samples micros) {}

    private final Report report;
    private final boolean quick;

    ReferenceRelays(Report report, boolean quick) {
        this.report = report;
        this.quick = quick;
    }

    /**
     * One of {@code java.nio} and nothing else.
     *
     * @return percent of a core for 100 calls
     */
    public double bare(double seconds) throws Exception {
        try (var voices = new Voices()) {
            return bare(voices, TestBed.CALLS, seconds).per100();
        }
    }

    /** The same with so many calls, of telephones that are {@link Voices#unhurried}. */
    public Relayed bare(int calls, double seconds) throws Exception {
        try (var voices = Voices.unhurried()) {
            return bare(voices, calls, seconds);
        }
    }

    private Relayed bare(Voices voices, int calls, double seconds) throws Exception {
        try (var relay =
                new JavaChild(
                        BARE_RELAY,
                        "bare",
                        Integer.toString(calls),
                        Integer.toString(voices.port()))) {
            for (String port : relay.firstLine().split(" ", -1)) {
                voices.open(Integer.parseInt(port));
            }
            return relayed("bare relay", relay.kernel(), voices, calls, seconds);
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
            return relayed("rtpengine", relay.kernel(), voices, TestBed.CALLS, seconds).per100();
        }
    }

    private Relayed relayed(
            String name, ChildProcess relay, Voices voices, int calls, double seconds)
            throws IOException {
        TestBed.pause(quick ? 4 : 6);
        Voices.Window window = voices.begin();
        double per100 = CpuUsage.percent(relay, seconds) * 100 / calls;
        voices.end();
        Samples micros = window.latencyMicros;
        String work = "%s, %d calls, ".formatted(name, calls);
        report.add(work + "CPU per 100", "% core", per100);
        report.add(work + "one way p50", "µs", micros.quantile(0.5));
        report.add(work + "one way p99", "µs", micros.quantile(0.99));
        report.add(work + "one way p99.9", "µs", micros.quantile(0.999));
        report.add(work + "packets lost", "%", window.lossPercent());
        return new Relayed(per100, micros);
    }
}
