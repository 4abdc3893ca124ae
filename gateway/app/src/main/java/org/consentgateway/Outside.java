package org.consentgateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.consentgateway.api.ApiServer;
import org.consentgateway.demo.DemoAgent;
import org.consentgateway.demo.DemoSentences;
import org.consentgateway.demo.DemoSocket;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.reporting.CallsOfAssistants;
import org.consentgateway.reporting.Peers;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.web.Web;

/** Thread-safe. What can be reached besides the telephone lines: HTTP, and the demo agents. */
record Outside(Web web, Optional<ApiServer> api, OpenParts parts) implements AutoCloseable {
    private static final int ASSISTANT_PORT = 5070;
    private static final int HUMAN_PORT = 5071;

    /** The same assistant, behind a WebSocket. */
    private static final int SOCKET_PORT = 5072;

    static Outside open(
            Startup startup,
            Proof proof,
            Audio audio,
            Telephony telephony,
            Monitoring monitoring,
            Tokens tokens)
            throws IOException {
        GatewayConfig config = startup.config();
        try (var opening = new OpenParts()) {
            Web web =
                    opening.add(
                            Web.start(
                                    config.web().listen().socketAddress(),
                                    monitoring.health()::status,
                                    monitoring::scraped,
                                    new Peers(
                                            telephony.sip(),
                                            telephony.targets(),
                                            telephony.sockets(),
                                            config),
                                    tokens.consents()));
            if (config.tokens().listen().isPresent()) {
                opening.add(
                        Web.startPublic(
                                config.tokens().listen().get().socketAddress(),
                                tokens.consents(),
                                new CallsOfAssistants(
                                        telephony.sockets(),
                                        telephony.dialled().sip()::human,
                                        startup.settings().assistantAccounts())));
            }
            Optional<ApiServer> api = Optional.empty();
            if (config.api().listen().isPresent()) {
                InetSocketAddress at = config.api().listen().get().socketAddress();
                api =
                        Optional.of(
                                RestApi.open(
                                        startup,
                                        at,
                                        proof,
                                        telephony,
                                        Imports.of(
                                                config,
                                                audio.notices(),
                                                proof.ledger(),
                                                proof.store()),
                                        opening));
            }
            if (config.demo().agents()) {
                startDemoAgents(opening, audio.media(), startup.settings().demoSentences());
            }
            return new Outside(web, api, opening.keep());
        }
    }

    /** An assistant, by two ways, and a human of our own, so that a first call finds somebody. */
    private static void startDemoAgents(OpenParts opening, MediaEngine media, Path sentences)
            throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        DemoSentences assistant = DemoSentences.in(sentences);
        AudioClip human = Wav.read(sentences.resolve("human.wav")).clip();
        opening.add(
                DemoAgent.start(
                        new InetSocketAddress(here, ASSISTANT_PORT),
                        media,
                        new DemoAgent.Talks(assistant)));
        opening.add(DemoSocket.start(new InetSocketAddress(here, SOCKET_PORT), assistant));
        opening.add(
                DemoAgent.start(
                        new InetSocketAddress(here, HUMAN_PORT),
                        media,
                        DemoAgent.Sentence.of("human", human)));
    }

    @Override
    public void close() {
        parts.close();
    }
}
