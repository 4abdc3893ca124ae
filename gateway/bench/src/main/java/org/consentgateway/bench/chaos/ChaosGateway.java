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
import java.util.concurrent.TimeUnit;
import org.consentgateway.bench.Texts;
import org.jspecify.annotations.Nullable;

/**
 * A gateway process with a store of its own, which may be killed, stopped and started again on the
 * same data. Confined to the main thread.
 */
final class ChaosGateway implements AutoCloseable {
    static final String LINE = "+4930123456";
    private static final Duration PROMPT = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration COMMAND = Duration.ofMinutes(2);

    private final Path folder;
    private final Path data;
    private final List<String> command;
    private final Ports ports;
    private final Path configuration;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private @Nullable Process process;
    private int starts;

    /** URIs of those whom it dials. */
    record Peers(String assistant, String human) {}

    /** On loopback; media has the next thousand behind the first. */
    record Ports(int sip, int web, int media) {}

    /**
     * @param folder for configuration and log
     * @param data where the gateway writes, perhaps a small disk of its own
     * @param command the gateway's command line, without its words
     */
    ChaosGateway(Path home, Path folder, Path data, List<String> command, Ports ports, Peers peers)
            throws IOException {
        this.folder = folder;
        this.data = data;
        this.command = command;
        this.ports = ports;
        Texts texts = Texts.in(folder.resolve("texts"), home, PROMPT);
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
                          url: jdbc:sqlite:%s/ledger.db
                          keys: %s/keys
                          commit-timeout: 2s
                          checkpoints: {export: %s/checkpoints}
                        web: {listen: 127.0.0.1:%d}
                        speech: {enabled: false}
                        notices: {directory: %s}
                        prompts: {directory: %s, cache: %s}
                        trunks:
                          - {name: chaos, sources: [127.0.0.0/8], identity: [p-asserted-identity]}
                        assistants:
                          - {name: assistant, uri: "%s", ring-timeout: 3s}
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
                                        ports.sip(),
                                        ports.media(),
                                        ports.media() + 999,
                                        data,
                                        data,
                                        data,
                                        ports.web(),
                                        texts.notices(),
                                        texts.prompts(),
                                        folder.resolve("cache"),
                                        peers.assistant(),
                                        peers.human(),
                                        LINE));
    }

    InetSocketAddress sip() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.sip());
    }

    Path data() {
        return data;
    }

    /** Starts it, and waits until it takes calls. */
    void start() throws IOException, InterruptedException {
        List<String> serving = new ArrayList<>(command);
        serving.addAll(List.of("serve", "--config", configuration.toString()));
        Path log = folder.resolve("log-" + ++starts);
        process =
                new ProcessBuilder(serving)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
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
            URI uri = URI.create("http://127.0.0.1:" + ports.web() + "/health/ready");
            return http.send(
                            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException notNow) {
            return 0;
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
            signal("STOP", process.pid());
            Thread.sleep(time);
            signal("CONT", process.pid());
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    /**
     * The gateway's command line beside the running process.
     *
     * @throws IOException with all it said, where it does not end with 0
     */
    String command(String... words) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(command);
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
