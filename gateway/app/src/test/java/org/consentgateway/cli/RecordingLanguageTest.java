package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.LanguageVerdict;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.speech.vosk.SpokenLanguage;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Test;

/**
 * All shipped recordings, each for its own text and for the texts of the same part in the other
 * languages. A part of them in each run, since all of them take minutes; all with -Dnightly.
 */
@Nightly("10 s of sound that is listened to; what it finds comes with a new language or model")
class RecordingLanguageTest {
    private static final Path CONFIG =
            Path.of(System.getProperty("project.root")).resolve("config");

    /** One recording of so many is looked at. */
    private static final int STEP = System.getProperty("nightly") == null ? 12 : 1;

    private final PromptLibrary library =
            PromptLibrary.open(
                    new VoiceSettings(
                            CONFIG.resolve("prompts"),
                            CONFIG.resolve("none"),
                            false,
                            ShippedLanguages.ALL));

    private List<NoticeReport.Row> rows() {
        var voice =
                new VoiceSettings(
                        CONFIG.resolve("prompts"),
                        CONFIG.resolve("none"),
                        false,
                        ShippedLanguages.ALL);
        var texts = new LinkedHashMap<String, NoticeReport.Row>();
        NoticeReport.of(
                        new TextSources(
                                CONFIG.resolve("notices"),
                                voice,
                                NoticeUse.none(LocalDate.of(2026, 11, 27))),
                        library)
                .rows()
                .forEach(row -> texts.putIfAbsent(row.language() + row.text(), row));
        return List.copyOf(texts.values());
    }

    private static String spoken(NoticeReport.Row row) {
        return ShippedLanguages.ALL.spoken(row.language(), row.text());
    }

    @Test
    void noShippedRecordingIsRefusedForItsOwnTextAndNearlyEachForThatOfAnotherLanguage()
            throws IOException {
        List<NoticeReport.Row> rows = rows();
        var texts = new TreeMap<String, List<String>>();
        rows.forEach(row ->
                texts.computeIfAbsent(row.language(), l -> new ArrayList<>()).add(spoken(row)));
        int fits = 0;
        int unclear = 0;
        Map<String, int[]> crossed = new TreeMap<>();
        try (var hearing =
                SpokenLanguage.open(
                        CONFIG.resolve("models").resolve(SpokenLanguage.FOLDER), texts)) {
            for (int i = 0; i < rows.size(); i += STEP) {
                NoticeReport.Row row = rows.get(i);
                short[] sound = library.clip(row.language(), row.text()).linear();
                LanguageVerdict own =
                        hearing.judge(
                                row.language(),
                                List.of(new SpokenLanguage.Recording(spoken(row), sound)));
                assertThat(own)
                        .as(row.notice() + " " + row.part() + ": " + row.text())
                        .isNotInstanceOf(LanguageVerdict.Other.class);
                if (own instanceof LanguageVerdict.TooLittle) {
                    unclear++;
                    continue;
                }
                fits++;
                for (NoticeReport.Row other : rows) {
                    if (other.part().equals(row.part())
                            && other.notice().startsWith("demo/")
                            && !other.language().equals(row.language())) {
                        var as = new SpokenLanguage.Recording(spoken(other), sound);
                        boolean missed =
                                !(hearing.judge(other.language(), List.of(as))
                                        instanceof LanguageVerdict.Other);
                        int[] count =
                                crossed.computeIfAbsent(
                                        row.language() + " as " + other.language(),
                                        each -> new int[2]);
                        count[0]++;
                        count[1] += missed ? 1 : 0;
                    }
                }
            }
        }
        System.out.printf("own text: %d fit, %d too little heard%n", fits, unclear);
        crossed.forEach((pair, count) ->
                System.out.printf("%s: %d, of which %d missed%n", pair, count[0], count[1]));
        assertThat(fits).isGreaterThan(5);
        assertThat(crossed.values().stream().mapToInt(count -> count[1]).sum())
                .isLessThanOrEqualTo(
                        crossed.values().stream().mapToInt(count -> count[0]).sum() / 5);
    }
}
