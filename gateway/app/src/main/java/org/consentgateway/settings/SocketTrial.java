package org.consentgateway.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Secret;
import org.consentgateway.config.SocketUrl;
import org.consentgateway.settings.SocketConfig.SocketDialect;
import org.consentgateway.socket.SocketTarget;
import org.consentgateway.target.CallerShown;

/** Immutable. An assistant that stands in no configuration, to be tried. */
public record SocketTrial(SocketUrl url, SocketDialect dialect) {
    private static final Duration RING = Duration.ofSeconds(10);
    private static final Duration ALIVE = Duration.ofSeconds(5);

    public static SocketConfig socket(
            Optional<Secret> authToken,
            Optional<Path> bearerFile,
            List<Path> roots,
            Optional<Path> instructions,
            int sampleRate) {
        return new SocketConfig(
                Optional.empty(),
                bearerFile,
                Optional.empty(),
                authToken,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                roots,
                Duration.ZERO,
                ALIVE,
                sampleRate,
                "gpt-live-1",
                Optional.empty(),
                instructions,
                List.of("transcript"),
                Optional.of("gpt-6.2-sol"));
    }

    /**
     * @throws IOException where a file cannot be read
     */
    public SocketTarget target(SocketConfig socket) throws IOException {
        return SocketSettings.of(
                new SocketSettings.Named("trial", url, dialect, socket),
                RING,
                new CallerShown.Never(),
                false);
    }
}
