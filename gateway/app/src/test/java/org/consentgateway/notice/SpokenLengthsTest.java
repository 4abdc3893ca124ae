package org.consentgateway.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.call.spoken.FirstQuestion;
import org.consentgateway.consent.Parts;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.speech.words.Language;
import org.consentgateway.speech.words.Readability;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shipped texts alone decide of a caller's time, in seconds of their recordings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpokenLengthsTest {
    private static final Map<String, String> VOICES =
            Map.of(
                    "de", "Kerstin (neural, HiFi-GAN)",
                    "en", "flite slt",
                    "fr", "SVOX Pico fr-FR",
                    "tr", "espeak-ng tr");

    private static final Path CONFIG =
            Path.of(System.getProperty("project.root")).resolve("config");
    private static final String ASSISTANT = Parts.of(Parts.QUESTION, "assistant");

    private NoticeReport report;

    @BeforeAll
    void read() {
        var voice =
                new VoiceSettings(
                        CONFIG.resolve("prompts"),
                        CONFIG.resolve("none"),
                        false,
                        ShippedLanguages.ALL);
        report =
                NoticeReport.of(
                        new TextSources(
                                CONFIG.resolve("notices"),
                                voice,
                                NoticeUse.none(LocalDate.of(2026, 11, 27))),
                        PromptLibrary.open(voice));
    }

    @Test
    void theFirstQuestionCanBeAnsweredAfterSixSeconds() {
        double offer = seconds("demo/en/2026-11", Parts.LANGUAGE_OFFER);
        var table = new TreeMap<String, Double>();
        table.put("de", answerable("demo/de/2026-11"));
        table.put("de, English offered before", offer + answerable("demo/de/2026-11"));
        table.put("en", answerable("demo/en/2026-11"));
        table.put("en, USA", answerable("us/en/2026-11"));
        table.forEach((row, seconds) ->
                System.out.printf(Locale.ROOT, "first answerable, %s: %.1f s%n", row, seconds));
        assertThat(table.values()).allMatch(seconds -> seconds <= 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo/de/2026-11", "demo/en/2026-11", "us/en/2026-11"})
    void nothingTakesLongerThanItsBudget(String notice) {
        within(notice, Parts.OPENING, 6);
        within(notice, Parts.OPENING_KNOWN, 6);
        for (String purpose : List.of("transcript", "recording", "learning")) {
            within(notice, Parts.of(Parts.QUESTION, purpose), 6);
            within(notice, Parts.of(Parts.QUESTION_KEYS, purpose), 6);
        }
        within(notice, Parts.of(Parts.KNOWN, "merken"), 6);
        within(notice, Parts.REMEMBER, 6);
        within(notice, Parts.SAID_YES, 6);
        within(notice, Parts.of(Parts.CONFIRM, "basis"), 4.05);
        within(notice, Parts.INFORMATION, 20);
        within(notice, Parts.LANGUAGE_OFFER, 2);
    }

    /** Without the seconds in which nobody speaks: those belong to the whole call. */
    @Test
    void whoListensToAllOrIsKnownWaitsNoLongerThanTheTextsPromise() {
        for (String notice : List.of("demo/de/2026-11", "demo/en/2026-11")) {
            double toTheEnd = seconds(notice, Parts.OPENING) + seconds(notice, ASSISTANT);
            assertThat(toTheEnd).as(notice + ", to the end of the first question").isLessThan(13);
            double second = seconds(notice, Parts.of(Parts.QUESTION, "transcript"));
            assertThat(toTheEnd + second).as(notice + ", of the second").isLessThan(18);
            double known =
                    seconds(notice, Parts.OPENING_KNOWN)
                            + seconds(notice, Parts.of(Parts.KNOWN, "merken"));
            assertThat(known).as(notice + ", known caller").isLessThan(7);
        }
    }

    @Test
    void allPartsOfANoticeAreSpokenByOneVoiceAtOneLevelAndAtARateOfPeople() {
        for (NoticeReport.Row row : report.rows()) {
            NoticeReport.Sound sound = row.sound().orElseThrow();
            assertThat(sound.voice()).as(row.part()).isEqualTo(VOICES.get(row.language()));
            assertThat(sound.dbov()).as(row.text()).isBetween(-21.0, -19.0);
            if (row.words() >= 8) {
                Language language = ShippedLanguages.ALL.find(row.language()).orElseThrow();
                int syllables = Readability.of(language, row.text()).syllables();
                assertThat(syllables / sound.seconds()).as(row.text()).isBetween(2.5, 8.0);
            }
            // In words a minute only where words are about as long as English ones.
            if (row.words() >= 8 && List.of("de", "en").contains(row.language())) {
                assertThat(row.words() * 60 / sound.seconds())
                        .as(row.text())
                        .isBetween(130.0, 190.0);
            }
        }
    }

    private double answerable(String notice) {
        String question = row(notice, ASSISTANT).text();
        return seconds(notice, Parts.OPENING)
                + seconds(notice, ASSISTANT) * FirstQuestion.share(question);
    }

    private void within(String notice, String part, double most) {
        assertThat(seconds(notice, part)).as(notice + " " + part).isLessThanOrEqualTo(most);
    }

    private double seconds(String notice, String part) {
        return row(notice, part).sound().orElseThrow().seconds();
    }

    private NoticeReport.Row row(String notice, String part) {
        return report.rows().stream()
                .filter(row -> row.notice().equals(notice) && row.part().equals(part))
                .findFirst()
                .orElseThrow();
    }
}
