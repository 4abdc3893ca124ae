package org.consentgateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.Prompt;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Confined to the main thread. {@code prompts render|adopt|play}: the sound of the texts. */
@Command(
        name = "prompts",
        description = "Make, take over or listen to the sound of the consent texts.",
        subcommands = CommandLine.HelpCommand.class)
public final class PromptsCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    private PromptsCommand() {}

    /** To be added to the root command under the name "prompts". */
    public static CommandLine with(Supplier<TextSources> place) {
        return new CommandLine(new PromptsCommand())
                .addSubcommand(new Render(place))
                .addSubcommand(new Adopt(place))
                .addSubcommand(new Play(place));
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** What all of them need: the texts and the library, recordings only. */
    abstract static class Sound implements Callable<Integer> {
        private final Supplier<TextSources> place;

        @Spec private @Nullable CommandSpec spec;

        @Option(
                names = "--language",
                paramLabel = "LANG",
                description = "Such as de (default: all).")
        private @Nullable String language;

        Sound(Supplier<TextSources> place) {
            this.place = place;
        }

        PrintWriter out() {
            if (spec == null) {
                throw new IllegalStateException("picocli has not set up the command");
            }
            return spec.commandLine().getOut();
        }

        PromptLibrary library() {
            VoiceSettings voice = place.get().voice();
            return PromptLibrary.open(new VoiceSettings(voice.recordings(), voice.cache(), false));
        }

        /** Every text once, in order of notices and parts. */
        List<NoticeReport.Row> rows(PromptLibrary library, @Nullable String part) {
            Map<String, NoticeReport.Row> rows = new LinkedHashMap<>();
            for (NoticeReport.Row row : NoticeReport.of(place.get().notices(), library).rows()) {
                if ((language == null || row.language().equals(language))
                        && (part == null || row.part().equals(part))) {
                    rows.putIfAbsent(row.language() + " " + row.text(), row);
                }
            }
            return List.copyOf(rows.values());
        }
    }

    @Command(
            name = "render",
            description = {
                "Lets a program speak every text that has no recording, and keeps the sound beside",
                "the recordings: FreeTTS for English, espeak-ng (where installed) for the rest."
            })
    static final class Render extends Sound {
        Render(Supplier<TextSources> place) {
            super(place);
        }

        @Override
        public Integer call() throws IOException {
            PromptLibrary library = library();
            int made = 0;
            for (NoticeReport.Row row : rows(library, null)) {
                if (library.prompt(row.language(), row.text()) instanceof Prompt.Missing) {
                    String voice = library.render(row.language(), row.text());
                    out().printf("%s %s, by %s: %s%n", row.notice(), row.part(), voice, row.text());
                    made++;
                }
            }
            out().println(made == 0 ? "Every text has its sound." : made + " texts were spoken.");
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "adopt",
            description = {
                "Takes a studio recording for a part: any WAV (mono, 16 bit or G.711, any rate).",
                "It is brought to 8 kHz, to the telephone's band and to one loudness."
            })
    static final class Adopt extends Sound {
        @Parameters(paramLabel = "PART", description = "Such as opening or question.assistant.")
        private String part = "";

        @Parameters(paramLabel = "FILE", description = "The recording.")
        private Path file = Path.of("");

        @Option(names = "--voice", required = true, description = "Who speaks.")
        private String voice = "";

        @Option(names = "--licence", required = true, description = "How it may be used.")
        private String licence = "";

        Adopt(Supplier<TextSources> place) {
            super(place);
        }

        @Override
        public Integer call() throws IOException {
            PromptLibrary library = library();
            List<NoticeReport.Row> rows = rows(library, part);
            if (rows.size() != 1) {
                throw new IOException(
                        rows.isEmpty()
                                ? "there is no part " + part
                                : part + " has " + rows.size() + " texts: give --language");
            }
            NoticeReport.Row row = rows.getFirst();
            library.adopt(row.language(), row.text(), Wav.readMono(file), voice, licence);
            AudioClip clip = library.clip(row.language(), row.text());
            out().printf(
                            "%s %s is now spoken by %s (%.1f s): %s%n",
                            row.notice(), part, voice, clip.millis() / 1000.0, row.text());
            return ExitCode.DONE;
        }
    }

    @Command(name = "play", description = "Lets you hear a part, or writes it to a file.")
    static final class Play extends Sound {
        /** Programs that play a WAV file, in this order. */
        private static final List<List<String>> PLAYERS =
                List.of(
                        List.of("paplay"),
                        List.of("aplay", "-q"),
                        List.of("play", "-q"),
                        List.of("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"));

        @Parameters(
                arity = "0..1",
                paramLabel = "PART",
                description = "Such as opening (default: all).")
        private @Nullable String part;

        @Option(
                names = "--out",
                paramLabel = "FOLDER",
                description = "Writes WAV files there instead of playing them.")
        private @Nullable Path folder;

        Play(Supplier<TextSources> place) {
            super(place);
        }

        @Override
        public Integer call() throws IOException {
            PromptLibrary library = library();
            List<NoticeReport.Row> rows = rows(library, part);
            if (rows.isEmpty()) {
                throw new IOException("there is no part " + part);
            }
            Path into = folder == null ? Files.createTempDirectory("prompts") : folder;
            Files.createDirectories(into);
            for (NoticeReport.Row row : rows) {
                switch (library.prompt(row.language(), row.text())) {
                    case Prompt.Missing missing ->
                            out().printf("%s %s: %s%n", row.notice(), row.part(), missing.why());
                    case Prompt.Ready ready -> {
                        Path file = into.resolve(row.language() + "-" + row.part() + ".wav");
                        Files.write(
                                file,
                                new Wav(ready.clip().linear(), PcmFrame.SAMPLE_RATE).octets());
                        out().printf(
                                        "%s %s (%s, %.1f s): %s%n",
                                        row.notice(),
                                        row.part(),
                                        ready.voice(),
                                        ready.clip().millis() / 1000.0,
                                        row.text());
                        out().flush();
                        if (folder == null && !played(file)) {
                            out().println("No program here plays sound; it is in " + file);
                        } else if (folder != null) {
                            out().println("  " + file);
                        }
                    }
                }
            }
            return ExitCode.DONE;
        }

        static boolean played(Path file) {
            for (List<String> player : PLAYERS) {
                var command = new java.util.ArrayList<>(player);
                command.add(file.toString());
                try {
                    Process process =
                            new ProcessBuilder(command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start();
                    if (process.waitFor() == 0) {
                        return true;
                    }
                } catch (IOException e) {
                    // not installed: the next one
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return false;
        }
    }
}
