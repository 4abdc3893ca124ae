package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Nightly(
        "25 s of sound that is rendered and listened to; NoticeLibraryTest and BadNoticesTest are"
                + " in each run")
class NoticesCommandTest {
    private static final Path CONFIG =
            Path.of(System.getProperty("project.root")).resolve("config");

    /** The shipped recordings that were asked for: a command that plays one reads all texts. */
    @TempDir static Path played;

    @TempDir Path temp;

    private static final List<String> SHORT_PARTS =
            List.of("refused", "thanks", "why-expired", "to-human", "nobody-there");

    private Path sounds = CONFIG.resolve("models/sounds");

    private final StringWriter said = new StringWriter();
    private final StringWriter failed = new StringWriter();

    /** Of other countries and languages; each command reads and hears all that is there. */
    private static final Pattern REST =
            Pattern.compile("notices/(fr|tr|us|demo/fr|demo/tr|common/(fr|tr)\\.yaml).*");

    @BeforeEach
    void copyGermanAndEnglish() throws IOException {
        copyShipped("notices", REST.asMatchPredicate().negate());
        copyShipped("prompts", _ -> true);
    }

    private void copyTheRest() throws IOException {
        copyShipped("notices", REST.asMatchPredicate());
    }

    private void copyShipped(String folder, Predicate<String> which) throws IOException {
        try (Stream<Path> files = Files.walk(CONFIG.resolve(folder))) {
            for (Path file : files.toList()) {
                String name = CONFIG.relativize(file).toString();
                if (which.test(name)) {
                    Files.copy(file, temp.resolve(name));
                }
            }
        }
    }

    @Test
    void theShippedNoticesAreRightAndTheirScoresAreShown() throws IOException {
        copyTheRest();
        assertThat(notices("check")).isZero();
        assertThat(said.toString())
                .contains("demo/de/2026-11", "demo/en/2026-11", "All notices are right.")
                .containsPattern(
                        "question.assistant +18 +\\d+ +6\\.\\d +Amstad \\d\\d\\.\\d, Wiener"
                                + " Sachtextformel 1 -?\\d\\.\\d")
                .doesNotContain("Wrong:", "Better");
    }

    @Test
    void aBadNoticeIsToldWithItsSentence() throws IOException {
        changeTheHelp();
        assertThat(notices("check")).isEqualTo(1);
        assertThat(said.toString())
                .contains("Wrong:", "texts.help", "no recording", "> This voice is a machine.");
    }

    @Test
    void aProfileWhoseDayHasPassedFailsTheCheckAndSaysWhatToDo() throws IOException {
        change("profiles/de-2026-08.yaml", "review: 2027-08-01", "review: 2026-11-01");
        assertThat(notices("check")).isEqualTo(1);
        assertThat(said.toString())
                .contains("Overdue", "de-2026-08 tells the law of 2026-08-02")
                .contains("right would be: its law read again, then a later review:")
                .doesNotContain("Wrong:");
    }

    @Test
    void anOpeningThatIsTooLongIsToldBeforeItIsSpoken() throws IOException {
        String more = " This is a long greeting with many words more.".repeat(3);
        change("demo/en/2026-11.yaml", "is an AI, not a person.", "is an AI, not a person." + more);
        assertThat(notices("check")).isEqualTo(1);
        assertThat(said.toString()).contains("will take about 14 s to say; 10 s are allowed");
    }

