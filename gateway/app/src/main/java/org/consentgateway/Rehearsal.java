package org.consentgateway;

import org.consentgateway.config.HostPort;
import org.consentgateway.config.JdbcUrl;
import org.consentgateway.config.Listen;
import org.consentgateway.config.SipUri;
import org.consentgateway.demo.DemoAgent;
import org.consentgateway.demo.DemoCall;
import org.consentgateway.demo.DemoCaller;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.reporting.CallLog;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.GatewayConfig.Dialog;
import org.consentgateway.settings.GatewayConfig.Line;
import org.consentgateway.settings.TrunkConfig;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.Cidr;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Confined to the thread that holds it. Calls of our own to a gateway of our own in this process,
 * on loopback and with a store that is thrown away, before the real one takes calls: the story told
 * some dozen times is compiled code, and the first caller meets it. Calls are taken then; once the
 * compilers are done, a few more link what they made. The disclosures are cut to some packets here;
 * nothing of a rehearsal reaches the operator's store, meters or call log.
 */
final class Rehearsal {
    /** Longer is worth nobody's waiting; what is warm by then is warm. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration BETWEEN_CALLS = Duration.ofMillis(6);

    /** After the INVITE: a question takes no key in its first 300 ms. */
    private static final List<Duration> KEYS =
            Stream.of(360, 480, 600).map(Duration::ofMillis).toList();

    private static final Duration HANG_UP = Duration.ofMillis(750);
    private static final Duration IN_THE_DISCLOSURE = Duration.ofMillis(100);

    /** So many calls, and one of them ends in the disclosure. */
    private static final int IMPATIENT = 4;

    /** When the compilers are done with the first ones. */
    private static final int LAST_CALLS = 8;

    private static final Duration COMPILERS_LOOK = Duration.ofMillis(250);
    private static final long QUIET_MILLIS = 10;
    private static final int BRIEF_SAMPLES = 160;
    private static final int MIN_PORTS = 64;
    private static final String NAME = "rehearsal";

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private final GatewayConfig config;
    private final SharedTexts texts;
    private final Line line;
    private final int calls;
    private final boolean speech;

    private Rehearsal(
            GatewayConfig config, SharedTexts texts, Line line, int calls, boolean speech) {
        this.config = config;
        this.texts = texts;
        this.line = line;
        this.calls = calls;
        this.speech = speech;
    }

    /**
     * Holds it; a rehearsal that fails delays nothing and is only told.
     *
     * @param speech whether the recogniser takes part: it loads its models for it
     * @param called told when calls may be taken; what was started for them is closed later
     */
    static void hold(
            GatewayConfig config, SharedTexts texts, int calls, boolean speech, Runnable called) {
        Optional<Line> line =
                config.lines().stream().filter(l -> l.dialog() != Dialog.PRIVACY).findFirst();
        GatewayConfig.Ports ports = config.media().ports();
        if (line.isEmpty() || ports.last() - ports.first() < MIN_PORTS) {
            return;
        }
        try {
            int bridged = new Rehearsal(config, texts, line.get(), calls, speech).hold(called);
            LOG.debug("Rehearsed with {} calls, {} of them bridged", calls, bridged);
        } catch (IOException | BadNoticesException | RuntimeException e) {
            LOG.warn("The rehearsal failed, the first calls will be slow: {}", e.toString());
        }
    }

    private int hold(Runnable called) throws IOException, BadNoticesException {
        Path directory = Files.createTempDirectory("consent-gateway-rehearsal");
        InetAddress here = InetAddress.getLoopbackAddress();
        int middle = (config.media().ports().first() + config.media().ports().last()) / 4 * 2;
        try (MediaEngine media =
                        MediaEngine.start(
                                new MediaSettings(
                                        here,
                                        middle,
                                        config.media().ports().last(),
                                        Duration.ZERO,
                                        Duration.ofSeconds(15),
                                        1));
                DemoAgent agent =
                        DemoAgent.start(
                                new InetSocketAddress(here, 0),
                                media,
                                AudioClip.of(new short[BRIEF_SAMPLES]));
                DemoCaller caller = DemoCaller.start(new InetSocketAddress(here, 0), media)) {
            int assistant = agent.listening().getFirst().getPort();
            var stage = new Stage(clip -> clip.first(1), new CallLog(UnheardLog.open()), () -> {});
            try (Gateway gateway =
                    Gateway.start(
                            rehearsed(directory, here, middle - 1, assistant),
                            InstantSource.system(),
                            stage,
                            texts)) {
                look(gateway.webPort());
                InetSocketAddress gatewayAt = gateway.listening().getFirst();
                call(caller, gatewayAt, calls);
                called.run();
                awaitCompilers();
                call(caller, gatewayAt, Math.min(calls, LAST_CALLS));
                return agent.answered();
            }
        } finally {
            delete(directory);
        }
    }

