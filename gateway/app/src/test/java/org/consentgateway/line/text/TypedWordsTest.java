package org.consentgateway.line.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.KeyMeanings;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.TypedLine;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicons;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What typed lines mean, by the shipped lexicons. */
class TypedWordsTest {
    private static final Expecting QUESTION = KeyMeanings.ofYesOrNo(true);
    private final TypedWords words;

    TypedWordsTest() throws IOException {
        words =
                new TypedWords(
                        Lexicons.load(
                                Path.of(System.getProperty("project.root"), "config/lexicon")));
    }

    private @Nullable Meaning german(String line) {
        return words.read(line, "de", QUESTION, true).meaning();
    }

    @ParameterizedTest
    @CsvSource({
        "ja,               AGREE",
        "JA!,              AGREE",
        "' Ja. ',          AGREE",
        "jawohl,           AGREE",
        "ja bitte,         AGREE",
        "einverstanden,    AGREE",
        "okay,             AGREE",
        "1,                AGREE",
        "1.,               AGREE",
        "nein,             REFUSE",
        "nö,               REFUSE",
        "2,                REFUSE",
        "nicht einverstanden, REFUSE",
        "Mensch,           HUMAN",
        "0,                HUMAN",
        "Datenschutz,      INFORMATION",
        "4,                INFORMATION",
        "*,                OTHER_LANGUAGE",
        "Hilfe,            HELP",
        "widerrufen,       WITHDRAW",
        "ja nein,          HEDGED",
        "ja aber nicht aufnehmen, HEDGED",
    })
    void aWholeLineIsUnderstood(String line, Meaning meaning) {
        assertThat(german(line)).isEqualTo(meaning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ja?",
                "ja\uFFFD",
                "\uFFFDja",
                "ja 👎",
                "jа",
                "ja ≠",
                "ja/nein",
                "j a",
                "11",
                "12",
                "1 2",
                "ja, ich habe noch eine Frage",
                "janein",
                "yes",
                "x",
                "3",
                "9",
                "**",
                "ja\u0301 nein"
            })
    void whatIsNotPlainIsNoYes(String line) {
        assertThat(german(line)).isNotEqualTo(Meaning.AGREE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nein 😡", "nein\uFFFD", "nein?", "NEIN!!!", "bitte nicht"})
    void aNoIsTakenFromAmongOtherSigns(String line) {
        assertThat(german(line)).isEqualTo(Meaning.REFUSE);
    }

    @Test
    void languagesWithoutALexiconHaveKeys() {
        assertThat(words.read("oui", "fr-x", QUESTION, true).meaning()).isNull();
        assertThat(words.read("1", "fr-x", QUESTION, true).meaning()).isEqualTo(Meaning.AGREE);
        assertThat(words.knows("de")).isTrue();
        assertThat(words.knows("fr-x")).isFalse();
    }

    @Test
    void evidenceIsTheEntryAndNeverTheLine() {
        TypedLine typed = words.read("Nein, mein Name ist Meier", "de", QUESTION, true);
        assertThat(typed.words().entry()).isEqualTo("nein");
        assertThat(words.read("1", "de", QUESTION, true).key()).isEqualTo('1');
    }

    @Test
    void thePhraseWithdraws() {
        assertThat(words.means(SpokenMeaning.WITHDRAW, "Einwilligung widerrufen", "de")).isTrue();
        assertThat(words.means(SpokenMeaning.WITHDRAW, "Ich widerrufe nicht", "de")).isFalse();
    }
}
