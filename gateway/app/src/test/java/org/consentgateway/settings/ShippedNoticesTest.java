package org.consentgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import org.consentgateway.notice.NoticeReport;
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

    @Test
    void eachCountrysTextIsRightWithTheShippedProcessing() throws Exception {
        String shipped = Files.readString(PROJECT.resolve("config/gateway.yaml"));
        Path file =
                Files.writeString(
                        folder.resolve("gateway.yaml"), shipped.replace("lines:\n", LINES));
        TextSources texts =
                new PartSettings(GatewayConfig.load(file, PROJECT))
                        .texts(LocalDate.of(2026, 11, 27));

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