    /** What they make of the first calls is compiled, but has never run: it has still to link. */
    private static void awaitCompilers() {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        if (compilers == null || !compilers.isCompilationTimeMonitoringSupported()) {
            return;
        }
        long end = System.nanoTime() + LIMIT.toNanos();
        long before = -1;
        for (long now = compilers.getTotalCompilationTime();
                now - before > QUIET_MILLIS && System.nanoTime() < end;
                now = compilers.getTotalCompilationTime()) {
            before = now;
            LockSupport.parkNanos(COMPILERS_LOOK.toNanos());
        }
    }

    private static void look(int port) throws IOException {
        for (String page : List.of("/health/ready", "/metrics")) {
            try (InputStream in =
                    URI.create("http://127.0.0.1:" + port + page).toURL().openStream()) {
                in.readAllBytes();
            }
        }
    }

    /** All at a fixed time: what comes too early or too late is one call less. */
    private static void call(DemoCaller caller, InetSocketAddress gateway, int calls) {
        String target = "sip:" + NAME + "@127.0.0.1:" + gateway.getPort();
        try (ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(NAME).factory())) {
            List<CompletableFuture<Void>> over =
                    IntStream.range(0, calls).mapToObj(_ -> new CompletableFuture<Void>()).toList();
            for (int i = 0; i < calls; i++) {
                String from = "+4930%06d".formatted(i);
                Duration hangUp = i % IMPATIENT == 0 ? IN_THE_DISCLOSURE : HANG_UP;
                CompletableFuture<Void> ended = over.get(i);
                var _ =
                        timer.schedule(
                                () -> call(caller, target, from, hangUp, timer, ended),
                                BETWEEN_CALLS.toMillis() * i,
                                TimeUnit.MILLISECONDS);
            }
            CompletableFuture.allOf(over.toArray(CompletableFuture[]::new))
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            timer.shutdownNow();
        } catch (TimeoutException | ExecutionException late) {
            LOG.debug("The rehearsal was not done in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void call(
            DemoCaller caller,
            String target,
            String from,
            Duration hangUp,
            ScheduledExecutorService timer,
            CompletableFuture<Void> ended) {
        try {
            DemoCall call = caller.call(target, from, new DemoCall.Listener() {});
            call.outcome().thenAccept(_ -> ended.complete(null));
            for (Duration key : KEYS) {
                var _ =
                        timer.schedule(
                                () -> call.press('1'), key.toMillis(), TimeUnit.MILLISECONDS);
            }
            var _ = timer.schedule(call::hangUp, hangUp.toMillis(), TimeUnit.MILLISECONDS);
        } catch (PortsExhaustedException none) {
            ended.complete(null);
        }
    }

    /** The same texts and levels; all else is here and thrown away. */
    private GatewayConfig rehearsed(
            Path directory, InetAddress here, int lastPort, int assistantPort) {
        HostPort any = new HostPort(here, 0);
        Duration ring = Duration.ofSeconds(5);
        GatewayConfig.Media media = config.media();
        return new GatewayConfig(
                new GatewayConfig.Node(NAME),
                new GatewayConfig.Sip(
                        List.of(new Listen(Listen.Transport.UDP, any)),
                        Optional.empty(),
                        config.sip().userAgent(),
                        List.of(),
                        Duration.ZERO,
                        config.sip().emergencyNumbers(),
                        config.sip().maxMessageBytes(),
                        config.sip().dscp(),
                        config.sip().tls()),
                new GatewayConfig.Media(
                        here,
                        Optional.empty(),
                        new GatewayConfig.Ports(media.ports().first(), lastPort),
                        Duration.ZERO,
                        media.silenceAfter(),
                        media.dscp()),
                config.limits().withoutRates(),
                new GatewayConfig.Store(
                        new JdbcUrl("jdbc:sqlite:" + directory.resolve("ledger.db")),
                        directory.resolve("keys"),
                        new GatewayConfig.Checkpoints(
                                config.store().checkpoints().entries(),
                                config.store().checkpoints().interval(),
                                directory.resolve("checkpoints")),
                        Optional.empty(),
                        config.store().commitTimeout(),
                        config.store().location()),
                new GatewayConfig.Web(any),
                config.log(),
                speech ? config.speech() : new GatewayConfig.Speech(false, Map.of(), 1, 1),
                config.prompts(),
                config.notices(),
                config.lexicon(),
                List.of(
                        TrunkConfig.plain(
                                NAME, List.of(new Cidr(here, Byte.SIZE)), config.limits().calls())),
                List.of(
                        new GatewayConfig.Assistant(
                                NAME,
                                new SipUri("sip:" + NAME + "@127.0.0.1:" + assistantPort),
                                Optional.empty(),
                                Srtp.OFF,
                                ring,
                                false,
                                GatewayConfig.Refer.DECLINE)),
                List.of(),
                config.levels(),
                List.of(rehearsed()),
                config.drain(),
                new GatewayConfig.Demo(false));
    }

    private Line rehearsed() {
        return new Line(
                NAME,
                List.of(NAME),
                line.notice(),
                line.languages(),
                line.dialog(),
                line.levels().subList(0, 1),
                Optional.of(NAME),
                Optional.empty(),
                List.of(),
                line.firstInput(),
                line.repeats(),
                false,
                false,
                line.withdrawalKey(),
                line.renewalWindow(),
                line.zone());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
