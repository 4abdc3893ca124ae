package org.consentgateway.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the loader does not let anybody say: each is refused with what would be right. */
class BadNoticesTest {
    @TempDir Path temp;

    static Stream<Arguments> badTexts() {
        return Stream.of(
                arguments(
                        "opening",
                        "Musterfirma, guten Tag. Ich bin kein Mensch.",
                        "does not say that an AI speaks (AI Act Art. 50(1))"),
                arguments("opening", "Musterfirma, hier ist die KI.", "does not say what an AI is"),
                arguments(
                        "opening",
                        "Guten Tag, hier ist eine KI, kein Mensch.",
                        "does not say who is responsible"),
                arguments(
                        "question.assistant",
                        "Darf sie zuhören und helfen? Ja oder Nein? Bei Nein hilft Ihnen ein"
                                + " Mensch.",
                        "does not say that it can be ended at any time (DSGVO Art. 7(3)"),
                arguments(
                        "question.assistant",
                        "Darf sie zuhören? Sie können das immer beenden. Ja oder Nein?",
                        "does not say that no is served as well"),
                arguments(
                        "confirm.voll",
                        "Danke. Drücken Sie Stern neun zum Beenden.",
                        "does not say which words withdraw"),
                arguments(
                        "confirm.voll",
                        "Danke. Ihr Ja ist notiert.",
                        "does not say how to withdraw"),
                arguments(
                        "confirm-keys.voll",
                        "Danke. Ihr Ja ist notiert.",
                        "does not say how to withdraw"),
                arguments(
                        "confirm-keys.voll",
                        "Danke. Stern neun oder „Einwilligung widerrufen“ beendet das.",
                        "tells of words to say where nobody may be listening"),
                arguments(
                        "reminder",
                        "Sie sprechen mit einer KI, nicht mit einem Menschen. „Einwilligung"
                                + " widerrufen“ beendet das.",
                        "tells of words to say where nobody may be listening"),
                arguments(
                        "information",
                        "Verantwortlich ist die Musterfirma. Wir löschen alles nach 30 Tagen.",
                        "does not say that one can complain"),
                arguments(
                        "question.transcript",
                        "Darf sie alles aufschreiben, zum Beispiel Ihren Termin? Ja oder Nein?",
                        "does not ask for transcript in the words of purposes.transcript"),
                arguments(
                        "question.transcript",
                        "Darf sie mitschreiben? Ja oder Nein?",
                        "cannot picture without an example"),
                arguments(
                        "question.recording",
                        "Dürfen wir aufnehmen und mitschreiben? Ja oder Nein?",
                        "asks for transcript as well (\"mitschreiben\"): each purpose has a"
                                + " question of its own"),
                arguments(
                        "new-purpose.recording",
                        "Neu ist: Es gibt etwas Neues.",
                        "does not ask for recording in the words"),
                arguments(
                        "remember",
                        "Soll das immer gelten, für alle Anrufe von dieser Nummer? Ja oder Nein?",
                        "does not say how long"),
                arguments(
                        "question.recording",
                        "Dürfen wir das Gespräch aufnehmen?",
                        "offers no yes"),
                arguments(
                        "question.recording",
                        "Dürfen wir das Gespräch aufnehmen? Sagen Sie Ja.",
                        "offers no way to say no"),
                arguments(
                        "question.recording",
                        "Dürfen wir aufnehmen? Sagen Sie Ja. Wenn Sie das nicht wollen, sagen Sie"
                                + " Nein.",
                        "no is harder than yes: it does not stand right beside it"),
                arguments(
                        "question.recording",
                        "Dürfen wir aufnehmen? Sagen Sie Ja oder ganz laut und klar Nein.",
                        "no is harder than yes, or yes harder than no: 4 words to say how, against"
                                + " 1"),
                arguments(
                        "repeat-1.assistant",
                        "Darf sie zuhören? 1 heißt Ja. Für ein Nein drücken Sie bitte die Taste"
                                + " 2.",
                        "no is harder than yes, or yes harder than no: 5 words to say how, against"
                                + " 3"),
                arguments(
                        "question.recording",
                        "Dürfen wir aufnehmen? Nein oder Ja?",
                        "yes is harder than no"),
                arguments(
                        "question.recording",
                        "Dürfen wir aufnehmen? Ja oder Nein? Oder drücken Sie die 1.",
                        "the key 1 is named 1 times, the key 2 0 times"),
                arguments(
                        "repeat-1.recording",
                        "Dürfen wir aufnehmen? Ja oder Nein?",
                        "does not name the key 1"),
                arguments(
                        "repeat-1.recording",
                        "Dürfen wir das Gespräch auch aufnehmen und nachhören? 1 heißt Ja. 2 heißt"
                                + " Nein.",
                        "a repeat must be shorter than what it repeats (14 words after 11)"),
                arguments(
                        "question.recording",
                        "Dürfen wir aufnehmen? Das sollten Sie erlauben. Ja oder Nein?",
                        "pushes the caller with \"sollten\""),
                arguments(
                        "menu",
                        "1 heißt zuhören. 2 heißt mitschreiben. 3 heißt aufnehmen. Was wählen Sie?",
                        "the menu does not offer 0 for no"),
                arguments(
                        "refused",
                        "Die KI-gestützte Transkriptionsverarbeitung personenbezogener"
                                + " Kommunikationsinhalte unterbleibt vollumfänglich.",
                        "callers do not use the word \"Transkriptionsverarbeitung\""),
                arguments(
                        "refused",
                        "Das unterbleibt vollumfänglich.",
                        "\"vollumfänglich\" (4 syllables) is no word that everybody knows"),
                arguments(
                        "refused",
                        "Das unterbleibt vollumfänglich.",
                        "\"unterbleibt\" (3 syllables) is no word that everybody knows"),
                arguments(
                        "confirm.voll",
                        "Danke. Ihre Stufe ist Voll. Stern neun oder „Einwilligung widerrufen“"
                                + " beendet es.",
                        "callers do not use the word \"Stufe\""),
                arguments(
                        "confirm.voll",
                        "Danke für Ihre Einwilligung. Stern neun oder „Einwilligung widerrufen“"
                                + " beendet es.",
                        "callers do not use the word \"Einwilligung\""),
                arguments(
                        "help",
                        "Die Verwendung der Daten erfolgt ausschließlich unter Beachtung der"
                                + " gesetzlichen Bestimmungen und Vorschriften.",
                        "hard to understand: Amstad"),
                arguments(
                        "help",
                        "Ich bin ein Computer und höre Ihnen erst zu wenn Sie Ja gesagt haben und"
                                + " nicht früher oder auch später.",
                        "a sentence of 20 words; 15 are allowed"),
                arguments(
                        "opening",
                        "Guten Tag und willkommen bei der Musterfirma. Schön, dass Sie heute bei"
                            + " uns anrufen. Hier ist für Sie heute die KI da. Sie ist kein Mensch,"
                            + " sie hilft Ihnen gern.",
                        "s to say; 10 s are allowed"),
                arguments(
                        "question.recording",
                        "Dürfen wir das Gespräch auch aufnehmen? Wir hören es dann noch einmal in"
                                + " aller Ruhe an. Ja oder Nein?",
                        "s to say; 6 s are allowed"),
                arguments("profile", "de-1999", "\"de-1999\" is no legal profile"),
                arguments("review", "bald", "\"bald\" is no date"),
                arguments("duration", "ein Jahr", "is no duration"));
    }

