package org.consentgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.PromptLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The texts for other countries start on a line, with all else as it is shipped. */
class ShippedNoticesTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));

    private static final String LINES =
            """
            lines:
              - {name: usa, numbers: [usa], notice: us, languages: [en], levels: [basis, komfort, voll, merken], assistant: assistant, humans: [human]}
              - {name: france, numbers: [france], notice: fr, languages: [fr], levels: [basis, komfort, voll, merken], assistant: assistant, humans: [human]}
              - {name: turkey, numbers: [turkey], notice: tr, languages: [tr], levels: [basis, komfort, voll, merken], assistant: assistant, humans: [human]}
            """;

    @TempDir Path folder;

    private PartSettings settings(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), yaml);
        return new PartSettings(GatewayConfig.load(file, PROJECT));
    }

    /** Texts begin at midnight where the line is, and not where the machine is. */
    @Test
    void theDayOfALineIsThatOfItsZone() throws Exception {
        String usa =
                "lines:\n  - {name: usa, numbers: [usa], notice: us, languages: [en], levels:"
                        + " [basis], assistant: assistant, humans: [human], zone:"
                        + " America/New_York}\n";
        String shipped = Files.readString(PROJECT.resolve("config/gateway.yaml"));
        NoticeUse use =
                settings(shipped.replace("lines:\n", usa))
                        .noticeUse(ZonedDateTime.parse("2026-11-27T23:30:00Z"));

        assertThat(use.today()).isEqualTo("2026-11-27");
        assertThat(use.lines())
                .filteredOn(line -> line.name().equals("usa"))
                .extracting(line -> line.texts().today())
                .containsExactly(LocalDate.of(2026, 11, 27));
        assertThat(use.lines())
                .filteredOn(line -> !line.name().equals("usa"))
                .extracting(line -> line.texts().today())
                .as("Berlin")
                .containsOnly(LocalDate.of(2026, 11, 28));
    }

    @Test
    void eachCountrysTextIsRightWithTheShippedProcessing() throws Exception {
        String shipped = Files.readString(PROJECT.resolve("config/gateway.yaml"));
        TextSources texts =
                settings(shipped.replace("lines:\n", LINES))
                        .texts(LocalDate.of(2026, 11, 27).atStartOfDay(ZoneOffset.UTC));

        NoticeReport report = NoticeReport.of(texts, PromptLibrary.open(texts.voice()));

        assertThat(report.errors()).isEmpty();
        assertThat(report.rows())
                .extracting(NoticeReport.Row::notice)
                .contains("us/en/2026-11", "fr/fr/2026-11", "tr/tr/2026-11");
        assertThat(NoticeReport.answerTimes(texts))
                .as("KVKK gives 30 days, the others a month")
                .containsExactlyInAnyOrder(Period.ofMonths(1), Period.ofDays(30));
    }
}
