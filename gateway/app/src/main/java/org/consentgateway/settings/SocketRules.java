package org.consentgateway.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.consentgateway.config.Complaints;
import org.consentgateway.connect.ClientTls;
import org.consentgateway.settings.credential.CredentialRules;

/** Confined to one check. What must hold of assistants that are reached by a WebSocket. */
final class SocketRules {
    private final GatewayConfig config;
    private final Complaints complaints;

    SocketRules(GatewayConfig config, Complaints complaints) {
        this.config = config;
        this.complaints = complaints;
    }

    void check() {
        for (int i = 0; i < config.assistants().size(); i++) {
            check(config.assistants().get(i), "assistants[" + i + "]");
        }
    }

    private void check(AssistantConfig assistant, String at) {
        if (assistant.uri().isPresent() && assistant.url().isPresent()) {
            complaints.about(
                    at + ".url", "stands beside uri; an assistant is reached by one of them", "");
        }
        if (assistant.uri().isEmpty() && !assistant.more().isEmpty()) {
            complaints.about(
                    at + ".more",
                    "are other places than uri, which is missing",
                    "uri: sip:assistant@192.0.2.7:5060");
        } else if (assistant.uri().isEmpty() && assistant.url().isEmpty()) {
            complaints.about(
                    at + ".uri",
                    "is missing; write where it is reached: uri (SIP) or url (WebSocket)",
                    "uri: sip:assistant@192.0.2.7:5060");
        }
        if (assistant.url().isPresent()) {
            socket(assistant, at);
        }
    }

    private void socket(AssistantConfig assistant, String at) {
        SocketConfig socket = assistant.socket();
        if (assistant.trunk().isPresent()) {
            complaints.about(at + ".trunk", "is for SIP; a url is connected to directly", "trunk:");
        }
        if (assistant.opus()) {
            complaints.about(
                    at + ".opus",
                    "is for SIP; what a url is sent is said by dialect and socket.sample-rate",
                    "opus: false");
        }
        String here = at + ".socket";
        var credentials = new CredentialRules(complaints);
        credentials.once(here + ".", "bearer", socket.bearer(), socket.bearerFile());
        credentials.once(here + ".", "auth-token", socket.authToken(), socket.authTokenFile());
        credentials.once(here + ".", "password", socket.password(), socket.passwordFile());
        boolean bearer = socket.bearer().isPresent() || socket.bearerFile().isPresent();
        if (bearer && socket.bearerCommand().isPresent()) {
            complaints.about(
                    here + ".bearer-command", "is given beside a bearer; keep one of them", "");
        }
        if (socket.user().isPresent() && (bearer || socket.bearerCommand().isPresent())) {
            complaints.about(
                    here + ".user",
                    "and bearer go into the same header (Authorization); keep one of them",
                    "");
        }
        boolean password = socket.password().isPresent() || socket.passwordFile().isPresent();
        if (socket.user().isPresent() != password) {
            complaints.about(
                    here + ".user",
                    "and password go together (Authorization: Basic)",
                    "user: gateway");
        }
        if (socket.certificate().isPresent() != socket.key().isPresent()) {
            complaints.about(
                    here + ".certificate",
                    "and key go together (mutual TLS)",
                    "certificate: /etc/consent-gateway/bot.crt");
            return;
        }
        sampleRate(assistant, here);
        if (asksAModel(assistant) && socket.instructions().isEmpty()) {
            complaints.about(
                    here + ".instructions",
                    "is missing; a model has to be told what it is to do",
                    "instructions: config/assistants/instructions.txt");
        }
        stepUp(assistant, here);
        socket.instructions()
                .ifPresent(path -> {
                    if (!Files.isReadable(path)) {
                        complaints.about(here + ".instructions", path + " cannot be read", "");
                    }
                });
        try {
            var _ = ClientTls.of(socket.roots(), socket.certificate(), socket.key());
        } catch (IOException e) {
            complaints.about(
                    here + (socket.certificate().isPresent() ? ".certificate" : ".roots"),
                    "is of no use: " + e.getMessage(),
                    "");
        }
    }

    private void stepUp(AssistantConfig assistant, String here) {
        SocketConfig socket = assistant.socket();
        if (!socket.stepUp().isEmpty() && !asksAModel(assistant)) {
            complaints.about(
                    here + ".step-up",
                    "is for openai-realtime and gpt-live; other assistants ask by a message of"
                            + " their own",
                    "step-up: []");
        }
        if (!socket.stepUp().isEmpty()
                && assistant.dialect() == SocketConfig.SocketDialect.GPT_LIVE
                && socket.backend().isEmpty()) {
            complaints.about(
                    here + ".backend",
                    "is missing; a GPT-Live model has functions only by the Responses model that"
                            + " it delegates to",
                    "backend: gpt-6.2-sol");
        }
    }

    private void sampleRate(AssistantConfig assistant, String here) {
        List<Integer> rates =
                switch (assistant.dialect()) {
                    case TWILIO, TELNYX -> List.of(8000);
                    case JAMBONZ -> List.of(8000, 16_000, 24_000, 48_000);
                    case OPENAI_REALTIME, GPT_LIVE -> List.of(8000, 24_000);
                };
        int wanted = assistant.socket().sampleRate();
        if (!rates.contains(wanted)) {
            complaints.about(
                    here + ".sample-rate",
                    "%d Hz is not what %s has; it has %s"
                            .formatted(
                                    wanted,
                                    assistant.dialect().written(),
                                    rates.stream()
                                            .map(String::valueOf)
                                            .collect(Collectors.joining(", "))),
                    "sample-rate: " + rates.getLast());
        }
    }

    private static boolean asksAModel(AssistantConfig assistant) {
        return switch (assistant.dialect()) {
            case OPENAI_REALTIME, GPT_LIVE -> true;
            case TWILIO, TELNYX, JAMBONZ -> false;
        };
    }
}