    @ParameterizedTest
    @MethodSource("badTexts")
    void aBadTextIsRefusedWithItsFileItsKeyAndWhatWouldBeRight(String key, String text, String why)
            throws IOException {
        var notices = new EditedNotices(temp).with("de", key, text);

        List<NoticeProblem> wrong = notices.report().errors();

        assertThat(wrong).as("nothing was found wrong").isNotEmpty();
        Path file = notices.fileOf("de", key);
        List<String> lines = Files.readAllLines(file);
        assertThat(wrong)
                .anySatisfy(problem -> {
                    assertThat(problem.what()).contains(why);
                    assertThat(problem.file()).isEqualTo(file);
                    assertThat(problem.key()).endsWith(key);
                    assertThat(lines.get(problem.line() - 1)).contains(key + ":");
                    assertThat(problem.example()).isNotEmpty();
                });
    }

    @Test
    void theShippedTextsThemselvesAreRight() throws IOException {
        assertThat(new EditedNotices(temp).spokenAt(330).wrong()).isEmpty();
    }

    @Test
    void alternatingBetweenYesAndNoIsNotUnequal() throws IOException {
        String[] fair = {
            "Dürfen wir jetzt auch noch aufnehmen? Sagen Sie Ja oder Nein.",
            "Dürfen wir aufnehmen? Sagen Sie Ja oder drücken Sie die 1. Sagen Sie Nein oder drücken"
                    + " Sie die 2.",
            "Dürfen wir aufnehmen? Bitte drücken Sie die 1 für Ja, die 2 für Nein."
        };
        for (String text : fair) {
            var notices = new EditedNotices(temp.resolve("" + text.hashCode())).spokenAt(300);
            assertThat(notices.with("de", "question.recording", text).wrong()).as(text).isEmpty();
        }
    }

