package org.consentgateway.settings;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.consentgateway.config.SocketUrl;
import org.consentgateway.connect.TokenCommand;
import org.consentgateway.settings.credential.GivenSecret;
import org.consentgateway.socket.twilio.TwilioSignature;

/**
 * Thread-safe. The headers by which we show an assistant who we are. Files and commands are read
 * anew each time, so that a changed secret needs no restart.
 */
final class SocketAccess implements Supplier<Map<String, String>> {
    private static final String AUTHORIZATION = "Authorization";

    /** The longest that a command may take. */
    private static final Duration COMMAND = Duration.ofSeconds(5);

    private final SocketUrl url;
    private final SocketConfig config;
    private final Optional<TokenCommand> command;

    /**
     * @param ring so long whoever is dialled has time in all
     */
    SocketAccess(SocketUrl url, SocketConfig config, Duration ring) {
        this.url = url;
        this.config = config;
        this.command =
                config.bearerCommand()
                        .map(text ->
                                new TokenCommand(
                                        text, ring.compareTo(COMMAND) < 0 ? ring : COMMAND));
    }

    @Override
    public Map<String, String> get() {
        Map<String, String> headers = new LinkedHashMap<>();
        authToken(config)
                .ifPresent(token ->
                        headers.put(TwilioSignature.HEADER, TwilioSignature.of(token, url.text())));
        GivenSecret.of(config.bearer(), config.bearerFile())
                .or(() -> command.map(TokenCommand::printed))
                .ifPresent(token -> headers.put(AUTHORIZATION, "Bearer " + token));
        config.user()
                .ifPresent(user -> {
                    String pair =
                            user
                                    + ":"
                                    + GivenSecret.of(config.password(), config.passwordFile())
                                            .orElse("");
                    byte[] octets = pair.getBytes(StandardCharsets.UTF_8);
                    headers.put(
                            AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(octets));
                });
        return headers;
    }

    static Optional<String> authToken(SocketConfig config) {
        return GivenSecret.of(config.authToken(), config.authTokenFile());
    }
}
