package org.consentgateway.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Thread-safe. A program for Node that serves until it is closed; it prints a line of JSON for each
 * thing that happens to it, its port first.
 */
public final class NpmProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private NpmProgram(Process process) {
        this.process = process;
    }

    /**
     * @param program beside the lock file of the strangers
     */
    public static NpmProgram start(Npm npm, String program, Map<String, String> environment)
            throws IOException {
        return start(npm, npm.programs().resolve(program), environment);
    }

    /**
     * @param program wherever it lies
     */
    public static NpmProgram start(Npm npm, Path program, Map<String, String> environment)
            throws IOException {
        Path scratch = Files.createTempDirectory("stranger");
        Path copy = npm.beside(scratch, program);
        ProcessBuilder builder =
                new ProcessBuilder("node", copy.toString())
                        .directory(scratch.toFile())
                        .redirectErrorStream(true);
        builder.environment().putAll(environment);
        var started = new NpmProgram(builder.start());
        Thread.ofVirtual().start(started::listen);
        String _ = started.waitFor("port");
        return started;
    }

    private void listen() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
            }
        } catch (IOException e) {
            said.add(e.toString());
        }
    }

    /** All lines so far. */
    public List<String> said() {
        return said;
    }

    public int port() {
        return Integer.parseInt(waitFor("port"));
    }

    /** The value of the first line that begins with this field. */
    public synchronized String waitFor(String field) {
        String head = "{\"" + field + "\":";
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (String line : said) {
                if (line.startsWith(head)) {
                    return line.substring(head.length()).replaceAll("[,}].*", "");
                }
            }
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new AssertionError("no " + field + ", but " + said);
            }
            try {
                wait(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