    @Test
    void aLongOpeningIsACautionBeforeItIsRefused() throws IOException {
        var notices =
                new EditedNotices(temp)
                        .with(
                                "de",
                                "opening",
                                "Guten Tag bei der Musterfirma. Schön, dass Sie heute da sind. Hier"
                                    + " ist für Sie heute die KI, kein Mensch. Sie hilft gern.");
        assertThat(notices.wrong()).noneMatch(problem -> problem.contains("texts.opening:"));
        assertThat(notices.cautions())
                .anyMatch(caution -> caution.contains("s to say; 7 s are better"));
    }

    /** Its words are the product's own where nobody has written any: fewer nobody can make them. */
    @Test
    void whereTheWordsAreWithinTheLimitAFasterVoiceIsAdvised() throws IOException {
        assertThat(new EditedNotices(temp).spokenAt(430).wrong())
                .anyMatch(problem ->
                        problem.contains("texts.information: takes 22.5 s to say; 20 s are allowed")
                                && problem.contains(
                                        "it says these 52 words at 139 a minute, and at 156 they"
                                                + " are within the limit")
                                && problem.contains(
                                        "prompts render --all --language de --with 'espeak-ng -v"
                                                + " {language} -s 240 -w {out} --stdin'"));
    }

    @Test
    void slipsInOneFileAreAllToldAtOnce() throws IOException {
        var notices =
                new EditedNotices(temp)
                        .with("de", "valid-from", "1.11.2026")
                        .replace("de", "material-change: true ", "material-change: yes ")
                        .replace("de", "  question.assistant: ", "  qestion.assistant: ");
        assertThat(String.join("\n", notices.wrong()))
                .contains("valid-from: \"1.11.2026\" is no date")
                .contains("material-change: \"yes\" is not true or false")
                .contains("texts.question.assistant: is missing")
                .contains("for example: question.assistant")
                .contains(notices.file("de").toString());
    }

    @Test
    void datesThatHavePassedAreCautions() throws IOException {
        var notices =
                new EditedNotices(temp)
                        .with("de", "review", "2026-11-01")
                        .replaceIn(
                                "profiles/de-2026-08.yaml",
                                "review: 2027-08-01",
                                "review: 2026-11-26");
        assertThat(notices.cautions())
                .anyMatch(c ->
                        c.contains("review: this text should have been read again by 2026-11-01"))
                .anyMatch(c ->
                        c.contains(
                                "de-2026-08 tells the law of 2026-08-02, which should have been"
                                        + " looked at again by 2026-11-26"));
    }

    @Test
    void aProfileSaysWithinWhatTimeRequestsAreAnsweredAndItsTextsSaySo() throws IOException {
        String profile = "profiles/de-2026-08.yaml";
        var notices =
                new EditedNotices(temp).with("de", "privacy-access", "Ein Mensch antwortet bald.");
        assertThat(notices.wrong())
                .anyMatch(problem ->
                        problem.contains("does not say within what time a person answers"));
        assertThat(notices.replaceIn(profile, "answer-within: P1M", "answer-within: bald").wrong())
                .anyMatch(problem -> problem.contains("\"bald\" is no time of days"));
        assertThat(notices.replaceIn(profile, "answer-within: bald", "answer-within: P0D").wrong())
                .anyMatch(problem -> problem.contains("\"P0D\" is no time of days"));
        assertThat(notices.replaceIn(profile, "answer-within: P0D", "").wrong())
                .anyMatch(problem -> problem.contains("answer-within: is missing"));
    }

    @Test
    void theUnitedStatesAskForAProvider() throws IOException {
        var notices =
                new EditedNotices(
                                temp,
                                "common/en.yaml",
                                "profiles/us-all-party.yaml",
                                "us/en/2026-11.yaml")
                        .replaceIn(
                                "us/en/2026-11.yaml",
                                "this is our provider's AI,",
                                "this is an AI,");
        assertThat(notices.wrong())
                .anyMatch(problem ->
                        problem.contains(
                                "does not say that a provider runs the AI (Cal. Penal Code"));
    }

    @Test
    void aProfileWithoutWordsForALanguageIsRefused() throws IOException {
        assertThat(new EditedNotices(temp).with("de", "profile", "us-all-party").wrong())
                .anyMatch(problem ->
                        problem.contains("us-all-party has no de words for: that an AI"));
    }
}
