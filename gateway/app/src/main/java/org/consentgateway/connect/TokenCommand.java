package org.consentgateway.connect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The first line that a command prints, which many calls ask for at once. One command
 * runs at a time, and what it prints is for all who wait for it: a token server that hangs keeps
 * one thread and one process, however many calls there are. It runs on a thread of the system,
 * since waiting for a process holds what virtual threads run on.
 */
public final class TokenCommand {
    /** Octets of a line; no header is longer. */
    private static final int MOST_OCTETS = 16_384;

    /** Between two looks at what was printed. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** The end of a command that printed nothing is a line as well, so whoever reads sees it. */
    private static final String TO_ITS_END = "(eval \"$1\"); echo";

    private final String command;
    private final Duration longest;

    /** Those who come now wait for this one. Guarded by this. */
    private @Nullable CompletableFuture<String> running;

    /**
     * @param command of a shell
     * @param longest that it may take, from its start to its line
     */
    public TokenCommand(String command, Duration longest) {
        this.command = command;
        this.longest = longest;
    }

    /**
     * What it prints now.
     *
     * @throws IllegalStateException where it prints nothing, or nothing in time
     */
    public String printed() {
        try {
            return running().get();
        } catch (ExecutionException e) {
            String why =
                    e.getCause() instanceof IllegalStateException told
                            ? told.getMessage()
                            : "bearer-command failed: " + e.getCause();
            throw new IllegalStateException(why, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for bearer-command", e);
        }
    }

    private synchronized CompletableFuture<String> running() {
        CompletableFuture<String> present = running;
        if (present == null) {
            var begun = new CompletableFuture<String>();
            Thread.ofPlatform().daemon().name("bearer-command").start(() -> run(begun));
            running = begun;
            present = begun;
        }
        return present;
    }

    private synchronized void over() {
        running = null;
    }

    /** Completes when nothing is left of it. */
    private void run(CompletableFuture<String> answer) {
        try {
            String line = line();
            over();
            answer.complete(line);
        } catch (Throwable failure) { // whatever it is, somebody waits
            over();
            answer.completeExceptionally(failure);
        }
    }

    private String line() throws IOException {
        Process process =
                new ProcessBuilder("/bin/sh", "-c", TO_ITS_END, "sh", command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        boolean ended = false;
        try {
            process.getOutputStream().close();
            String line = firstLine(process.getInputStream());
            ended = true;
            return line;
        } finally {
            end(process, !ended);
        }
    }

    /** Looks again and again, since a read that has begun cannot be ended. */
    private String firstLine(InputStream out) throws IOException {
        var line = new ByteArrayOutputStream();
        CompletableFuture<Void> tooLate =
                new CompletableFuture<Void>()
                        .completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS);
        while (!tooLate.isDone()) {
            for (int left = out.available(); left > 0; left--) {
                int octet = out.read();
                if (octet == '\n' || octet < 0) {
                    return told(line);
                }
                line.write(octet);
                if (line.size() > MOST_OCTETS) {
                    throw new IllegalStateException("bearer-command printed too long a line");
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new IllegalStateException("bearer-command took longer than " + longest);
    }

    private static String told(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new IllegalStateException("bearer-command printed nothing");
        }
        return text;
    }

    /** With all that it has started. */
    private static void end(Process process, boolean byForce) throws IOException {
        List<ProcessHandle> started = process.descendants().toList();
        if (byForce) {
            process.destroyForcibly();
            started.forEach(ProcessHandle::destroyForcibly);
        } else {
            process.destroy();
            started.forEach(ProcessHandle::destroy);
        }
        process.getInputStream().close();
    }
}
