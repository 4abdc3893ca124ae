package org.consentgateway.media.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The same as {@link BareRelay} in C, which the budget of a bridged call is told in. */
final class CRelay {
    static final String WORK = "bare-c";

    private CRelay() {}

    /**
     * Compiles it first.
     *
     * @param port of the load generator
     */
    static List<String> command(int calls, int port) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("relay");
        Path source = folder.resolve("bare_relay.c");
        Path program = folder.resolve("bare_relay");
        try (InputStream text = CRelay.class.getResourceAsStream("bare_relay.c")) {
            Files.copy(Objects.requireNonNull(text, "bare_relay.c"), source);
        }
        int code =
                new ProcessBuilder(
                                "cc",
                                "-O2",
                                "-pthread",
                                "-o",
                                program.toString(),
                                source.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
        if (code != 0) {
            throw new IOException("cc ended with " + code + ": is there a C compiler (gcc)?");
        }
        return List.of(program.toString(), String.valueOf(calls), String.valueOf(port));
    }
}
