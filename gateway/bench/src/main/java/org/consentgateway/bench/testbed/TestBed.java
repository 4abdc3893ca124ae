package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.bench.load.LoopbackPorts;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Voices;

/** Confined to the main thread. What every part that is measured stands on. */
public final class TestBed {
    /** At once, where they are compared with the calls of a relay. */
    public static final int CALLS = 100;

    /** 64*T1, for which a set-up is remembered (RFC 3261 §17), and a second. */
    public static final double TRANSACTION = 33;

    /** Calls a second, where another pace is not what is measured. */
    public static final double SETUPS = 50;

    /** For the end of calls. */
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    /** The prompt that the budget of the whole job was measured with. */
    public static final Duration BUDGET_PROMPT = Duration.ofMillis(3200);

    /** Heap of {@code scripts/run}, all of it touched: then memory that grows is not the heap. */
    public static final String TOUCHED = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch";

    private final Path home;
    private final boolean quick;
    private final LoopbackPorts ports;
    private final Report report;
    private final ReferenceRelays relays;
    private final Calibration calibration;

    /**
     * @param home the project
     * @param quick one short run of each
     */
    public TestBed(Path home, boolean quick, LoopbackPorts ports, Report report) {
        this.home = home;
        this.quick = quick;
        this.ports = ports;
        this.report = report;
        this.relays = new ReferenceRelays(report, quick);
        this.calibration = new Calibration(report, relays);
    }

    public Path home() {
        return home;
    }

    public boolean isQuick() {
        return quick;
    }

    public LoopbackPorts ports() {
        return ports;
    }

    public Report report() {
        return report;
    }

    public ReferenceRelays relays() {
        return relays;
    }

    /** How many times each is measured. */
    public int runs() {
        return quick ? 1 : 3;
    }

    /** How long packets are counted where they are compared with a relay's, in seconds. */
    public double relaySeconds() {
        return quick ? 3 : 5;
    }

    /**
     * A budget in processor time, on this machine. To be asked before anything else runs.
     *
     * @param budget where the budgets were set
     * @return in the same unit
     */
    public double here(double budget) throws Exception {
        return budget * calibration.slower(runs(), relaySeconds());
    }

    /**
     * For a measurement that rtpengine's are to alternate with, since a machine is not as fast in
     * one minute as in the next.
     *
     * @return how many times as long this machine takes now as the one where the budgets were set
     */
    public double slowerNow() throws Exception {
        return calibration.slowerNow(relaySeconds());
    }

    /** With the shipped prompts, whole, and without speech. */
    public GatewayProcess gateway(int maxCalls, String options)
            throws IOException, InterruptedException {
        return gateway(new GatewayProcess.Setup(maxCalls, false, ports, null, null, 0), options);
    }

    /**
     * Of this setup.
     *
     * @param options for the JVM, behind the operator's own
     */
    public GatewayProcess gateway(GatewayProcess.Setup setup, String options)
            throws IOException, InterruptedException {
        return new GatewayProcess(home, options(options), setup);
    }

    /** What the gateway's JVM is given: the operator's own, and more. */
    public static String options(String more) {
        String own = System.getenv("GATEWAY_JAVA_OPTS");
        return ((own == null ? "" : own) + " " + more).strip();
    }

    public Phones phones(Voices voices) throws IOException {
        return new Phones(ports, voices);
    }

    public static void pause(double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
