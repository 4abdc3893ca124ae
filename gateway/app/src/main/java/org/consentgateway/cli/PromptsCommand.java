package org.consentgateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.call.spoken.FirstQuestion;
import org.consentgateway.consent.Parts;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.CommandVoice;
import org.consentgateway.speech.voice.Prompt;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.RecordingFault;
import org.consentgateway.speech.voice.Voice;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.speech.words.Languages;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Confined to the main thread. {@code prompts render|adopt|measure|list|play}: the sound of the
 * texts.
 */
@Command(
        name = "prompts",
        description = "Make, take over, measure or listen to the sound of the consent texts.",
        subcommands = CommandLine.HelpCommand.class)
public final class PromptsCommand extends CommandGroup {
    private PromptsCommand() {}

    /**
     * To be added to the root command under the name "prompts".
     *
     * @param sounds the folder of what hears the language of a recording
     * @param spoken what was spoken otherwise before
     */
    public static CommandLine with(
            Supplier<TextSources> place, Supplier<Path> sounds, SpokenBefore spoken) {
        return new CommandLine(new PromptsCommand())
                .addSubcommand(new Render(place, sounds, spoken))
                .addSubcommand(new Adopt(place, sounds, spoken))
                .addSubcommand(new Measure(place))
                .addSubcommand(new ReadingList(place))
                .addSubcommand(new Play(place));
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

        @Option(
                names = "--notice",
                paramLabel = "NOTICE",
                description = "Such as demo (default: all).")
        private @Nullable String notice;

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
            return PromptLibrary.open(recordings());
        }

        PromptLibrary library(Voice voice) {
            return PromptLibrary.open(recordings(), List.of(voice));
        }

        private VoiceSettings recordings() {
            VoiceSettings voice = place.get().voice();
            return new VoiceSettings(voice.recordings(), voice.cache(), false, voice.languages());
        }

        Languages languages() {
            return place.get().voice().languages();
        }

        /** All parts of all notices that are meant, in their order. */
        List<NoticeReport.Row> all(PromptLibrary library) {
            return everywhere(library).stream()
                    .filter(row -> language == null || row.language().equals(language))
                    .filter(row -> notice == null || row.notice().startsWith(notice + "/"))
                    .toList();
        }

        /**
         * Tells of a version that callers have heard otherwise, while the recording before is at
         * hand. Where the store is not here, check-config says that nobody has compared.
         */
        void tellConflicts(SpokenBefore spoken) {
            List<NoticeProblem> conflicts;
            try {
                conflicts = spoken.conflicts();
            } catch (IOException e) {
                return;
            }
            conflicts.forEach(out()::println);
            if (!conflicts.isEmpty()) {
                out().println(
                                "No gateway starts with this, and none reads it at a reload: put"
                                        + " back what it was, or make a new version.");
            }
        }

        /** All parts of all notices. */
        List<NoticeReport.Row> everywhere(PromptLibrary library) {
            return NoticeReport.of(place.get(), library).rows();
        }

        RecordingLanguage hearing(PromptLibrary library, Supplier<Path> sounds, AnyLanguage any) {
            return RecordingLanguage.open(sounds.get(), languages(), everywhere(library), any);
        }

        /** What has one sound: a text in its language. */
        static String key(NoticeReport.Row row) {
            return row.language() + " " + row.text();
        }

