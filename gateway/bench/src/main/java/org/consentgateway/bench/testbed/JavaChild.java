package org.consentgateway.bench.testbed;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Thread-safe. A small program of ours in a JVM of its own, which says one line when it is ready.
 */
public final class JavaChild implements AutoCloseable {
    private final Process process;
    private final String firstLine;

    public JavaChild(String mainClass, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xms256m",
                                "-Xmx1g",
                                "-cp",
                                System.getProperty("java.class.path"),
                                mainClass));
        command.addAll(List.of(arguments));
        process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw new IOException(mainClass + " did not start");
        }
        firstLine = line;
    }

    public String firstLine() {
        return firstLine;
    }

    public ChildProcess kernel() {
        return new ChildProcess(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
