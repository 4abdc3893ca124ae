package org.consentgateway.speech.voice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.media.audio.Wav;

/**
 * Any program that speaks a text into a file. Thread-safe.
 *
 * <p>Its command line is split at spaces, quotes keep words together, no shell reads it. {@code
 * {text}} becomes the text, {@code {out}} the WAV file it has to write, {@code {language}} de or
 * en, {@code {locale}} de-DE or en-US, {@code {rate}} words a minute as espeak-ng counts them.
 * Without {@code {text}} the text goes in by standard input.
 */
public final class CommandVoice implements Voice {
    /** Known programs by name, so that nobody has to look up their options. */
    public static final Map<String, String> PRESETS =
            new TreeMap<>(
                    Map.of(
                            "espeak-ng", "espeak-ng -v {language} -s {rate} -w {out} --stdin",
                            "pico", "pico2wave -l {locale} -w {out} {text}",
                            // As it stands, slt says 190 words a minute; so it says 160.
                            "flite",
                                    "flite -voice slt --setf duration_stretch=1.2 -t {text} -o"
                                            + " {out}",
                            "piper", "piper --model {language}.onnx --output_file {out}"));

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final long PATIENCE_SECONDS = 120;

    private final String name;
    private final List<String> command;
    private final UnaryOperator<String> region;

    /**
     * @param name for the manifest
     * @param command a preset's name, or a command line
     * @param region of a language, such as de-DE
     * @throws IllegalArgumentException saying what is missing
     */
    public CommandVoice(String name, String command, UnaryOperator<String> region) {
        this.name = name;
        this.region = region;
        this.command = words(PRESETS.getOrDefault(command, command));
        if (this.command.stream().noneMatch(word -> word.contains("{out}"))) {
            throw new IllegalArgumentException(
                    "the command has no {out}: the file it writes, as in "
                            + PRESETS.get("espeak-ng"));
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher each = WORD.matcher(line);
        while (each.find()) {
            String quoted = each.group(1) != null ? each.group(1) : each.group(2);
            words.add(quoted != null ? quoted : each.group(3));
        }
        return List.copyOf(words);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean speaks(String language) {
        return true;
    }

    @Override
    public Wav say(String language, String spoken) throws IOException {
        if (spoken.startsWith("-")) {
            throw new IOException("a text that begins with - would be taken for an option");
        }
        Path out = Files.createTempFile("prompt", ".wav");
        try {
            List<String> line = filled(language, spoken, out);
            boolean byInput = command.stream().noneMatch(word -> word.contains("{text}"));
            run(line, byInput ? spoken : "");
            if (Files.size(out) == 0) {
                throw new IOException(line.getFirst() + " wrote nothing to {out}");
            }
            return Wav.readMono(out);
        } finally {
            Files.deleteIfExists(out);
        }
    }

    private List<String> filled(String language, String spoken, Path out) {
        return command.stream()
                .map(word ->
                        word.replace("{language}", language)
                                .replace("{locale}", region.apply(language))
                                .replace(
                                        "{rate}",
                                        Integer.toString(EspeakVoice.wordsAMinute(language)))
                                .replace("{out}", out.toString())
                                .replace("{text}", spoken))
                .toList();
    }

    private static void run(List<String> line, String input) throws IOException {
        Path said = Files.createTempFile("prompt", ".log");
        try {
            Process process =
                    new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // it does not read what it has no use for
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(
                        line.getFirst() + " took longer than " + PATIENCE_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        line.getFirst()
                                + " ended with "
                                + process.exitValue()
                                + ": "
                                + Files.readString(said).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + line.getFirst() + " spoke", e);
        } finally {
            Files.deleteIfExists(said);
        }
    }
}
