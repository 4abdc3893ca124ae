package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.consentgateway.bench.testbed.Texts;
import org.jspecify.annotations.Nullable;

/**
 * A gateway process with a store of its own, which may be killed, stopped and started again on the
 * same data. Confined to the main thread.
 */
final class ChaosGateway implements AutoCloseable {
    static final String LINE = "+4930123456";

    /** From {@code RtpPorts.GATEWAY} on: where callers and assistants have none of theirs. */
    static final int MEDIA_PORTS = 1000;

    /** {@code withdrawn} of the German texts: said where a withdrawal is on a disk. */
    private static final String DONE = "Erledigt. Die KI hört Sie nicht mehr.";

    private static final Duration PROMPT = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration COMMAND = Duration.ofMinutes(2);

    /** SQLite's log has room for some records more where the disk has none. */
    private static final Duration TOLD_WITHIN = Duration.ofMinutes(1);

    private final Path folder;
    private final Setup setup;
    private final Path configuration;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private @Nullable Process process;
    private int starts;

    /**
     * Immutable. What it is made of.
     *
     * @param command the gateway's command line, without its words
     * @param environment beside that of this process; for the server alone
     * @param data where the gateway writes, perhaps a small disk of its own
     * @param hears whether callers may speak
     */
    record Setup(
            List<String> command,
            Map<String, String> environment,
            Path data,
            String store,
            boolean hears,
            Ports ports) {}

    /** URIs of those whom it dials, and where it registers. */
    record Peers(String assistant, String human, String registrar) {
        static Peers of(World.Peers peers) {
            return new Peers(
                    peers.assistant().uri(),
                    peers.human().uri(),
                    ChaosRegistrar.HOST + ":" + peers.registrar().port());
        }
    }

    /** On loopback; media has {@link #MEDIA_PORTS} from the first on. */
    record Ports(int sip, int web, int media) {}

    /**
     * @param folder for configuration and log
     */
    ChaosGateway(Path home, Path folder, Setup setup, Peers peers) throws IOException {
        this.folder = folder;
        this.setup = setup;
        Texts texts = Texts.in(folder.resolve("texts"), home, PROMPT);
        texts.sounds(DONE, Sounds.DONE.recording(PROMPT));
        configuration =
                Files.writeString(
                        folder.resolve("gateway.yaml"),
                        """
                        sip:
                          listen: [udp:127.0.0.1:%d]
                        media:
                          ports: {first: %d, last: %d}
                          quarantine: 500ms
                          silence-after: 15s
                        limits: {calls: 100, calls-per-line: 100, busy-percent: 100, audio-lag: 10s}
                        store:
                          url: "%s"
                          keys: %s/keys
                          commit-timeout: 2s
                          checkpoints: {export: %s/checkpoints}
                        web: {listen: 127.0.0.1:%d}
                        speech: {enabled: %s}
                        notices: {directory: %s}
                        prompts: {directory: %s, cache: %s}
                        trunks:
                          - name: chaos
                            sources: [127.0.0.1]
                            media-networks: [127.0.0.1]
                            identity: [p-asserted-identity]
                          - name: provider
                            registration: {domain: provider.test, proxy: "%s", transport: udp, user: chaos, password: chaos}
                        assistants:
                          - {name: assistant, uri: "%s", ring-timeout: 3s, caller-id: with-purpose assistant}
                        humans:
                          - {name: human, uri: "%s", ring-timeout: 3s}
                        levels:
                          - {id: basis, purposes: [assistant]}
                        lines:
                          - name: chaos
                            numbers: ["%s"]
                            notice: demo
                            levels: [basis]
                            assistant: assistant
                            humans: [human]
                            first-input: 3s
                            call-back: false
                        """
                                .formatted(
                                        setup.ports().sip(),
                                        setup.ports().media(),
                                        setup.ports().media() + MEDIA_PORTS - 1,
                                        setup.store(),
                                        setup.data(),
                                        setup.data(),
                                        setup.ports().web(),
                                        setup.hears(),
                                        texts.notices(),
                                        texts.prompts(),
                                        folder.resolve("cache"),
                                        peers.registrar(),
                                        peers.assistant(),
                                        peers.human(),
                                        LINE));
    }

    InetSocketAddress sip() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), setup.ports().sip());
    }

    Path data() {
        return setup.data();
    }

    /** Starts it, and waits until it takes calls. */
    void start() throws IOException, InterruptedException {
        List<String> serving = new ArrayList<>(setup.command());
        serving.addAll(List.of("serve", "--config", configuration.toString()));
        Path log = folder.resolve("log-" + ++starts);
        ProcessBuilder server =
                new ProcessBuilder(serving).redirectErrorStream(true).redirectOutput(log.toFile());
        server.environment().putAll(setup.environment());
        process = server.start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (ready() != 200) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("the gateway did not start:\n" + Files.readString(log));
            }
            Thread.sleep(50);
        }
    }

    /** Status of the question whether it takes calls; 0 where nobody answers. */
    int ready() throws InterruptedException {
        try {
            URI uri = URI.create("http://127.0.0.1:" + setup.ports().web() + "/health/ready");
            return http.send(
                            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException notNow) {
            return 0;
        }
    }

    /**
     * Waits until it says this of whether it takes calls, as whoever sends them asks it.
     *
     * @throws IOException where it never does
     */
    void awaitReady(int status) throws IOException, InterruptedException {
        long end = System.nanoTime() + TOLD_WITHIN.toNanos();
        for (int said = ready(); said != status; said = ready()) {
            if (System.nanoTime() > end) {
                throw new IOException("/health/ready says " + said + " and not " + status);
            }
            Thread.sleep(50);
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** SIGKILL; returns when it is gone. */
    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** SIGSTOP, so long. */
    void freeze(Duration time) throws IOException, InterruptedException {
        if (process != null) {
            Tool.signal("STOP", List.of(process.pid()));
            Thread.sleep(time);
            Tool.signal("CONT", List.of(process.pid()));
        }
    }

    /** The sum of a metric over all its labels, as {@code /metrics} has it. */
    double metric(String name) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + setup.ports().web() + "/metrics");
        String all =
                http.send(
                                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        return all.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /**
     * The gateway's command line beside the running process.
     *
     * @throws IOException with all it said, where it does not end with 0
     */
    String command(String... words) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(setup.command());
        whole.addAll(List.of(words));
        whole.addAll(List.of("--config", configuration.toString()));
        Path said = Files.createTempFile(folder, "said", "");
        Process tool =
                new ProcessBuilder(whole)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        boolean ended = tool.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS);
        String text = Files.readString(said, StandardCharsets.UTF_8);
        if (!ended || tool.exitValue() != 0) {
            tool.destroyForcibly();
            throw new IOException(String.join(" ", words) + ": " + text);
        }
        return text;
    }

    /** All that it has logged, of every start. */
    String log() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= starts; i++) {
            all.append(Files.readString(folder.resolve("log-" + i)));
        }
        return all.toString();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException interrupted) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        http.close();
    }
}
