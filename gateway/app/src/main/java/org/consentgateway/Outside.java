package org.consentgateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.consentgateway.api.ApiServer;
import org.consentgateway.api.access.SessionTokens;
import org.consentgateway.browser.BrowserTelephone;
import org.consentgateway.config.HostPort;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.console.ConsoleServer;
import org.consentgateway.demo.CallerPorts;
import org.consentgateway.demo.DemoAgent;
import org.consentgateway.demo.DemoSentences;
import org.consentgateway.demo.DemoSocket;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.metrics.Meter;
import org.consentgateway.metrics.Totals;
import org.consentgateway.receipts.ReceiptCounter;
import org.consentgateway.receipts.ReceiptServer;
import org.consentgateway.receipts.ReleasedReceipts;
import org.consentgateway.reporting.CallsOfAssistants;
import org.consentgateway.reporting.Peers;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LineConfig;
import org.consentgateway.settings.receipts.ReceiptsConfig;
import org.consentgateway.web.BrowserCalls;
import org.consentgateway.web.Diagnosis;
import org.consentgateway.web.Reloading;
import org.consentgateway.web.Web;

/** Thread-safe. What can be reached besides the telephone lines: HTTP, and the demo agents. */
record Outside(Web web, Optional<ApiServer> api, Optional<ConsoleServer> console, OpenParts parts)
        implements AutoCloseable {
    /** Of the callers behind the page: few call at a time, and a port rests for a second. */
    private static final int BROWSERS_PORTS = 200;

    /** Immutable. What is reached. */
    record Inside(Audio audio, Telephony telephony, Monitoring monitoring, Reloading reload) {}

    static Outside open(Startup startup, Proof proof, Inside reached, Tokens tokens)
            throws IOException {
        GatewayConfig config = startup.config();
        Telephony telephony = reached.telephony();
        Monitoring monitoring = reached.monitoring();
        try (var opening = new OpenParts()) {
            Diagnosis peers =
                    new Peers(
                            telephony.sip(),
                            telephony.targets(),
                            telephony.sockets(),
                            telephony::config,
                            telephony.listeners().last());
            Web web =
                    opening.add(
                            Web.start(
                                    config.web().listen().socketAddress(),
                                    new Web.Operators(
                                            monitoring.health()::status,
                                            telephony.sip()::isStuck,
                                            telephony.routing()::takesCalls,
                                            monitoring::scraped,
                                            peers,
                                            reached.reload()),
                                    tokens.consents(),
                                    more(config, browsers(startup, proof, telephony, opening)),
                                    startup.expected()));
            if (config.tokens().listen().isPresent()) {
                opening.add(
                        Web.startPublic(
                                config.tokens().listen().get().socketAddress(),
                                tokens.consents(),
                                new CallsOfAssistants(
                                        telephony.sockets(),
                                        named -> telephony.dialled().sip().human(named),
                                        () -> telephony.settings().assistantAccounts())));
            }
            var sessions = new SessionTokens();
            Optional<ApiServer> api = Optional.empty();
            if (config.api().listen().isPresent() || config.console().listen().isPresent()) {
                var inside =
                        new RestApi.Inside(
                                proof,
                                telephony,
                                Imports.of(telephony::reading, proof.ledger(), proof.store()),
                                monitoring,
                                peers);
                api = Optional.of(RestApi.open(startup, apiAt(config), inside, sessions, opening));
            }
            Optional<ConsoleServer> console = Optional.empty();
            if (config.console().listen().isPresent()) {
                ApiServer asked = api.orElseThrow();
                ConsoleServer pages = OwnConsole.open(startup, proof, asked, sessions, opening);
                new Totals(telephony.listeners().meters())
                        .follow(Meter.SIGN_INS_TURNED_AWAY, pages::turnedAway);
                console = Optional.of(pages);
            }
            if (config.receipts().listen().isPresent()) {
                opening.add(receipts(startup, proof, config.receipts()));
            }
            if (config.demo().agents()) {
                startDemoAgents(
                        opening,
                        config.demo(),
                        reached.audio().media(),
                        startup.settings().demoSentences());
            }
            return new Outside(web, api, console, opening.keep());
        }
    }

    /** For everybody, so it asks nobody who may see more. */
    private static ReceiptServer receipts(Startup startup, Proof proof, ReceiptsConfig config)
            throws IOException {
        return ReceiptServer.start(
                config.listen().orElseThrow().socketAddress(),
                config.behindProxy(),
                new ReceiptCounter(
                        new ReleasedReceipts(proof.ledger()),
                        () -> LedgerArchive.open(startup.settings().ledger()),
                        RestApi.records(startup, proof)),
                startup.expected());
    }

    private static Web.More more(GatewayConfig config, Optional<BrowserCalls> browsers) {
        return new Web.More(browsers, OwnConsole.address(config), config.web().hosts());
    }

    /** Telephones for the page of the demonstration. */
    private static Optional<BrowserCalls> browsers(
            Startup startup, Proof proof, Telephony telephony, OpenParts opening) {
        GatewayConfig config = startup.config();
        return telephony
                .listeners()
                .followed()
                .map(followed -> {
                    GatewayConfig.Ports media = config.media().ports();
                    return opening.add(
                            new BrowserTelephone(
                                    new BrowserTelephone.Surroundings(
                                            config.lines().stream().map(Outside::line).toList(),
                                            overUdp(config, telephony.sip().listening()),
                                            CallerPorts.beside(media.first(), media.last())
                                                    .atMost(BROWSERS_PORTS),
                                            followed,
                                            new BrowserTelephone.Records(
                                                    proof.ledger().reader(),
                                                    proof.ledger().pseudonyms()::sipCallId),
                                            startup.nanos())));
                });
    }

    /** Both lists have the same order. */
    private static InetSocketAddress overUdp(
            GatewayConfig config, List<InetSocketAddress> listening) {
        List<ListenAddress.Protocol> transports =
                config.sip().listen().stream().map(ListenAddress::transport).toList();
        return listening.get(transports.indexOf(ListenAddress.Protocol.UDP));
    }

    private static BrowserCalls.CalledLine line(LineConfig line) {
        return new BrowserCalls.CalledLine(
                line.name(),
                line.numbers().getFirst(),
                line.languages(),
                line.dialog().name().toLowerCase(Locale.ROOT));
    }

    /** Where nobody else is to use it, the console does: on this machine, at any free port. */
    private static InetSocketAddress apiAt(GatewayConfig config) {
        return config.api()
                .listen()
                .map(HostPort::socketAddress)
                .orElseGet(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** An assistant, by two ways, and a human of our own, so that a first call finds somebody. */
    private static void startDemoAgents(
            OpenParts opening, GatewayConfig.Demo ports, MediaEngine media, Path sentences)
            throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        DemoSentences assistant = DemoSentences.in(sentences);
        AudioClip human = Wav.read(sentences.resolve("human.wav")).clip();
        opening.add(
                DemoAgent.start(
                        new InetSocketAddress(here, ports.assistantPort()),
                        media,
                        new DemoAgent.Talks(assistant)));
        opening.add(DemoSocket.start(new InetSocketAddress(here, ports.socketPort()), assistant));
        opening.add(
                DemoAgent.start(
                        new InetSocketAddress(here, ports.humanPort()),
                        media,
                        DemoAgent.Sentence.of("human", human)));
    }

    @Override
    public void close() {
        parts.close();
    }
}