    private void change(String file, String from, String to) throws IOException {
        Path path = temp.resolve("notices").resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to));
    }

    @Test
    void aNewVersionIsACopyWithItsOwnDateThatNeedsNoNewSound() {
        assertThat(
                        notices(
                                "new-version",
                                "demo",
                                "2026-12",
                                "--material",
                                "--valid-from",
                                "2026-12-01"))
                .isZero();
        assertThat(temp.resolve("notices/demo/de/2026-12.yaml"))
                .content()
                .contains("version: 2026-12", "valid-from: 2026-12-01", "material-change: true ")
                .containsPattern("(?m)^  who:$")
                .containsPattern("(?m)^  when:$")
                .doesNotContain("Beispiel-Datenschutz");
        assertThat(notices("check")).isZero();
        assertThat(notices("new-version", "demo", "2026-10", "--valid-from", "2026-10-01"))
                .isNotZero();
    }

    @Test
    void aChangedTextIsRenderedAndThenAllIsRightButForTheSecondVoice() throws IOException {
        changeTheHelp();
        assertThat(prompts("render")).isZero();
        assertThat(said.toString()).contains("by freetts-kevin16", "1 texts were spoken.");
        assertThat(notices("check")).isZero();
        assertThat(said.toString())
                .contains("is spoken by several voices in one call: flite slt, freetts-kevin16");
    }

    @Test
    void anyProgramSpeaksAllTextsSoThatANoticeHasOneVoice() throws IOException {
        copyTheRest();
        Path sound = recordings("en").getFirst();
        Path program = temp.resolve("speak.sh");
        Files.writeString(program, "#!/bin/sh\ncp " + sound + " \"$2\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(
                        prompts(
                                "render",
                                "--all",
                                "--language",
                                "en",
                                "--with",
                                program + " {text} {out}",
                                "--voice",
                                "Ms Sample",
                                "--licence",
                                "ours",
                                "--any-language"))
                .isZero();

        assertThat(temp.resolve("prompts/en/manifest.tsv"))
                .content()
                .contains("Ms Sample\tours")
                .doesNotContain("flite");
        assertThat(prompts("render", "--with", "espeak-ng {text}")).isNotZero();
        assertThat(failed.toString()).contains("the command has no {out}");
    }

    @Test
    void aStudioRecordingTakesThePlaceOfTheShippedOne() throws IOException {
        Path studio = temp.resolve("studio.wav");
        Files.copy(play("unanswered"), studio);
        assertThat(adopt("thanks", studio.toString())).isZero();
        assertThat(said.toString()).contains("spoken by Frau Muster", "Vielen Dank.");
        assertThat(temp.resolve("prompts/de/manifest.tsv")).content().contains("Frau Muster\tours");
        assertThat(notices("check")).isZero();
        assertThat(playInto(temp.resolve("out"), "de", "thanks")).exists();
    }

    @Test
    void aWholeFolderOfRecordingsIsTakenByTheNamesOfItsFiles() throws IOException {
        Path studio = Files.createDirectories(temp.resolve("studio"));
        Files.copy(play("opening"), studio.resolve("opening.wav"));
        Files.copy(play("question.assistant"), studio.resolve("de-question.assistant.wav"));

        assertThat(adopt(studio.toString())).isZero();

        assertThat(said.toString())
                .contains("demo/de/2026-11 opening is now spoken by Frau Muster")
                .contains("demo/de/2026-11 question.assistant is now spoken by Frau Muster");
    }

    @Test
    void nothingOfAFolderIsTakenIfOneOfItIsUnfit() throws IOException {
        Path studio = Files.createDirectories(temp.resolve("studio"));
        Files.copy(play("opening"), studio.resolve("opening.wav"));
        byte[] tone = new Wav(Tone.sine(440, 30_000, 9000), PcmFrame.SAMPLE_RATE).octets();
        Files.write(studio.resolve("thanks.wav"), tone);
        Files.copy(play("thanks"), studio.resolve("information.wav"));
        Files.copy(play("thanks"), studio.resolve("fanfare.wav"));
        Files.write(studio.resolve("help.wav"), new byte[] {'I', 'D', '3', 4, 0});

        assertThat(adopt(studio.toString())).isNotZero();

        assertThat(failed.toString())
                .contains("thanks.wav: is a tone, not speech")
                .containsPattern("information.wav: 1.\\d s for 52 words cannot be")
                .contains("fanfare.wav: there is no part fanfare")
                .contains("help.wav: not a WAV file")
                .contains("Nothing was taken.");
        assertThat(temp.resolve("prompts/de/manifest.tsv")).content().doesNotContain("Frau Muster");
    }

    @Test
    void aRecordingInAnotherLanguageIsRefused() throws IOException {
        Path studio = Files.createDirectories(temp.resolve("studio"));
        Files.copy(play("en", "opening"), studio.resolve("opening.wav"));
        Files.copy(play("de", "help"), studio.resolve("help.wav"));

        assertThat(adopt(studio.toString())).isNotZero();

        assertThat(failed.toString())
                .contains("opening.wav: sounds like English, not like German (heard: ")
                .contains("a recording of: Musterfirma, hier ist die KI, kein Mensch.")
                .contains("Nothing was taken.")
                .doesNotContain("help.wav");
        assertThat(temp.resolve("prompts/de/manifest.tsv")).content().doesNotContain("Frau Muster");
        assertThat(adopt("--any-language", studio.toString())).isZero();
    }

    @Test
    void shortRecordingsInAnotherLanguageAreHeardTogether() throws IOException {
        Path studio = Files.createDirectories(temp.resolve("studio"));
        for (String part : SHORT_PARTS) {
            Files.copy(play("en", part), studio.resolve(part + ".wav"));
        }
        assertThat(adopt(studio.toString())).isNotZero();
        assertThat(failed.toString())
                .contains(
                        "together they sound like English, not like German", "Nothing was taken.");
    }

    @Test
    void whatIsTooShortToTellIsTakenAndSaid() throws IOException {
        assertThat(adopt("refused", play("en", "refused").toString())).isZero();
        assertThat(said.toString())
                .contains("Too little was heard to tell the language, listen to: ", "refused.wav");
    }

    @Test
    void aVoiceOfAnotherLanguageIsRefusedWhereItIsToSpeak() throws IOException {
        Path sound = play("en", "information");
        Path program = temp.resolve("speak.sh");
        Files.writeString(program, "#!/bin/sh\ncp " + sound + " \"$2\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        String with = program + " {text} {out}";

        assertThat(prompts("render", "--all", "--language", "de", "--with", with)).isNotZero();

        assertThat(failed.toString()).contains("sounds like English, not like German");
        assertThat(temp.resolve("prompts/de/manifest.tsv")).content().doesNotContain("speak.sh");
    }

    @Test
    void whereNothingHearsTheLanguageThatIsSaid() throws IOException {
        sounds = temp.resolve("no-sounds");
        assertThat(adopt("opening", play("en", "opening").toString())).isZero();
        assertThat(said.toString())
                .contains("The language of no recording was checked: no folder " + sounds);
    }

    @Test
    void whatTellsTwoTextsOfAPartApartIsAdvised() throws IOException {
        copyTheRest();
        String file = play("thanks").toString();
        String[] whose = {"--voice", "Frau Muster", "--licence", "ours", "opening", file};
        assertThat(prompts(with(whose, "adopt", "--language", "en"))).isNotZero();
        assertThat(failed.toString())
                .contains("opening has 2 texts: give --notice demo or --notice us");
        assertThat(prompts(with(whose, "adopt", "--notice", "demo"))).isNotZero();
        assertThat(failed.toString())
                .contains("opening has 4 texts: give --language de or --language en or");
    }

    private static String[] with(String[] last, String... first) {
        return Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new);
    }

    @Test
    void aStudioGetsEachTextOnceWithTheNameOfItsFile() {
        assertThat(prompts("list", "--language", "de")).isZero();
        assertThat(said.toString())
                .contains("de-opening.wav\tMusterfirma, hier ist die KI, kein Mensch.")
                .containsOnlyOnce("\teins heißt Ja. zwei heißt Nein.\n");
    }

    @Test
    void measureShowsWhatACallerWaitsFor() {
        assertThat(prompts("measure", "--notice", "demo")).isZero();
        assertThat(said.toString())
                .containsPattern("opening +2\\.\\d +7 +1\\d\\d +-20\\.\\d +\\d %  Kerstin")
                .containsPattern("first answerable after 4\\.\\d s")
                .containsPattern(
                        "first answerable after \\d\\.\\d s, with the offer of demo/en/2026-11");
    }

    private void changeTheHelp() throws IOException {
        Path file = temp.resolve("notices/common/en.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("This voice is a computer.", "This voice is a machine."));
    }

    private int adopt(String... what) {
        String[] all = {"adopt", "--language", "de", "--voice", "Frau Muster", "--licence", "ours"};
        return prompts(Stream.concat(Stream.of(all), Stream.of(what)).toArray(String[]::new));
    }

    /** The file of a shipped German recording. */
    private Path play(String part) {
        return play("de", part);
    }

    private Path play(String language, String part) {
        Path file = played.resolve(language + "-" + part + ".wav");
        return Files.exists(file) ? file : playInto(played, language, part);
    }

    private Path playInto(Path folder, String language, String part) {
        String[] to = {"--language", language, "--notice", "demo", "--out", folder.toString()};
        assertThat(prompts(with(new String[] {part}, with(to, "play")))).isZero();
        return folder.resolve(language + "-" + part + ".wav");
    }

    private List<Path> recordings(String language) throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("prompts").resolve(language))) {
            return files.filter(file -> file.toString().endsWith(".wav")).sorted().toList();
        }
    }

    private int notices(String... args) {
        return run(NoticesCommand.with(this::place), args);
    }

    private int prompts(String... args) {
        return run(PromptsCommand.with(this::place, () -> sounds, List::of), args);
    }

    private TextSources place() {
        return new TextSources(
                temp.resolve("notices"),
                new VoiceSettings(
                        temp.resolve("prompts"),
                        temp.resolve("cache"),
                        false,
                        ShippedLanguages.ALL),
                NoticeUse.none(LocalDate.of(2026, 11, 27)));
    }

    private int run(CommandLine line, String... args) {
        return line.setOut(new PrintWriter(said)).setErr(new PrintWriter(failed)).execute(args);
    }
}
