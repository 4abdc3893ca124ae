package org.consentgateway.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.consentgateway.config.SocketUrl;
import org.consentgateway.socket.Dialect;
import org.consentgateway.socket.SocketTarget;
import org.consentgateway.socket.SocketTls;
import org.consentgateway.socket.jambonz.ListenVerb;
import org.consentgateway.socket.openai.GptLive;
import org.consentgateway.socket.openai.ModelSettings;
import org.consentgateway.socket.openai.Realtime;
import org.consentgateway.socket.twilio.MediaStreams;

/** Immutable. An assistant's WebSocket as the configuration describes it. */
final class SocketSettings {
    private SocketSettings() {}

    static SocketTarget of(GatewayConfig.Assistant assistant, SocketUrl url) throws IOException {
        SocketConfig socket = assistant.socket();
        return new SocketTarget(
                assistant.name(),
                url.uri(),
                dialect(assistant),
                new SocketAccess(url, socket),
                SocketTls.of(socket.roots(), socket.certificate(), socket.key()),
                new SocketTarget.Patience(
                        assistant.ringTimeout(), socket.firstAudio(), socket.alive()),
                assistant.callerId(),
                assistant.refer() == GatewayConfig.Refer.HUMAN);
    }

    private static ModelSettings model(SocketConfig socket) throws IOException {
        Path instructions = socket.instructions().orElse(null);
        return new ModelSettings(
                socket.model(),
                socket.voice().orElse(""),
                instructions == null ? "" : Files.readString(instructions).strip());
    }

    private static Dialect dialect(GatewayConfig.Assistant assistant) throws IOException {
        return switch (assistant.dialect()) {
            case TWILIO -> MediaStreams.twilio(account(assistant));
            case TELNYX -> MediaStreams.telnyx(account(assistant));
            case JAMBONZ -> new ListenVerb();
            case OPENAI_REALTIME -> new Realtime(model(assistant.socket()));
            case GPT_LIVE -> new GptLive(model(assistant.socket()));
        };
    }

    /** Shaped like Twilio's, the same after each start. */
    static String account(GatewayConfig.Assistant assistant) {
        byte[] name = assistant.name().getBytes(StandardCharsets.UTF_8);
        return "AC" + UUID.nameUUIDFromBytes(name).toString().replace("-", "");
    }
}
