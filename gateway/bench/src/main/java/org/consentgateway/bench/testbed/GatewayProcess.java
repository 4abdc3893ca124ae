package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.consentgateway.bench.load.LoopbackPorts;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.SecurePhones;
import org.consentgateway.testkit.Certificates;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. A gateway as its operator starts it, {@code scripts/run}, with a store of its own.
 */
public final class GatewayProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration GOODBYE = Duration.ofSeconds(20);

    /** 10 ms: each look is a connection, and the machine is what starts it as well. */
    private static final long READY_LOOK_NANOS = 10_000_000;

    private final Process process;
    private final Path directory;
    private final LoopbackPorts ports;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final double readyMillis;

    /**
     * What is configured.
     *
     * @param maxCalls more get 503
     * @param certificates with them there is a line over TLS and SRTP, too
     * @param prompts how long each sounds; null is as long as it is
     * @param sockets port of assistants in Twilio's dialect, which have a line then; 0 for none
     */
    public record Setup(
            int maxCalls,
            boolean speech,
            LoopbackPorts ports,
            @Nullable Certificates certificates,
            @Nullable Duration prompts,
            int sockets) {}

    /** With the shipped prompts, whole. */
    public GatewayProcess(
            Path home,
            int maxCalls,
            boolean speech,
            String options,
            LoopbackPorts ports,
            @Nullable Certificates certificates)
            throws IOException, InterruptedException {
        this(home, options, new Setup(maxCalls, speech, ports, certificates, null, 0));
    }

    /**
     * As its operator starts it.
     *
     * @param options for the JVM
     */
    public GatewayProcess(Path home, String options, Setup setup)
            throws IOException, InterruptedException {
        this(home, List.of(home.resolve("scripts/run").toString()), options, setup);
    }

    /**
     * @param home the project
     * @param starting the command, without the configuration
     * @param options for the JVM, in the environment
     */
    public GatewayProcess(Path home, List<String> starting, String options, Setup setup)
            throws IOException, InterruptedException {
        this.ports = setup.ports();
        Path parent = Files.createDirectories(home.resolve("gateway/bench/target/bench"));
        directory = Files.createTempDirectory(parent, "run");
        Path config = configured(directory, home, setup);
        List<String> command = new ArrayList<>(starting);
        command.addAll(List.of("--config", config.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Map.of("GATEWAY_JAVA_OPTS", options));
        builder.redirectErrorStream(true);
        builder.redirectOutput(directory.resolve("log").toFile());
        long start = System.nanoTime();
        process = builder.start();
        while (!ready()) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                process.destroyForcibly(); // the next run would measure it in place of its own
                throw new IOException(
                        "the gateway did not start:\n"
                                + Files.readString(directory.resolve("log")));
            }
            LockSupport.parkNanos(READY_LOOK_NANOS);
        }
        readyMillis = (System.nanoTime() - start) / 1e6;
    }

    /** For its TLS, and for those who speak to it. */
    public static Certificates certificates(Path home) throws Exception {
        Path parent = Files.createDirectories(home.resolve("gateway/bench/target/bench"));
        return Certificates.in(Files.createTempDirectory(parent, "certificates"));
    }

    /**
     * Writes a configuration and the texts it names.
     *
     * @param directory where all goes that the gateway will write, too
     * @param home the project
     * @return the configuration's file
     */
    static Path configured(Path directory, Path home, Setup setup) throws IOException {
        Texts texts = Texts.in(directory.resolve("texts"), home, setup.prompts());
        return Files.writeString(
                directory.resolve("gateway.yaml"), configuration(directory, setup, texts));
    }

    /** All lines are one; what is written is kept on the project's own disk, where fsync counts. */
    private static String configuration(Path directory, Setup setup, Texts texts) {
        Certificates secure = setup.certificates();
        LoopbackPorts ports = setup.ports();
        return """
        sip:
          listen: [udp:127.0.0.1:%d%s]
        %smedia:
          ports: {first: %d, last: %d}
        limits: {calls: %d, calls-per-line: %d, retry-after: 1s, invites-per-second-per-source: 100000, busy-percent: 100, audio-lag: 10s}
        store:
          url: jdbc:sqlite:%s
          keys: %s
          checkpoints: {export: %s}
        web: {listen: 127.0.0.1:%d}
        speech: {enabled: %s}
        notices: {directory: %s}
        prompts: {directory: %s}
        trunks:
          - {name: bench, sources: [127.0.0.0/8], srtp: optional, max-calls: %d, invites-per-second: 100000}
        assistants:
          - {name: assistant, uri: "sip:assistant@127.0.0.1:%d"}
        %s%slevels:
          - {id: basis, purposes: [assistant]}
        lines:
        %s%s%s\
        """
                .formatted(
                        ports.sip(),
                        secure == null ? "" : ", tls:127.0.0.1:" + ports.tls(),
                        secure == null ? "" : tls(secure),
                        ports.firstRtp(),
                        ports.lastRtp(),
                        setup.maxCalls(),
                        setup.maxCalls(),
                        directory.resolve("ledger.db"),
                        directory.resolve("keys"),
                        directory.resolve("checkpoints"),
                        ports.web(),
                        setup.speech(),
                        texts.notices(),
                        texts.prompts(),
                        setup.maxCalls(),
                        ports.assistant(),
                        secure == null ? "" : secureAssistant(ports),
                        setup.sockets() == 0 ? "" : socketAssistant(setup.sockets()),
                        line("bench", numbers(Phones.NUMBER, Phones.NUMBERS), "assistant"),
                        secure == null
                                ? ""
                                : line("secure", numbers("s", SecurePhones.NUMBERS), "secure"),
                        setup.sockets() == 0
                                ? ""
                                : line(
                                        "sockets",
                                        numbers(Phones.SOCKET_NUMBER, Phones.NUMBERS),
                                        "socket"));
    }

    private static String tls(Certificates of) {
        return "  tls: {certificate: %s, key: %s, roots: [%s], system-roots: false}\n"
                .formatted(
                        of.certificate(Certificates.GATEWAY),
                        of.key(Certificates.GATEWAY),
                        of.root());
    }

    private static String secureAssistant(LoopbackPorts ports) {
        return "  - {name: secure, uri: \"sip:assistant@127.0.0.1:%d;transport=tls\", srtp: required}\n"
                .formatted(ports.secureAssistant());
    }

    private static String socketAssistant(int port) {
        return "  - {name: socket, url: \"ws://127.0.0.1:%d/\", dialect: twilio, socket: {auth-token: bench}}\n"
                .formatted(port);
    }

    private static String numbers(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> prefix + n)
                .collect(Collectors.joining(", "));
    }

    private static String line(String name, String numbers, String assistant) {
        return """
          - name: %s
            numbers: [%s]
            notice: demo
            levels: [basis]
            assistant: %s
            confirmation: false
            first-input: 60s
        """
                .formatted(name, numbers, assistant);
    }

    private boolean ready() throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(web("/health/ready")).build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private URI web(String path) {
        return URI.create("http://127.0.0.1:" + ports.web() + path);
    }

    /** What the kernel knows of it; a gateway that is gone is no measurement. */
    public ChildProcess kernel() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the gateway has ended, with exit code " + process.exitValue());
        }
        return new ChildProcess(process.pid());
    }

    public double readyMillis() {
        return readyMillis;
    }

    /** Heap in use after a collection. */
    public double liveHeapKib() throws IOException, InterruptedException {
        jcmd("GC.run");
        return metric("jvm_memory_used_bytes", "area=\"heap\"") / 1024;
    }

    /**
     * The sum of a metric's series.
     *
     * @param label one that they all bear; empty for all
     */
    public double metric(String name, String label) throws IOException, InterruptedException {
        String metrics =
                http.send(
                                HttpRequest.newBuilder(web("/metrics")).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Has the JVM do something, as the tool of that name. */
    public String jcmd(String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(process.pid())));
        command.addAll(List.of(words));
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said =
                new String(
                        tool.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        tool.waitFor();
        return said;
    }

    public String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    /** Has it end by itself. */
    public void end(Duration patience) {
        process.destroy();
        process.onExit().completeOnTimeout(process, patience.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws IOException {
        end(GOODBYE);
        process.destroyForcibly();
        process.onExit().join();
        delete(directory);
    }

    /** With all that is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
