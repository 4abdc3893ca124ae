package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that works on a ledger, to be killed in the middle of it. */
final class LedgerProcess {
    private LedgerProcess() {}

    /**
     * Its output is to be read; what it says of errors is in the directory's file {@code stderr}.
     *
     * @param main what it runs, with the directory as its first argument
     */
    static Process start(Class<?> main, Path directory, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xshare:auto",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName(),
                                directory.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile())
                .start();
    }
}
