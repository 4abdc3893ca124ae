package org.consentgateway.bench;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.consentgateway.bench.load.LoopbackPorts;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.GatewayProcess;

/**
 * What the JVM's cache of classes and profiles (JEP 483, 514, 515) is recorded from: a gateway with
 * a store, ports and prompts of its own, which answers some hundred calls and ends. {@code
 * scripts/run} starts it once after a build. Nothing of the operator's is read or written.
 */
public final class Training {
    private static final int CALLS = 300;
    private static final int PER_SECOND = 100;

    /**
     * So short that the question is put soon; what a clip's octets are makes no difference here.
     */
    private static final Duration PROMPT = Duration.ofMillis(100);

    /** After the answer, when the question takes a key. */
    private static final Duration KEY = Duration.ofMillis(1500);

    private static final Duration TALK = Duration.ofMillis(200);
    private static final Duration CALLS_TAKE = Duration.ofSeconds(30);

    /** The JVM writes the cache while it ends. */
    private static final Duration RECORDING_TAKES = Duration.ofMinutes(2);

    private Training() {}

    /** The arguments are the command that starts the gateway, without its configuration. */
    public static void main(String[] command) throws Exception {
        Path home = Path.of(System.getProperty("gateway.home", "."));
        var ports = new LoopbackPorts(udp(), udp(), tcp(), 28_000, 31_999);
        var setup = new GatewayProcess.Setup(CALLS, true, ports, null, PROMPT, 0);
        try (var gateway = new GatewayProcess(home, List.of(command), "", setup)) {
            try (var voices = new Voices();
                    var phones = new Phones(ports, voices)) {
                phones.call(new Phones.Plan(CALLS / 4, PER_SECOND, null, TALK, false))
                        .await(CALLS_TAKE);
                phones.call(new Phones.Plan(CALLS, PER_SECOND, KEY, TALK, true)).await(CALLS_TAKE);
            }
            gateway.metric("consent_calls_total", "");
            gateway.end(RECORDING_TAKES);
        }
        System.exit(0);
    }

    private static int udp() throws IOException {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int tcp() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
