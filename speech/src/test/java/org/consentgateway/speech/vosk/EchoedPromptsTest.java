package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.media.codec.G711;
import org.consentgateway.speech.CallerLevels;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.testkit.timing.Sweep;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shipped prompts that hold a yes or a no, spoken behind an opening and a question, and heard
 * as they come back from a telephone that cancels no echo.
 */
@Timeout(value = 1800, unit = TimeUnit.SECONDS)
class EchoedPromptsTest {
    private static final Path PROMPTS = Utterances.ROOT.resolve("config/prompts");
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}']+");
    private static final Set<SpokenMeaning> YES_OR_NO =
            Set.of(SpokenMeaning.AGREE, SpokenMeaning.REFUSE);
    private static final double NOISE = 18;
    private static final int BEHIND_MILLIS = 1500;

    /** Behind the last word it is not told from a caller where it comes later than this. */
    private static final int LATEST_MILLIS = 500;

    /** Of somebody who has answered the question before. */
    private static final double CALLER_DBFS = -22;

    private record Echo(int delayMillis, int db) {
        short[] of(short[] prompt) {
            short[] back = new short[prompt.length + BEHIND_MILLIS * 8];
            var random = new Random(31L * delayMillis + db);
            for (int i = 0; i < back.length; i++) {
                int at = i - delayMillis * 8;
                double sample = at >= 0 && at < prompt.length ? prompt[at] : 0;
                double noise = NOISE * random.nextGaussian();
                back[i] = Sounds.clip(sample * Math.pow(10, db / 20.0) + noise);
            }
            return G711.PCMA.decode(G711.PCMA.encode(back));
        }
    }

    private record Text(String text, short[] samples) {}

    private static List<Text> texts(String language) throws IOException {
        Path folder = PROMPTS.resolve(language);
        List<Text> texts = new ArrayList<>();
        for (String row : Files.readAllLines(folder.resolve("manifest.tsv"))) {
            String[] cell = row.split("\t", -1);
            if (cell[1].endsWith(".wav")) {
                Wav sound = Wav.read(folder.resolve(cell[1]));
                texts.add(new Text(cell[5], sound.at(8000).samples()));
            }
        }
        return texts;
    }

    private static short[] sound(List<Text> texts, String begins) {
        return texts.stream()
                .filter(each -> each.text().startsWith(begins))
                .findFirst()
                .orElseThrow()
                .samples();
    }

    private static boolean answers(RecognisedLanguage recognised, Text text) {
        return Stream.of(NO_WORD.split(text.text()))
                .anyMatch(word -> recognised.lexicon().understand(word, YES_OR_NO).isPresent());
    }

    private static List<Heard.Words> heard(
            RecognisedLanguage recognised, CallerLevels levels, short[] prompt, Echo echo) {
        var session = new InlineSession(recognised, Evaluation.YES_NO);
        session.goesOn = true;
        session.session.levels(levels);
        session.session.prompt(true);
        short[] line = echo.of(prompt);
        for (int at = 0; at + PcmFrame.SAMPLES <= line.length; at += PcmFrame.SAMPLES) {
            session.session.prompt(at < prompt.length);
            session.hear(Arrays.copyOfRange(line, at, at + PcmFrame.SAMPLES));
        }
        session.session.close();
        session.session.work();
        return session.told.stream()
                .map(InlineSession.Told::heard)
                .filter(Heard.Words.class::isInstance)
                .map(Heard.Words.class::cast)
                .toList();
    }

    private static CallerLevels learned(
            RecognisedLanguage recognised, Echo echo, short[]... prompts) {
        var levels = new CallerLevels();
        for (short[] prompt : prompts) {
            var _ = heard(recognised, levels, prompt, echo);
        }
        return levels;
    }

    private static CallerLevels copy(CallerLevels of, boolean known) {
        var levels = new CallerLevels();
        levels.echo(of.echoDbfs());
        levels.noise(of.noiseDbfs());
        levels.promptMillis(of.promptMillis());
        if (known) {
            levels.caller(CALLER_DBFS);
        }
        return levels;
    }

    /**
     * @param known whether the caller was understood before
     */
    private record Case(Echo echo, Text text, boolean known) {
        @Override
        public String toString() {
            return echo + (known ? " of a known caller, " : ", ") + text.text();
        }
    }

    private static List<Case> cases(RecognisedLanguage recognised, List<Text> texts) {
        List<Text> answering = texts.stream().filter(text -> answers(recognised, text)).toList();
        List<Case> cases = new ArrayList<>();
        for (boolean known : new boolean[] {false, true}) {
            for (Text text : answering) {
                for (int delay = 80; delay <= LATEST_MILLIS; delay += 20) {
                    for (int db = -6; db >= -18; db -= 3) {
                        cases.add(new Case(new Echo(delay, db), text, known));
                    }
                }
            }
        }
        return cases;
    }

    /** Each 36th in a run: a prompt is heard with another echo each time. */
    @ParameterizedTest
    @CsvSource({
        "de, 'Musterfirma, hier ist die KI, kein', Darf sie zuhören und helfen",
        "en, 'Example Company, this is an AI, not', May it listen and help you"
    })
    void areNoAnswer(String language, String opening, String question) throws Exception {
        List<String> heard = new ArrayList<>();
        try (var model = LanguageModel.open(Utterances.model(language))) {
            RecognisedLanguage recognised = Utterances.recognised(model, language);
            List<Text> texts = texts(language);
            short[] first = sound(texts, opening);
            short[] second = sound(texts, question);
            Map<Echo, CallerLevels> known = new HashMap<>();
            List<Case> cases = cases(recognised, texts);
            assertThat(cases).hasSizeGreaterThan(1000);
            for (Case each : Sweep.of(Sweep.of(cases))) {
                CallerLevels levels =
                        known.computeIfAbsent(
                                each.echo(), echo -> learned(recognised, echo, first, second));
                heard(recognised, copy(levels, each.known()), each.text().samples(), each.echo())
                        .forEach(words -> heard.add(words.meaning() + " of " + each));
            }
        }
        assertThat(heard).isEmpty();
    }
}
