package org.consentgateway.speech.voice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.Wav;

/** The program espeak-ng, if it is installed: plain, but it speaks any language. Thread-safe. */
public final class EspeakVoice implements Voice {
    private static final String PROGRAM = "espeak-ng";

    /** What the texts of a notice bear in any language, also with words as long as Turkish ones. */
    private static final int WORDS_A_MINUTE = 210;

    /** Where words are shorter, slower is within what a notice allows, and easier to follow. */
    private static final Map<String, Integer> SLOWER = Map.of("de", 180, "en", 165, "fr", 180);

    private static final long PATIENCE_SECONDS = 20;

    @Override
    public String name() {
        return PROGRAM;
    }

    @Override
    public boolean speaks(String language) {
        return language.matches("[a-z]{2,3}(-[A-Za-z0-9]{1,8})*") && program() != null;
    }

    /** As its option -s counts them. */
    static int wordsAMinute(String language) {
        return SLOWER.getOrDefault(language.split("-", 2)[0], WORDS_A_MINUTE);
    }

    private static @org.jspecify.annotations.Nullable Path program() {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "/usr/bin" : path).split(":", -1)) {
            Path candidate = Path.of(folder, PROGRAM);
            if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    @Override
    public Wav say(String language, String text) throws IOException {
        Path program = program();
        if (program == null) {
            throw new IOException(PROGRAM + " is not installed (apt-get install espeak-ng)");
        }
        Path out = Files.createTempFile("prompt", ".wav");
        try {
            // The text goes in by standard input: no shell and no option could be made of it.
            Process process =
                    new ProcessBuilder(
                                    List.of(
                                            program.toString(),
                                            "-v",
                                            language,
                                            "-s",
                                            Integer.toString(wordsAMinute(language)),
                                            "-w",
                                            out.toString(),
                                            "--stdin"))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (var in = process.getOutputStream()) {
                in.write(text.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(PROGRAM + " took longer than " + PATIENCE_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        PROGRAM + " ended with " + process.exitValue() + " for " + language);
            }
            return Wav.readMono(out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + PROGRAM + " spoke", e);
        } finally {
            Files.deleteIfExists(out);
        }
    }
}
