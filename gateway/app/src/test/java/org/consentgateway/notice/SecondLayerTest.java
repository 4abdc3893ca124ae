package org.consentgateway.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Map;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a caller is told behind key 4 is what the configuration does with the data. */
class SecondLayerTest {
    @TempDir Path temp;

    private static NoticeUse use(String country, Period kept, Period proof, String... messaged) {
        Level level =
                Level.of(
                        "komfort",
                        List.of(Purpose.ASSISTANT, Purpose.TRANSCRIPT),
                        ValidityPeriod.parse("call"),
                        proof,
                        true);
        return new NoticeUse(
                List.of(
                        new NoticeUse.Speaking(
                                "service",
                                new NoticeUse.LineTexts("demo", List.of("de"), EditedNotices.TODAY),
                                "ladder",
                                List.of(level),
                                false)),
                true,
                LocalDate.of(2026, 11, 27),
                new DataUse(
                        List.of(
                                new DataUse.Recipient(
                                        "Firma Beispiel", Map.of(), country, List.of("assistant"))),
                        Map.of("transcript", kept, "recording", Period.ofDays(7)),
                        List.of(messaged)));
    }

    private List<String> wrong(NoticeUse use) throws IOException {
        return new EditedNotices(temp.resolve("" + use.hashCode()))
                .spokenAt(330)
                .spokenFor(use)
                .wrong();
    }

    @Test
    void theShippedTextSaysWhatTheShippedConfigurationDoes() throws Exception {
        assertThat(wrong(use("DE", Period.ofDays(30), Period.ofYears(3)))).isEmpty();
    }

    @Test
    void aTextThatSaysAnotherCountryTimeOrRecipientIsRefusedWithTheOneThatWouldBeRight()
            throws Exception {
        assertThat(wrong(use("US", Period.ofDays(30), Period.ofYears(3))))
                .anyMatch(p ->
                        p.contains("texts.information: does not say where Firma Beispiel is:")
                                && p.contains("Vereinigte Staaten"))
                .anyMatch(p -> p.contains("Die KI läuft bei Firma Beispiel in Vereinigte Staaten"));
        assertThat(wrong(use("DE", Period.ofDays(45), Period.ofYears(3))))
                .anyMatch(p -> p.contains("how long what is made for transcript is kept: P45D"))
                .anyMatch(p -> p.contains("Mitschriften löschen wir nach 45 Tagen."));
        assertThat(wrong(use("DE", Period.ofDays(30), Period.ofYears(5))))
                .anyMatch(p -> p.contains("how long the proof is kept: P5Y"));
    }

    @Test
    void howOnePurposeIsEndedHasToBeSaidWhereThereIsMoreThanTheTalk() throws Exception {
        NoticeUse use = use("DE", Period.ofDays(30), Period.ofYears(3));
        var notices = new EditedNotices(temp.resolve("one")).spokenAt(330).spokenFor(use);
        notices.replace("de", "Stern acht beendet sie einzeln. ", "");

        assertThat(notices.wrong())
                .anyMatch(p ->
                        p.contains("does not say how one purpose is ended while the talk goes on")
                                && p.contains("Stern acht nimmt Ihr letztes Ja zurück."));

        Level talkOnly =
                Level.of(
                        "basis",
                        List.of(Purpose.ASSISTANT),
                        ValidityPeriod.parse("call"),
                        Period.ofYears(3),
                        true);
        var line =
                new NoticeUse.Speaking(
                        "l",
                        new NoticeUse.LineTexts("demo", List.of("de"), EditedNotices.TODAY),
                        "ladder",
                        List.of(talkOnly),
                        false);
        var talk =
                new EditedNotices(temp.resolve("talk"))
                        .spokenAt(330)
                        .spokenFor(new NoticeUse(List.of(line), true, use.today(), use.data()));
        talk.replace("de", "Stern acht beendet sie einzeln. ", "");
        assertThat(talk.wrong()).isEmpty();
    }

    @Test
    void whereANoticeHasNoTextOfItsOwnItIsMade() throws Exception {
        var notices =
                new EditedNotices(temp)
                        .spokenAt(330)
                        .spokenFor(use("DE", Period.ofMonths(18), Period.ofYears(1)));
        Path file = notices.file("de");
        Files.writeString(file, Files.readString(file).replaceAll("(?m)^  information: .*\n", ""));

        assertThat(
                        notices.report().rows().stream()
                                .filter(row -> row.part().equals("information"))
                                .findFirst()
                                .orElseThrow()
                                .text())
                .startsWith("Verantwortlich ist Musterfirma. Die KI läuft bei Firma Beispiel in")
                .contains("Mitschriften löschen wir nach einem Jahr 6 Monaten.")
                .contains("Stern acht nimmt Ihr letztes Ja zurück.")
                .contains("Ihr Ja heben wir ein Jahr auf.");
    }

    @Test
    void theAddressIsSpokenWhereNobodySendsIt() throws Exception {
        var notices = new EditedNotices(temp).spokenAt(330);
        notices.replace("de", "  country: DE ", "  web: musterfirma.example\n  country: DE ");

        assertThat(notices.spokenFor(use("DE", Period.ofDays(30), Period.ofYears(3))).wrong())
                .anyMatch(p -> p.contains("where to read it: musterfirma Punkt example"));
        assertThat(notices.spokenFor(use("DE", Period.ofDays(30), Period.ofYears(3), "de")).wrong())
                .isEmpty();
    }
}
