package org.consentgateway.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What documents call texts in force is what callers hear, and nothing else. */
class SpokenTextsTest {
    private static final LocalDate TODAY = EditedNotices.TODAY;

    @TempDir Path temp;

    private static void copy(EditedNotices notices, String name, String... changes)
            throws Exception {
        Path first = notices.file("de");
        String text = Files.readString(first);
        for (int i = 0; i < changes.length; i += 2) {
            assertThat(text).contains(changes[i]);
            text = text.replace(changes[i], changes[i + 1]);
        }
        Files.writeString(first.resolveSibling(name), text);
    }

    /** On a line that speaks German. */
    private static List<NoticeReport.Spoken> spoken(
            EditedNotices notices, LocalDate day, NoticeUse.Compared... compared) throws Exception {
        var line =
                new NoticeUse.Speaking(
                        "line",
                        new NoticeUse.LineTexts("demo", List.of("de"), day),
                        "ladder",
                        List.of(),
                        false);
        return NoticeReport.spoken(
                notices.load(),
                new NoticeUse(List.of(line), true, day, DataUse.UNTOLD, List.of(compared)));
    }

    private static List<String> names(List<NoticeReport.Spoken> spoken) {
        return spoken.stream().map(each -> each.text().name()).toList();
    }

    /** Found in the product before: with its company, its web address and its law. */
    @Test
    void aVariantOfAnOlderVersionIsNotInForceBesideTheNewOne() throws Exception {
        EditedNotices notices = new EditedNotices(temp);
        copy(notices, "2026-11.b.yaml", "variant: a", "variant: b");
        copy(
                notices,
                "2026-12.yaml",
                "version: 2026-11",
                "version: 2026-12",
                "valid-from: 2026-11-01",
                "valid-from: " + TODAY,
                "Musterweg 1",
                "Neuer Weg 2");

        assertThat(names(spoken(notices, TODAY.minusDays(1))))
                .containsExactly("demo/de/2026-11", "demo/de/2026-11.b");
        List<NoticeReport.Spoken> newest = spoken(notices, TODAY);
        assertThat(names(newest)).containsExactly("demo/de/2026-12");
        assertThat(newest.getFirst().controller().contact()).contains("Neuer Weg 2");
    }

    @Test
    void aVariantWithoutWeightIsInForceWhileAnExperimentRunsAndNoLonger() throws Exception {
        EditedNotices notices = new EditedNotices(temp);
        copy(notices, "2026-11.b.yaml", "variant: a", "variant: b", "weight: 1", "weight: 0");
        LocalDate end = TODAY.plusDays(27);
        var days = new NoticeUse.Days(TODAY, end);
        var compared =
                new NoticeUse.Compared("shorter", "demo", "de", "2026-11", List.of("a", "b"), days);

        assertThat(names(spoken(notices, TODAY))).containsExactly("demo/de/2026-11");
        assertThat(names(spoken(notices, TODAY.minusDays(1), compared)))
                .containsExactly("demo/de/2026-11");
        for (LocalDate day : List.of(TODAY, end)) {
            assertThat(names(spoken(notices, day, compared)))
                    .containsExactly("demo/de/2026-11", "demo/de/2026-11.b");
        }
        assertThat(names(spoken(notices, end.plusDays(1), compared)))
                .containsExactly("demo/de/2026-11");
    }
}
