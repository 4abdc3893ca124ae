package org.consentgateway.settings.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentSettingsTest {
    private static final String RIGHT =
            "{name: shorter, line: service, language: de, version: 2026-11, start: 2026-12-01, end:"
                    + " 2027-01-31}";

    private static final Path NOTICES =
            Path.of(System.getProperty("project.root")).resolve("config/notices");

    @TempDir private Path home;

    private GatewayConfig load(String experiments) throws Exception {
        Path file = home.resolve("gateway.yaml");
        Files.writeString(
                file,
                "notices: {directory: \""
                        + NOTICES
                        + "\"}\n"
                        + """
                        trunks:
                          - {name: carrier, sources: [203.0.113.0/24]}
                        assistants:
                          - {name: assistant, uri: "sip:assistant@192.0.2.7"}
                        humans:
                          - {name: team, uri: "sip:team@192.0.2.8"}
                        levels:
                          - {id: basis, purposes: [assistant]}
                        lines:
                          - {name: service, numbers: ["+4930123456"], notice: demo, levels: [basis], assistant: assistant, humans: [team]}
                          - {name: privacy, numbers: ["+4930123457"], notice: demo, dialog: privacy, humans: [team]}
                        experiments:
                        """
                        + experiments);
        return GatewayConfig.load(file, home);
    }

    @Test
    void anExperimentIsReadWithItsDefaults() throws Exception {
        var read = new PartSettings(load("  - " + RIGHT + "\n")).experiments().getFirst();

        assertThat(read.text().notice()).isEqualTo("demo");
        assertThat(read.spoken() + read.tried()).isEqualTo("ab");
        assertThat(read.share()).isEqualTo(0.5);
        assertThat(read.terms().callers()).isEqualTo(5000);
        assertThat(read.terms().minimum()).isEqualTo(100);
        assertThat(read.runs(read.terms().end())).isTrue();
        assertThat(read.runs(read.terms().end().plusDays(1))).isFalse();
    }

    @ParameterizedTest(name = "{0} in place of {1}: {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    line: service       | line: privacy     | experiments[0].line names no line that asks for consent: "privacy"
                    language: de        | language: fr      | experiments[0].language is not spoken on line service
                    end: 2027-01-31     | end: 2026-12-01   | experiments[0].end must be after start
                    end: 2027-01-31     | end: 2028-01-31   | experiments[0].end is more than a year after start
                    start: 2026-12-01   | start: soon       | experiments[0].start must be a day such as 2026-12-01, not "soon"
                    version: 2026-11    | version: v, tried: a | experiments[0].tried must be another variant than spoken
                    version: 2026-11    | version: v, minimum: 20 | experiments[0].minimum must be at least 100
                    """)
    void whatIsWrongIsSaid(String right, String wrong, String told) {
        assertThatThrownBy(() -> load("  - " + RIGHT.replace(right, wrong) + "\n"))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessageContaining(told);
    }

    @Test
    void nobodyIsInTwoExperimentsWithOneText() throws Exception {
        String later = RIGHT.replace("shorter", "longer");

        assertThatThrownBy(() -> load("  - " + RIGHT + "\n  - " + later + "\n"))
                .hasMessageContaining(
                        "experiments[1].start runs on the same line and language as shorter, which"
                                + " ends on 2027-01-31")
                .hasMessageContaining("start: 2027-02-01");
        assertThat(
                        load("  - "
                                        + RIGHT
                                        + "\n  - "
                                        + later.replace("2026-12-01", "2027-02-01")
                                                .replace("2027-01-31", "2027-03-01")
                                        + "\n")
                                .experiments())
                .hasSize(2);
    }
}
