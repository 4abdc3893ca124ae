package org.consentgateway.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an experiment compares is there, is spoken as long as it runs, and is fair on both sides.
 */
class ComparedTextsTest {
    private static final LocalDate START = LocalDate.of(2026, 12, 1);

    @TempDir Path temp;

    private EditedNotices notices() throws Exception {
        return new EditedNotices(temp)
                .spokenFor(
                        new NoticeUse(
                                List.of(),
                                true,
                                EditedNotices.TODAY,
                                DataUse.UNTOLD,
                                List.of(
                                        new NoticeUse.Compared(
                                                "shorter",
                                                "demo",
                                                "de",
                                                "2026-11",
                                                List.of("a", "b"),
                                                new NoticeUse.Days(START, START.plusDays(27))))));
    }

    private static void variant(EditedNotices notices, String name, String... changes)
            throws Exception {
        Path spoken = notices.file("de");
        String text = Files.readString(spoken);
        for (int i = 0; i < changes.length; i += 2) {
            assertThat(text).contains(changes[i]);
            text = text.replace(changes[i], changes[i + 1]);
        }
        Files.writeString(spoken.resolveSibling(name), text);
    }

    @Test
    void aVariantThatIsNotThereIsNamedWithWhereItBelongs() throws Exception {
        assertThat(notices().wrong())
                .anyMatch(each ->
                        each.contains("demo/de/2026-11.b.yaml")
                                && each.contains("experiment shorter compares its variant b"));
    }

    @Test
    void aVariantWithoutWeightIsRightBesideOneThatIsSpoken() throws Exception {
        EditedNotices notices = notices();
        variant(notices, "2026-11.b.yaml", "variant: a", "variant: b", "weight: 1", "weight: 0");

        assertThat(notices.wrong()).isEmpty();
        notices.replace("de", "weight: 1", "weight: 0");
        assertThat(notices.wrong())
                .anyMatch(each ->
                        each.contains("weight: no variant would be spoken where no experiment"));
    }

    @Test
    void aVariantWhoseNoIsHarderIsNotTried() throws Exception {
        EditedNotices notices = notices();
        variant(
                notices,
                "2026-11.b.yaml",
                "variant: a",
                "variant: b",
                "Ja oder Nein?",
                "Sagen Sie Ja, oder drücken Sie nach dem Ton die Taste zwei.");

        assertThat(notices.wrong()).anyMatch(each -> each.contains("2026-11.b.yaml"));
    }

    @Test
    void aTextThatIsReplacedMeanwhileCannotBeCompared() throws Exception {
        EditedNotices notices = notices();
        variant(notices, "2026-11.b.yaml", "variant: a", "variant: b", "weight: 1", "weight: 0");
        variant(
                notices,
                "2026-12.yaml",
                "version: 2026-11",
                "version: 2026-12",
                "valid-from: 2026-11-01",
                "valid-from: 2026-12-15");

        assertThat(notices.wrong())
                .anyMatch(each ->
                        each.contains(
                                "is spoken from 2026-12-15 on in the place of what"
                                        + " experiment shorter compares until 2026-12-28"));
    }
}
