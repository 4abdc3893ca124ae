package org.consentgateway.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No line may ask for what its notice has no words for. */
class LinesAndTextsTest {
    @TempDir Path temp;

    @Test
    void whatIsAskedInWordsMayBeConfigured() throws IOException {
        assertThat(wrong("ladder", level("basis", "call", "assistant"))).isEmpty();
        assertThat(wrong("ladder", level("voll", "call", "assistant", "transcript", "recording")))
                .isEmpty();
        assertThat(wrong("menu", level("komfort", "call", "assistant", "transcript"))).isEmpty();
        assertThat(wrong("ladder", level("merken", "P12M", "assistant"))).isEmpty();
    }

    /**
     * Found in the product before: it went into records and signed receipts, and nobody was asked.
     */
    @Test
    void purposesWithoutWordsAreRefused() throws IOException {
        assertThat(
                        wrong(
                                "ladder",
                                level(
                                        "basis",
                                        "call",
                                        "assistant",
                                        "marketing",
                                        "voice-biometrics")))
                .anyMatch(p ->
                        p.contains(
                                "line service can agree to marketing in level basis, and no words"
                                        + " ask for it (for example: marketing: the words of"
                                        + " question.marketing)"))
                .anyMatch(p -> p.contains("line service can agree to voice-biometrics"));
        assertThat(wrong("menu", level("basis", "call", "assistant", "learning")))
                .anyMatch(p ->
                        p.contains(
                                "can agree to learning in level basis, and the menu does not say"
                                        + " its words"));
    }

    @Test
    void aLevelWithoutWordsIsRefused() throws IOException {
        assertThat(wrong("ladder", level("gold", "call", "assistant")))
                .anyMatch(p -> p.contains("line service offers gold, which has no words"));
    }

    /** Found in the product before: a year, of which nobody had spoken. */
    @Test
    void nobodyIsRememberedForLongerThanTheWordsSay() throws IOException {
        assertThat(wrong("ladder", level("basis", "P12M", "assistant")))
                .anyMatch(p ->
                        p.contains("level basis of line service holds for P12M, and no words ask"));
        assertThat(wrong("ladder", level("merken", "P24M", "assistant")))
                .anyMatch(p ->
                        p.contains(
                                "the words \"ein Jahr lang\" are for P12M, but level merken of line"
                                        + " service holds for P24M"));
        assertThat(wrong("ladder", level("merken", "P12M", "assistant", "transcript")))
                .anyMatch(p ->
                        p.contains(
                                "texts.known.merken: takes up a consent to transcript and does not"
                                        + " say its words"));
        assertThat(wrong("ladder", level("merken", "P12M", "assistant", "recording"))).isEmpty();
    }

    @Test
    void advertisingIsNeverChosenTogetherWithSomethingElse() throws IOException {
        var notices = with("menu", level("voll", "call", "assistant", "marketing"));
        notices.replace("de", "  learning: aus der", "  marketing: zuhören\n  learning: aus der");
        assertThat(notices.wrong())
                .anyMatch(p -> p.contains("offers marketing together with others"));
    }

    @Test
    void biometricsNeedAnExplicitText() throws IOException {
        String questions =
                Stream.of("question", "question-keys", "new-purpose")
                        .map(part ->
                                "  "
                                        + part
                                        + ".biometrics: Dürfen wir Sie an der Stimme erkennen?\n")
                        .reduce("texts:\n", String::concat);
        var notices =
                new EditedNotices(temp)
                        .replace(
                                "de",
                                "  learning: aus der",
                                "  biometrics: an der Stimme erkennen\n  learning: aus der")
                        .replace("de", "texts:\n", questions);
        assertThat(notices.wrong())
                .anyMatch(p ->
                        p.contains(
                                "article-9: is missing: biometrics need the words of an explicit"));

        notices.replace("de", "sign-off:", "article-9: erlauben Sie ausdrücklich\n\nsign-off:");
        assertThat(notices.wrong())
                .noneMatch(p -> p.contains("article-9: is missing"))
                .anyMatch(p ->
                        p.contains("question.biometrics: does not ask in the words of article-9"));
    }

    /** Found in the product before: the example company answered real calls. */
    @Test
    void nothingOfTheExampleCompanyIsSpokenOutsideTheDemonstration() throws Exception {
        NoticeUse live =
                new NoticeUse(
                        List.of(speaking("ladder", level("basis", "call", "assistant"))),
                        false,
                        EditedNotices.TODAY,
                        DataUse.UNTOLD);
        var notices = new EditedNotices(temp).spokenAt(330).spokenFor(live);
        assertThat(notices.wrong())
                .anyMatch(p ->
                        p.contains(
                                "controller.name: is still that of the shipped example:"
                                        + " \"Musterfirma\""))
                .anyMatch(
                        p -> p.contains("controller.contact: is still that of the shipped example"))
                .anyMatch(p -> p.contains("sign-off.who: is the sign-off of the shipped example"))
                .anyMatch(p ->
                        p.contains("texts.opening: speaks of the example company: \"Musterfirma\""))
                .anyMatch(p -> p.contains("texts.information: speaks of the example company"))
                .allMatch(p -> p.contains("demo/de/"));
        assertThatThrownBy(notices::load).isInstanceOf(BadNoticesException.class);

        notices.replace(
                        "de",
                        "Musterfirma, Musterweg 1, 12345 Musterstadt,"
                                + " datenschutz@musterfirma.example",
                        "Deich 1, Kiel")
                .replace("de", "Firma Beispiel", "Firma Fjord")
                .replace("de", "Musterweg", "Deich")
                .replace("de", "Musterstadt", "Kiel")
                .replace("de", "Musterfirma", "Nordwind")
                .with("de", "who", "Ada Holm");
        assertThat(notices.wrong()).isEmpty();
        assertThatCode(notices::load).doesNotThrowAnyException();

        notices.with("de", "when", "2126-11-24");
        assertThat(notices.wrong())
                .anyMatch(p ->
                        p.contains("sign-off.when: \"2126-11-24\" is no day on which this text"));
        notices.with("de", "who", "");
        assertThat(notices.wrong())
                .anyMatch(p -> p.contains("sign-off.who: nobody has signed this text off"));
    }

