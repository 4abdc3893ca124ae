package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Stateless. Programs of the system that make a fault. */
final class Tool {
    private Tool() {}

    static boolean runs(String command) throws InterruptedException {
        try {
            run(command);
            return true;
        } catch (IOException cannot) {
            return false;
        }
    }

    /**
     * @param command words with one blank between them
     */
    static void run(String command) throws IOException, InterruptedException {
        run(List.of(command.split(" ", -1)));
    }

    /**
     * Waits for its end.
     *
     * @throws IOException with all it said, where it does not end with 0
     */
    static void run(List<String> command) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    /** A signal by its name, such as {@code STOP}, to each of them; who is gone gets none. */
    static void signal(String name, List<Long> processes) throws IOException, InterruptedException {
        for (long pid : processes) {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }
}
