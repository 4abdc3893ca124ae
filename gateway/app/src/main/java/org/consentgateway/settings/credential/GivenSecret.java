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
     * @throws UncheckedIOException where there is nothing in the file, or a variable that nobody
     *     has filled in: somebody is just writing it, and neither is a secret
     */
    public static Optional<String> of(Optional<Secret> given, Optional<Path> file) {
        return given.map(Secret::text).or(() -> file.map(GivenSecret::required));
    }

    private static String required(Path file) {
        return firstLine(file)
                .orElseThrow(() -> {
                    String wrong =
                            "the first line of %s has to be a secret: it is empty, holds a variable such as ${…} or cannot be read"
                                    .formatted(file);
                    return new UncheckedIOException(wrong, new IOException(wrong));
                });
    }

    /** Completes "KEY-file …"; empty where the first line is a secret. */
    static Optional<String> fault(Path file) {
        Optional<String> line = line(file);
        if (line.isEmpty()) {
            return Optional.of("must be a file whose first line is the secret: " + file);
        }
        return line.filter(Secret::isUnfilled).map(_ -> Secret.NOTHING_FILLED_IN);
    }

    /** None where there is no such line, or a variable in it that nobody has filled in. */
    public static Optional<String> firstLine(Path file) {
        return line(file).filter(line -> !Secret.isUnfilled(line));
    }

    private static Optional<String> line(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().filter(line -> !line.isBlank());
        } catch (IOException | UncheckedIOException unreadable) {
            return Optional.empty();
        }
    }
}
