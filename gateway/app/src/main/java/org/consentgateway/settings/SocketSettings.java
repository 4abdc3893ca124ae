package org.consentgateway.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.consentgateway.config.SocketUrl;
import org.consentgateway.connect.ClientTls;
import org.consentgateway.consent.Purpose;
import org.consentgateway.socket.Dialect;
import org.consentgateway.socket.SocketTarget;
import org.consentgateway.socket.jambonz.ListenVerb;
import org.consentgateway.socket.openai.GptLive;
import org.consentgateway.socket.openai.ModelSettings;
import org.consentgateway.socket.openai.Realtime;
import org.consentgateway.socket.twilio.MediaStreams;
import org.consentgateway.target.CallerShown;

/** Immutable. An assistant's WebSocket as the configuration describes it. */
final class SocketSettings {
    private SocketSettings() {}

    /** Immutable. Who is reached where, and how. */
    record Named(
            String name, SocketUrl url, SocketConfig.SocketDialect dialect, SocketConfig socket) {}

    static SocketTarget of(AssistantConfig assistant, SocketUrl url) throws IOException {
        return of(
                new Named(assistant.name(), url, assistant.dialect(), assistant.socket()),
                assistant.ringTimeout(),
                assistant.callerId(),
                assistant.refer() == AssistantConfig.Refer.HUMAN);
    }

    static SocketTarget of(Named named, Duration ring, CallerShown shown, boolean refers)
            throws IOException {
        SocketConfig socket = named.socket();
        return new SocketTarget(
                named.name(),
                named.url().uri(),
                dialect(named),
                new SocketAccess(named.url(), socket, ring),
                ClientTls.of(socket.roots(), socket.certificate(), socket.key()),
                new SocketTarget.Patience(ring, socket.firstAudio(), socket.alive()),
                shown,
                refers);
    }

    private static ModelSettings model(SocketConfig socket) throws IOException {
        Path instructions = socket.instructions().orElse(null);
        String told = instructions == null ? "" : Files.readString(instructions).strip();
        if (instructions != null && told.isEmpty()) {
            throw new IOException(instructions + " is empty: a model has to be told what to do");
        }
        return new ModelSettings(
                socket.model(),
                socket.voice().orElse(""),
                told,
                socket.sampleRate(),
                socket.stepUp().stream().map(Purpose::new).toList(),
                socket.backend().orElse(""));
    }

    private static Dialect dialect(Named named) throws IOException {
        return switch (named.dialect()) {
            case TWILIO -> MediaStreams.twilio(account(named.name()));
            case TELNYX -> MediaStreams.telnyx(account(named.name()));
            case JAMBONZ -> new ListenVerb(named.socket().sampleRate());
            case OPENAI_REALTIME -> new Realtime(model(named.socket()));
            case GPT_LIVE -> new GptLive(model(named.socket()));
        };
    }

    /** Shaped like Twilio's, the same after each start. */
    static String account(String name) {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        return "AC" + UUID.nameUUIDFromBytes(octets).toString().replace("-", "");
    }
}