    /** Found in the product before: what a file said of its words was believed. */
    @Test
    void wordsThatSayAnotherDurationAreRefused() throws Exception {
        var notices = new EditedNotices(temp).spokenAt(330);
        notices.replace("de", "  duration: P12M", "  duration: P24M");
        assertThat(notices.wrong())
                .anyMatch(p ->
                        p.contains("remember.words: \"ein Jahr lang\" does not say P24M")
                                && p.contains("words: zwei Jahre"));
        notices.replace("de", "  duration: P24M", "  duration: P5Y");
        assertThat(notices.wrong())
                .anyMatch(p ->
                        p.contains("does not say P5Y") && p.contains("rules.durations in common"));
    }

    /** The law asks more of these two than of others. */
    @Test
    void advertisingAndBiometricsCannotBeHadUnderAnotherName() throws Exception {
        assertThat(wrong("ladder", level("basis", "call", "assistant", "voice-biometrics")))
                .anyMatch(p -> p.contains("calls biometrics \"voice-biometrics\""));
        assertThat(wrong("ladder", level("basis", "call", "assistant", "telemarketing")))
                .anyMatch(p -> p.contains("calls marketing \"telemarketing\""));
        var notices =
                new EditedNotices(temp.resolve("words"))
                        .spokenAt(330)
                        .with(
                                "de",
                                "question.learning",
                                "Dürfen wir aus der Aufnahme lernen, zum Beispiel für Werbung? Ja"
                                        + " oder Nein?");
        assertThat(notices.wrong())
                .anyMatch(p ->
                        p.contains(
                                "question.learning: asks for marketing under the name of"
                                        + " learning"));
    }

    /** Art. 9(2)(a) DSGVO: which words are explicit is not for the notice to say. */
    @Test
    void anExplicitConsentSaysThatItIsOne() throws Exception {
        String questions =
                Stream.of("question", "question-keys", "new-purpose")
                        .map(part ->
                                "  "
                                        + part
                                        + ".biometrics: Dürfen wir Sie an der Stimme erkennen, zum"
                                        + " Beispiel beim Gruß? Ja oder Nein?\n")
                        .reduce("texts:\n", String::concat);
        var notices =
                new EditedNotices(temp)
                        .replace(
                                "de",
                                "  learning: aus der",
                                "  biometrics: an der Stimme erkennen\n  learning: aus der")
                        .replace("de", "texts:\n", questions)
                        .replace("de", "sign-off:", "article-9: erkennen\n\nsign-off:");
        assertThat(notices.wrong())
                .anyMatch(p ->
                        p.contains(
                                "question.biometrics: does not say that the consent is explicit"
                                        + " (DSGVO Art. 9(2)(a))"));
    }

    /** Found in the product before: its calls failed until that day, and nobody was told. */
    @Test
    void aLineSpeaksNoLanguageBeforeItsFirstText() throws Exception {
        LocalDate today = EditedNotices.TODAY;
        EditedNotices notices = spokenOn(today);
        assertThat(notices.wrong()).isEmpty();

        notices.with("de", "valid-from", today.plusDays(1).toString());
        assertThat(notices.wrong())
                .anyMatch(p ->
                        p.contains(
                                "valid-from: line service speaks de, and has no text in it before"
                                        + " 2026-11-28 (for example: valid-from: 2026-11-27, or"
                                        + " earlier)"));
        assertThatThrownBy(notices::load).isInstanceOf(BadNoticesException.class);

        notices.with("de", "valid-from", today.toString());
        assertThat(notices.wrong()).as("in force").isEmpty();
        notices.spokenFor(use(today.minusDays(1)));
        assertThat(notices.wrong())
                .as("where it is yesterday still")
                .anyMatch(p -> p.contains("has no text in it before 2026-11-27"));
    }

    private EditedNotices spokenOn(LocalDate day) throws IOException {
        return new EditedNotices(temp).spokenAt(330).spokenFor(use(day));
    }

    private static NoticeUse use(LocalDate thereIs) {
        var line =
                new NoticeUse.Speaking(
                        "service",
                        new NoticeUse.LineTexts("demo", List.of("de"), thereIs),
                        "ladder",
                        List.of(),
                        false);
        return new NoticeUse(List.of(line), true, EditedNotices.TODAY, DataUse.UNTOLD);
    }

    private List<String> wrong(String dialog, Level level) throws IOException {
        return with(dialog, level).wrong();
    }

    private EditedNotices with(String dialog, Level level) throws IOException {
        return new EditedNotices(temp.resolve(dialog + level.hashCode()))
                .spokenAt(330)
                .spokenFor(
                        new NoticeUse(
                                List.of(speaking(dialog, level)),
                                true,
                                EditedNotices.TODAY,
                                DataUse.UNTOLD));
    }

    private static NoticeUse.Speaking speaking(String dialog, Level level) {
        return new NoticeUse.Speaking(
                "service",
                new NoticeUse.LineTexts("demo", List.of("de"), EditedNotices.TODAY),
                dialog,
                List.of(level),
                false);
    }

    private static Level level(String id, String validity, String... purposes) {
        return Level.of(
                id,
                Stream.of(purposes).map(Purpose::new).toList(),
                ValidityPeriod.parse(validity),
                Period.ofYears(3),
                true);
    }
}
