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

    /** Such is a line that a backspace changed after its pause: a "1" that became a "2". */
    @ParameterizedTest
    @CsvSource({"2, REFUSE", "2., REFUSE", "0, HUMAN", "*, OTHER_LANGUAGE", "1,", "12,"})
    void aMarkSpoilsTheKeyOfAYesAndNoOther(String keys, @Nullable Meaning meaning) {
        assertThat(german(keys + TypedLines.NO_TEXT)).isEqualTo(meaning);
        assertThat(words.read(keys + TypedLines.NO_TEXT, "fr-x", QUESTION, true).meaning())
                .isEqualTo(meaning);
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "de | Einwilligung widerrufen",
                "de | Ich möchte das nicht mehr, ich widerrufe meine Einwilligung",
                "de | Ich möchte das nicht, ich widerrufe.",
                "de | das gefällt mir nicht ich widerrufe",
                "de | Das ist nicht gut. Einwilligung widerrufen!",
                "de | Ja, ich widerrufe hiermit meine Einwilligung",
                "de | okay, dann widerrufe ich jetzt",
                "de | Ich widerrufe meine Einwilligung, nichts speichern",
                "de | Ich widerrufe meine Einwilligung und möchte keine weiteren Anrufe",
                "de | Ich widerrufe meine Einwilligung und möchte nicht, dass Sie anrufen",
                "de | wie kann ich widerrufen?",
                "de | Ich widerrufe meine Einwilligung ohne Wenn und Aber",
                "en | I withdraw my consent",
                "en | Please don't save anything, I withdraw my consent",
                "en | Yes, I hereby withdraw my consent",
                "en | okay then, revoke my consent",
                "en | I withdraw my consent, don't call me again",
                "en | I withdraw my consent and do not want this",
                "fr | Ce n'est pas possible, je retire mon consentement",
                "fr | Oui, je révoque aujourd'hui mon consentement",
                "fr | D'accord, mais je retire mon accord maintenant",
                "tr | Memnun değilim, iznimi geri alıyorum",
                "tr | Evet, artık iznimi geri alıyorum"
            })
    void aWithdrawalIsTakenFromAmongOtherWords(String language, String line) {
        assertThat(words.means(SpokenMeaning.WITHDRAW, line, language)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "de | Ich widerrufe nicht",
                "de | Ich widerrufe meine Einwilligung nicht.",
                "de | Ich widerrufe die Einwilligung nicht, ich frage nur",
                "de | ich widerrufe das nicht",
                "de | Ja, ich widerrufe nicht meine Einwilligung",
                "de | nicht widerrufen",
                "de | Okay, bitte meine Einwilligung nicht widerrufen",
                "de | was ist, wenn ich nicht widerrufe",
                "en | do not withdraw",
                "en | Yes, but please don't withdraw my consent",
                "en | I won't withdraw",
                "en | yes",
                "fr | ne pas révoquer",
                "fr | Oui, ne pas retirer mon accord",
                "tr | iznimi geri alıyorum demedim"
            })
    void aNegationNextToItsWordsUndoesAWithdrawal(String language, String line) {
        assertThat(words.means(SpokenMeaning.WITHDRAW, line, language)).isFalse();
    }

    /** A wish or an intention, which is negated before the words themselves. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "de | Ich will nicht widerrufen",
                "de | Ich möchte nicht widerrufen",
                "de | Ich möchte nicht meine Einwilligung widerrufen",
                "de | Ich möchte meine Einwilligung nicht widerrufen",
                "de | Das möchte ich nicht widerrufen",
                "de | Ich habe nicht vor zu widerrufen",
                "de | Ich habe keinen Grund zu widerrufen",
                "de | Ich denke nicht daran zu widerrufen",
                "de | Ich brauche nicht zu widerrufen",
                "en | I don't want to withdraw my consent",
                "en | I do not want to withdraw",
                "en | I would rather not withdraw",
                "en | I'm not going to withdraw",
                "en | I was not able to withdraw money",
                "en | I do not plan to revoke my consent",
                "en | There is nothing to withdraw",
                "fr | Je ne veux pas retirer mon consentement",
                "fr | Je ne souhaite pas révoquer mon consentement",
                "fr | Je n'ai pas l'intention de retirer mon accord",
                "fr | Je n'ai aucune raison de retirer mon accord"
            })
    void whoDoesNotWantToWithdrawDoesNot(String language, String line) {
        assertThat(words.means(SpokenMeaning.WITHDRAW, line, language)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "de | Ich will nicht ich widerrufe",
                "de | Ich will nicht! Widerruf!",
                "de | ich bin nicht einverstanden widerrufen",
                "de | ich stimme nicht zu widerrufen",
                "de | Ich bitte meine Einwilligung zu widerrufen",
                "de | Das gefällt mir nicht und ich bitte Sie zu widerrufen",
                "de | Ich kann nicht anders als zu widerrufen",
                "de | Mir bleibt nichts übrig als zu widerrufen",
                "de | Nein, ich widerrufe",
                "de | nein widerrufen",
                "de | Ich zögere nicht zu widerrufen",
                "de | Ich habe nichts dagegen zu widerrufen",
                "de | bitte nicht vergessen zu widerrufen",
                "de | Ich will nichts als zu widerrufen",
                "de | Ich möchte ohne Grund widerrufen",
                "de | Ich möchte ohne Angabe von Gründen widerrufen",
                "en | I don't agree withdraw my consent",
                "en | I do not want that withdraw",
                "en | I don't want to, I withdraw",
                "en | I don't want this I want to withdraw",
                "en | I have no choice but to withdraw",
                "en | Please do not forget to withdraw my consent",
                "en | I won't hesitate to withdraw",
                "en | I can't wait to withdraw",
                "en | I don't know how to withdraw",
                "en | No I want to withdraw",
                "fr | je ne veux pas je retire mon accord",
                "fr | Je vous demande de retirer mon accord",
                "fr | N'oubliez pas de retirer mon accord",
                "fr | Il ne me reste plus que de retirer mon accord",
                "tr | istemiyorum iznimi geri alıyorum"
            })
    void aNoThatIsWholeUndoesNoWithdrawal(String language, String line) {
        assertThat(words.means(SpokenMeaning.WITHDRAW, line, language)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "de | true | Das will ich so nicht, keine Aufnahme",
                "de | true | Okay, aber keine Aufzeichnung mehr",
                "de | true | Ich widerrufe nicht, aber bitte nicht mehr mitschreiben",
                "de | false | Ich widerrufe, keine Aufnahme",
                "en | true | I don't like that, stop recording",
                "en | true | Yes, but no recording please",
                "en | false | don't stop recording",
                "en | false | Okay, do not stop the recording",
                "fr | true | Ce n'est pas prévu, arrêtez l'enregistrement",
                "tr | true | Hiç beğenmedim, kayıt yapmayın"
            })
    void soIsTheEndOfWhatIsKept(String language, boolean wanted, String line) {
        assertThat(words.means(SpokenMeaning.KEEP_NOTHING, line, language)).isEqualTo(wanted);
    }
}
