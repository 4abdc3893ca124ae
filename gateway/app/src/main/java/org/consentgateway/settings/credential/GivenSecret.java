package org.consentgateway.settings.credential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.consentgateway.config.Secret;

/** A secret as the configuration gives it: written there, or in the first line of a file. */
public final class GivenSecret {
    private GivenSecret() {}

    /**
     * Of either place; empty where neither is named.
     *
     * @throws UncheckedIOException where there is nothing in the file: somebody is just writing it,
     *     and nothing is no secret
     */
    public static Optional<String> of(Optional<Secret> given, Optional<Path> file) {
        return given.map(Secret::text).or(() -> file.map(GivenSecret::required));
    }

    private static String required(Path file) {
        return firstLine(file)
                .orElseThrow(() -> {
                    String wrong =
                            "the first line of %s has to be a secret, and it is empty or cannot be read"
                                    .formatted(file);
                    return new UncheckedIOException(wrong, new IOException(wrong));
                });
    }

    /** None where there is no such line. */
    public static Optional<String> firstLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().filter(line -> !line.isBlank());
        } catch (IOException | UncheckedIOException unreadable) {
            return Optional.empty();
        }
    }
}
