package org.consentgateway.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.speech.words.Lexicon;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No shipped text asks callers to say what the bundled speech model cannot hear: its vocabulary is
 * 160 words, and others ("Beschwerde", "mitschreiben") are lost without a trace. What they stand
 * for is told with a key.
 */
class InvitedWordsTest {
    private static final Path CONFIG =
            Path.of(System.getProperty("project.root")).resolve("config");

    private static final Pattern QUOTED =
            Pattern.compile(
                    "[\u201e\u201c\u00ab\"]([^\u201c\u201d\u00bb\"]+)[\u201c\u201d\u00bb\"]");

    /** What is offered between two marks, such as "Ja oder Nein?" or "1 is yes." */
    private static final Pattern MARKS = Pattern.compile("[.,:?!]");

    @ParameterizedTest
    @CsvSource({"de, ja, nein, oder, hei\u00dft", "en, yes, no, or, is"})
    void whatATextAsksCallersToSayIsHeard(
            String language, String yes, String no, String between, String means)
            throws IOException {
        Set<String> known = vocabulary(language);
        Lexicon lexicon = Lexicon.load(CONFIG.resolve("lexicon/" + language + ".yaml"));
        List<String> deaf = new ArrayList<>();
        int invited = 0;
        for (NoticeReport.Row row : rows(language)) {
            String answers = yes + " " + between + " " + no;
            for (String phrase : phrases(language, row.text(), answers, means)) {
                invited++;
                if (!known.containsAll(List.of(phrase.split(" ")))
                        || lexicon.understand(phrase, EnumSet.allOf(SpokenMeaning.class))
                                .isEmpty()) {
                    deaf.add(row.notice() + " " + row.part() + ": " + phrase);
                }
            }
        }
        assertThat(deaf).isEmpty();
        assertThat(invited).isGreaterThan(50);
    }

    @Test
    void aComplaintIsAskedForByAKey() {
        assertThat(rows("de"))
                .filteredOn(row -> row.part().equals("satisfaction") || row.part().equals("helped"))
                .isNotEmpty()
                .allMatch(row -> row.text().contains("Mit der 7"));
    }

    /** Quoted words, the answers offered, and the numbers that a menu offers. */
    private static List<String> phrases(
            String language, String text, String answers, String means) {
        List<String> phrases = new ArrayList<>();
        QUOTED.matcher(text).results().forEach(each -> phrases.add(plain(each.group(1))));
        for (String piece : MARKS.split(QUOTED.matcher(text).replaceAll(""), -1)) {
            String offer = plain(piece);
            if (offer.equals(answers)) {
                phrases.add(offer.substring(0, offer.indexOf(' ')));
                phrases.add(offer.substring(offer.lastIndexOf(' ') + 1));
            } else if (offer.matches("\\d " + means + " .*|mit der \\d .*")) {
                phrases.add(
                        plain(ShippedLanguages.ALL.spoken(language, offer.replaceAll("\\D", ""))));
            }
        }
        return phrases.stream().filter(each -> !each.isEmpty()).toList();
    }

    private static String plain(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    private static Set<String> vocabulary(String language) throws IOException {
        Path words = CONFIG.resolve("models/vosk-consent-" + language + "-2026-11/graph/words.txt");
        return Files.readAllLines(words).stream()
                .map(line -> line.split(" ", -1)[0])
                .collect(Collectors.toSet());
    }

    private static List<NoticeReport.Row> rows(String language) {
        var voice =
                new VoiceSettings(
                        CONFIG.resolve("prompts"),
                        CONFIG.resolve("none"),
                        false,
                        ShippedLanguages.ALL);
        return NoticeReport.of(
                        new TextSources(
                                CONFIG.resolve("notices"),
                                voice,
                                NoticeUse.none(LocalDate.of(2026, 11, 27))),
                        PromptLibrary.open(voice))
                .rows()
                .stream()
                .filter(row -> row.language().equals(language))
                .toList();
    }
}
