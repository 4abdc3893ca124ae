package org.consentgateway.settings;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.consentgateway.config.Secret;
import org.consentgateway.config.SocketUrl;
import org.consentgateway.socket.twilio.TwilioSignature;

/**
 * Immutable. The headers by which we show an assistant who we are. Files and commands are read anew
 * each time, so that a changed secret needs no restart.
 */
final class SocketAccess implements Supplier<Map<String, String>> {
    private static final String AUTHORIZATION = "Authorization";

    private final SocketUrl url;
    private final SocketConfig config;

    SocketAccess(SocketUrl url, SocketConfig config) {
        this.url = url;
        this.config = config;
    }

    @Override
    public Map<String, String> get() {
        Map<String, String> headers = new LinkedHashMap<>();
        authToken(config)
                .ifPresent(token ->
                        headers.put(TwilioSignature.HEADER, TwilioSignature.of(token, url.text())));
        secret(config.bearer(), config.bearerFile())
                .or(() -> config.bearerCommand().map(SocketAccess::printed))
                .ifPresent(token -> headers.put(AUTHORIZATION, "Bearer " + token));
        config.user()
                .ifPresent(user -> {
                    String pair =
                            user
                                    + ":"
                                    + secret(config.password(), config.passwordFile()).orElse("");
                    byte[] octets = pair.getBytes(StandardCharsets.UTF_8);
                    headers.put(
                            AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(octets));
                });
        return headers;
    }

    static Optional<String> authToken(SocketConfig config) {
        return secret(config.authToken(), config.authTokenFile());
    }

    /**
     * @throws IllegalStateException where the file has become unreadable
     */
    private static Optional<String> secret(Optional<Secret> given, Optional<Path> file) {
        return given.map(Secret::text)
                .or(() ->
                        file.map(path ->
                                SipConfiguration.password(path)
                                        .orElseThrow(() ->
                                                new IllegalStateException(
                                                        "cannot be read: " + path))));
    }

    /** The first line that the command prints. */
    private static String printed(String command) {
        try {
            Process process =
                    new ProcessBuilder("/bin/sh", "-c", command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            try (BufferedReader out = process.inputReader()) {
                String line = out.readLine();
                if (line == null || line.isBlank()) {
                    throw new IllegalStateException("bearer-command printed nothing");
                }
                return line.strip();
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