        /** Every text once, in order of notices and parts. */
        List<NoticeReport.Row> rows(PromptLibrary library, @Nullable String part) {
            Map<String, NoticeReport.Row> rows = new LinkedHashMap<>();
            for (NoticeReport.Row row : all(library)) {
                if (part == null || row.part().equals(part)) {
                    rows.putIfAbsent(key(row), row);
                }
            }
            return List.copyOf(rows.values());
        }
    }

    @Command(
            name = "render",
            description = {
                "Lets a program speak every text that has no recording, and keeps the sound beside",
                "the recordings: FreeTTS for English, espeak-ng (where installed) for the rest.",
                "With --with any other program speaks, and --all lets it speak every text, so that",
                "a notice has one voice. What it writes is checked, filtered and levelled, and its",
                "pauses are shortened. Where one sound is like another language than its text,",
                "takes longer or has more pauses than a notice may, no recording is changed.",
                ""
            },
            footer = {
                "",
                "A command is a name (espeak-ng, flite, pico, piper) or a command line that writes",
                "a WAV file to {out}, of the {text}, or of standard input. No shell reads it;",
                "{language} is de, {locale} de-DE, {rate} the words a minute, as espeak-ng counts",
                "them, that a notice bears. Examples:",
                "  --with espeak-ng",
                "  --with 'piper --model de_DE-kerstin-low.onnx --output_file {out}'",
                "  --with 'aws polly synthesize-speech --engine neural --voice-id Vicki"
                        + " --language-code {locale} --output-format pcm --text {text} {out}'",
                "    (vendors that give no WAV file: put their call and a sox or ffmpeg into a",
                "    script of your own and name that, as in --with './azure.sh {text} {out}')"
            })
    static final class Render extends Sound {
        private static final String NOTHING_CHANGED = "\nNo recording was changed.";

        @Option(
                names = "--with",
                paramLabel = "COMMAND",
                description = "The program that speaks; see below.")
        private @Nullable String with;

        @Option(
                names = "--all",
                description = "Also the texts that have a recording: it is replaced.")
        private boolean all;

        @Option(
                names = "--voice",
                paramLabel = "NAME",
                description = "Who speaks, for the manifest (default: the program).")
        private @Nullable String voice;

        @Option(
                names = "--licence",
                paramLabel = "LICENCE",
                description = "How the sound may be used (default: ${DEFAULT-VALUE}).",
                defaultValue = "generated")
        private String licence = "generated";

        @Mixin private final AnyLanguage anyLanguage = new AnyLanguage();

        private final Supplier<Path> sounds;
        private final SpokenBefore spoken;

        Render(Supplier<TextSources> place, Supplier<Path> sounds, SpokenBefore spoken) {
            super(place);
            this.sounds = sounds;
            this.spoken = spoken;
        }

        @Override
        public Integer call() throws IOException {
            PromptLibrary library = with == null ? library() : library(commandVoice(with));
            List<NoticeReport.Row> made = new ArrayList<>();
            List<String> wrong = new ArrayList<>();
            try (var hearing = hearing(library, sounds, anyLanguage)) {
                for (NoticeReport.Row row : rows(library, null)) {
                    if (all
                            || library.prompt(row.language(), row.text())
                                    instanceof Prompt.Missing) {
                        render(library, hearing, row);
                        made.add(row);
                    }
                }
                wrong.addAll(hearing.faultsTogether());
                hearing.notChecked().forEach(out()::println);
            }
            wrong.addAll(unfit(library, made));
            if (!wrong.isEmpty()) {
                throw new IOException(String.join("\n", wrong) + NOTHING_CHANGED);
            }
            library.write();
            out().println(
                            made.isEmpty()
                                    ? "Every text has its sound."
                                    : made.size() + " texts were spoken.");
            tellConflicts(spoken);
            return ExitCode.DONE;
        }

        /** What check-config would say of these sounds, wherever their texts are spoken. */
        private List<String> unfit(PromptLibrary library, List<NoticeReport.Row> made) {
            Set<String> texts = new HashSet<>();
            made.forEach(row -> texts.add(key(row)));
            return everywhere(library).stream()
                    .filter(row -> texts.contains(key(row)))
                    .flatMap(row -> row.sound().stream())
                    .flatMap(sound -> sound.wrong().stream())
                    .map(NoticeProblem::toString)
                    .distinct()
                    .toList();
        }

        private void render(PromptLibrary library, RecordingLanguage hearing, NoticeReport.Row row)
                throws IOException {
            PromptLibrary.Spoken spoken = library.speak(row.language(), row.text());
            String what = row.notice() + " " + row.part() + ", by " + spoken.voice();
            Optional<String> fault =
                    hearing.fault(what, row.language(), row.text(), spoken.sound());
            if (fault.isPresent()) {
                throw new IOException(what + ": " + fault.get() + NOTHING_CHANGED);
            }
            library.take(row.language(), row.text(), spoken.sound(), spoken.voice(), licence);
            out().printf("%s: %s%n", what, row.text());
        }

        private CommandVoice commandVoice(String command) throws IOException {
            try {
                return new CommandVoice(
                        voice == null ? command.split("\\s+", 2)[0] : voice,
                        command,
                        languages()::region);
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    @Command(
            name = "adopt",
            description = {
                "Takes studio recordings: any WAV (mono, 16 bit or G.711, any rate), either FILE",
                "for one PART, or a whole FOLDER with files named by their parts, such as",
                "opening.wav or de-opening.wav. They are brought to 8 kHz, to the telephone's band",
                "and to -20 dBov of active speech (ITU-T P.56). What is clipped, silent, a tone,",
                "far too short or long for its text or spoken in another language is refused, and",
                "then nothing is taken. Of what is shorter than two seconds the language is heard",
                "only where a folder has more of it; what was not checked is said."
            })
    static final class Adopt extends Sound {
        /** Slower than this somebody has read another text, or left a long silence. */
        private static final int SLOWEST_WORDS_A_MINUTE = 60;

        private static final int FASTEST_WORDS_A_MINUTE = 320;

        /** Single words take their time. */
        private static final int COUNTED_FROM_WORDS = 4;

        @Parameters(
                arity = "1..2",
                paramLabel = "FOLDER | PART FILE",
                description = "Such as recordings/, or opening opening.wav.")
        private List<String> what = List.of();

        @Option(names = "--voice", required = true, description = "Who speaks.")
        private String voice = "";

        @Option(names = "--licence", required = true, description = "How it may be used.")
        private String licence = "";

        @Mixin private final AnyLanguage anyLanguage = new AnyLanguage();

        private final Supplier<Path> sounds;
        private final SpokenBefore spoken;

        Adopt(Supplier<TextSources> place, Supplier<Path> sounds, SpokenBefore spoken) {
            super(place);
            this.sounds = sounds;
            this.spoken = spoken;
        }

        private record Taken(NoticeReport.Row row, Wav sound) {}

        @Override
        public Integer call() throws IOException {
            PromptLibrary library = library();
            List<Taken> taken = new ArrayList<>();
            List<String> wrong = new ArrayList<>();
            List<String> notChecked;
            Map<Path, String> files = files();
            try (var hearing = hearing(library, sounds, anyLanguage)) {
                for (Map.Entry<Path, String> file : files.entrySet()) {
                    take(library, hearing, file, taken, wrong);
                }
                wrong.addAll(hearing.faultsTogether());
                notChecked = hearing.notChecked();
            }
            if (!wrong.isEmpty()) {
                throw new IOException(String.join("\n", wrong) + "\nNothing was taken.");
            }
            for (Taken each : taken) {
                NoticeReport.Row row = each.row;
                library.take(row.language(), row.text(), each.sound, voice, licence);
            }
            library.write();
            for (Taken each : taken) {
                NoticeReport.Row row = each.row;
                AudioClip clip = library.clip(row.language(), row.text());
                out().printf(
                                "%s %s is now spoken by %s (%.1f s): %s%n",
                                row.notice(),
                                row.part(),
                                voice,
                                clip.millis() / 1000.0,
                                row.text());
            }
            notChecked.forEach(out()::println);
            tellConflicts(spoken);
            return ExitCode.DONE;
        }

        /** Recordings, and the part each is for. */
        private Map<Path, String> files() throws IOException {
            if (what.size() == 2) {
                return Map.of(Path.of(what.get(1)), what.getFirst());
            }
            Path folder = Path.of(what.getFirst());
            if (!Files.isDirectory(folder)) {
                throw new IOException(
                        folder
                                + ": there is no such folder; a single FILE needs its PART before"
                                + " it");
            }
            Map<Path, String> files = new TreeMap<>();
            try (Stream<Path> list = Files.list(folder)) {
                list.filter(file ->
                                file.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".wav"))
                        .forEach(file -> files.put(file, name(file)));
            }
            if (files.isEmpty()) {
                throw new IOException(folder + " holds no WAV file");
            }
            return files;
        }

        private static String name(Path file) {
            String name = file.getFileName().toString();
            return name.substring(0, name.length() - ".wav".length());
        }

        private void take(
                PromptLibrary library,
                RecordingLanguage hearing,
                Map.Entry<Path, String> named,
                List<Taken> taken,
                List<String> wrong)
                throws IOException {
            Path file = named.getKey();
            String name = named.getValue();
            List<NoticeReport.Row> rows =
                    rows(library, null).stream().filter(row -> isFor(name, row)).toList();
            // A text that several parts share is told by the first of them only.
            if (rows.isEmpty()) {
                rows = all(library).stream().filter(row -> isFor(name, row)).limit(1).toList();
            }
            if (rows.size() != 1) {
                wrong.add(
                        rows.isEmpty()
                                ? file + ": there is no part " + name
                                : file + ": " + name + " has " + several(rows));
                return;
            }
            NoticeReport.Row row = rows.getFirst();
            Wav sound;
            try {
                sound = Wav.readMono(file);
            } catch (NoSuchFileException e) {
                wrong.add(file + ": there is no such file");
                return;
            } catch (IOException e) {
                wrong.add(String.valueOf(e.getMessage()));
                return;
            }
            Optional<String> fault = RecordingFault.of(sound).or(() -> pace(row, sound));
            if (fault.isEmpty()) {
                fault = hearing.fault(file.toString(), row.language(), row.text(), sound);
            }
            fault.ifPresentOrElse(
                    why -> wrong.add(file + ": " + why), () -> taken.add(new Taken(row, sound)));
        }

        /** What tells them apart: the language, unless all are of one. */
        private static String several(List<NoticeReport.Row> rows) {
            List<String> languages =
                    rows.stream().map(NoticeReport.Row::language).distinct().toList();
            String option = languages.size() > 1 ? " --language " : " --notice ";
            List<String> values =
                    languages.size() > 1
                            ? languages
                            : rows.stream()
                                    .map(row -> row.notice().replaceFirst("/.*", ""))
                                    .distinct()
                                    .toList();
            return rows.size() + " texts: give" + option + String.join(" or" + option, values);
        }

        private static boolean isFor(String name, NoticeReport.Row row) {
            return row.part().equals(name) || (row.language() + "-" + row.part()).equals(name);
        }

        private static Optional<String> pace(NoticeReport.Row row, Wav sound) {
            double minutes = sound.samples().length / (60.0 * sound.rate());
            double pace = row.words() / minutes;
            return row.words() < COUNTED_FROM_WORDS
                            || (pace >= SLOWEST_WORDS_A_MINUTE && pace <= FASTEST_WORDS_A_MINUTE)
                    ? Optional.empty()
                    : Optional.of(
                            "%.1f s for %d words cannot be: %s"
                                    .formatted(minutes * 60, row.words(), row.text()));
        }
    }

    @Command(
            name = "measure",
            description = {
                "Shows of every part how long it takes, how fast and how loud it is spoken, and"
                        + " what",
                "it comes to: how soon a caller can answer, and how long the longest way is.",
                "Level: active speech in dBov (ITU-T P.56), -20 is right. Pauses: at most 15 %%."
            })
    static final class Measure extends Sound {
        private static final String ROW = "  %-26s %7s %6s %6s %7s %7s  %s%n";

        Measure(Supplier<TextSources> place) {
            super(place);
        }

        @Override
        public Integer call() {
            PromptLibrary library = library();
            Map<String, List<NoticeReport.Row>> byNotice = new LinkedHashMap<>();
            for (NoticeReport.Row row : all(library)) {
                byNotice.computeIfAbsent(row.notice(), n -> new ArrayList<>()).add(row);
            }
            byNotice.forEach((name, rows) -> {
                out().printf("%n%s%n", name);
                out().printf(ROW, "part", "seconds", "words", "w/min", "dBov", "pauses", "voice");
                rows.forEach(this::row);
                sums(rows, byNotice);
            });
            out().flush();
            return ExitCode.DONE;
        }

        private void row(NoticeReport.Row row) {
            row.sound()
                    .ifPresentOrElse(
                            sound ->
                                    out().printf(
                                                    java.util.Locale.ROOT,
                                                    ROW,
                                                    row.part(),
                                                    "%.1f".formatted(sound.seconds()),
                                                    row.words(),
                                                    "%.0f"
                                                            .formatted(
                                                                    row.words()
                                                                            * 60
                                                                            / sound.seconds()),
                                                    "%.1f".formatted(sound.dbov()),
                                                    "%.0f %%".formatted(100 * sound.pauses()),
                                                    sound.voice()),
                            () ->
                                    out().printf(
                                                    ROW,
                                                    row.part(),
                                                    "none",
                                                    row.words(),
                                                    "",
                                                    "",
                                                    "",
                                                    ""));
        }

        private void sums(
                List<NoticeReport.Row> rows, Map<String, List<NoticeReport.Row>> byNotice) {
            Optional<NoticeReport.Row> question =
                    rows.stream()
                            .filter(row -> row.part().equals(Parts.of(Parts.QUESTION, "assistant")))
                            .findFirst();
            if (question.isEmpty()) {
                return;
            }
            double asked =
                    seconds(rows, question.get().part())
                            * FirstQuestion.share(question.get().text());
            double opening = seconds(rows, Parts.OPENING);
            out().printf("  first answerable after %.1f s%n", opening + asked);
            offers(rows.getFirst(), byNotice)
                    .forEach((notice, seconds) ->
                            out().printf(
                                            "  first answerable after %.1f s, with the offer of %s"
                                                    + " before%n",
                                            seconds + opening + asked, notice));
            out().printf(
                            "  listening to the whole first question %.1f s, and a confirmation"
                                    + " %.1f s%n",
                            opening + seconds(rows, question.get().part()),
                            opening
                                    + seconds(rows, question.get().part())
                                    + seconds(rows, Parts.of(Parts.CONFIRM, "basis")));
        }

        /** How long the other languages of the same notice take to offer themselves. */
        private static Map<String, Double> offers(
                NoticeReport.Row row, Map<String, List<NoticeReport.Row>> byNotice) {
            Map<String, Double> offers = new LinkedHashMap<>();
            String lineage = row.notice().split("/", 2)[0] + "/";
            byNotice.forEach((name, rows) -> {
                if (name.startsWith(lineage)
                        && !rows.getFirst().language().equals(row.language())) {
                    offers.put(name, seconds(rows, Parts.LANGUAGE_OFFER));
                }
            });
            return offers;
        }

        private static double seconds(List<NoticeReport.Row> rows, String part) {
            return rows.stream()
                    .filter(row -> row.part().equals(part))
                    .flatMap(row -> row.sound().stream())
                    .mapToDouble(NoticeReport.Sound::seconds)
                    .findFirst()
                    .orElse(0);
        }
    }

    @Command(
            name = "list",
            description = {
                "Prints the texts for a studio, each once: the name that a recording's file has to",
                "have for \"prompts adopt FOLDER\", a tab, and what is to be read."
            })
    static final class ReadingList extends Sound {
        ReadingList(Supplier<TextSources> place) {
            super(place);
        }

        @Override
        public Integer call() {
            Languages languages = languages();
            for (NoticeReport.Row row : rows(library(), null)) {
                out().printf(
                                "%s-%s.wav\t%s%n",
                                row.language(),
                                row.part(),
                                languages.spoken(row.language(), row.text()));
            }
            out().flush();
            return ExitCode.DONE;
        }
    }

    @Command(name = "play", description = "Lets you hear a part, or writes it to a file.")
    static final class Play extends Sound {
        @Parameters(
                arity = "0..1",
                paramLabel = "PART",
                description = "Such as opening (default: all).")
        private @Nullable String part;

        @Mixin private final SoundOutput output = new SoundOutput();

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
            for (NoticeReport.Row row : rows) {
                switch (library.prompt(row.language(), row.text())) {
                    case Prompt.Missing missing ->
                            out().printf("%s %s: %s%n", row.notice(), row.part(), missing.why());
                    case Prompt.Ready ready ->
                            output.put(
                                    row.language() + "-" + row.part(),
                                    ready.clip().linear(),
                                    "%s %s (%s, %.1f s): %s"
                                            .formatted(
                                                    row.notice(),
                                                    row.part(),
                                                    ready.voice(),
                                                    ready.clip().millis() / 1000.0,
                                                    row.text()),
                                    out());
                }
            }
            return ExitCode.DONE;
        }
    }
}
