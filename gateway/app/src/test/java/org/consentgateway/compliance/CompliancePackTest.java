package org.consentgateway.compliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.config.SettingsInForce;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.settings.Cautions;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.speech.voice.PromptLibrary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped documents: filled from the configuration, and nothing beside it. */
class CompliancePackTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));
    private static final Path TEMPLATES = PROJECT.resolve("config/compliance");
    private static final Path REFERENCE = PROJECT.resolve("config/gateway.yaml");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 28);

    /** The shipped ones. */
    private static NoticeLibrary texts;

    @TempDir private Path directory;

    @BeforeAll
    static void loadTexts() throws Exception {
        var settings = new PartSettings(GatewayConfig.load(REFERENCE, PROJECT));
        texts =
                NoticeLibrary.load(
                        settings.texts(DAY.atStartOfDay(ZoneOffset.UTC)),
                        PromptLibrary.open(settings.voice()));
    }

    /** The shipped configuration, with changes of its text that each have to fit once. */
    private PackSubject subject(String... changes) throws Exception {
        String text = Files.readString(REFERENCE);
        for (int i = 0; i < changes.length; i += 2) {
            assertThat(text.split(Pattern.quote(changes[i]), -1)).as(changes[i]).hasSize(2);
            text = text.replace(changes[i], changes[i + 1]);
        }
        Path file = Files.writeString(directory.resolve("gateway.yaml"), text);
        GatewayConfig config = GatewayConfig.load(file, PROJECT);
        List<String> cautions =
                Stream.concat(Cautions.of(config).stream(), Cautions.untold(config).stream())
                        .toList();
        return new PackSubject(
                config,
                NoticeReport.spoken(
                        texts,
                        new PartSettings(config).noticeUse(DAY.atStartOfDay(ZoneOffset.UTC))),
                cautions,
                DAY);
    }

    private static String document(PackSubject subject, String language, String name)
            throws IOException {
        return new CompliancePack(TEMPLATES)
                .of(subject, language).stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .markdown();
    }

    private static String all(PackSubject subject, String language) throws IOException {
        return new CompliancePack(TEMPLATES)
                .of(subject, language).stream()
                        .map(PackDocument::markdown)
                        .collect(Collectors.joining("\n"));
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String template(String language, String name) throws IOException {
        return Files.readString(TEMPLATES.resolve(language).resolve(name + ".md"));
    }

    @Test
    void bothLanguagesSayTheSameOfTheSameValues() throws Exception {
        for (String name : PackDocument.NAMES) {
            String de = template("de", name);
            String en = template("en", name);
            for (String same : List.of("\\{\\{.*?}}", "^#+ ", "^- ", "^\\|", "☐", "`[^`]+`")) {
                assertThat(found(same, de)).as(name + " " + same).isEqualTo(found(same, en));
            }
        }
    }

    @Test
    void eachDocumentSaysWhatCounselHasToDecide() throws Exception {
        for (String language : CompliancePack.LANGUAGES) {
            for (PackDocument each : new CompliancePack(TEMPLATES).of(subject(), language)) {
                assertThat(found("☐", each.markdown())).as(each.name()).hasSizeGreaterThan(2);
                assertThat(each.markdown()).doesNotContain("{{", "}}").contains("2026");
                assertThat(each.html())
                        .startsWith("<!DOCTYPE html>\n<html lang=\"" + language + "\">")
                        .contains("<h1>", "@page")
                        .doesNotContain("<script", "src=", "\n| ", "|---");
            }
        }
    }

    @Test
    void everySettingThatIsNamedExists() throws Exception {
        Set<String> keys =
                SettingsInForce.of(REFERENCE, GatewayConfig.class, GatewayConfig.VALUES, REFERENCE)
                        .stream()
                        .map(one -> one.key().replaceAll("\\[\\d+]", "[]"))
                        .collect(Collectors.toSet());
        for (String name : PackDocument.NAMES) {
            for (String named : found("(?<=`)[a-z][a-z.\\[\\]-]*(?=`)", template("de", name))) {
                assertThat(keys)
                        .as(name + " names " + named)
                        .anyMatch(key ->
                                key.equals(named)
                                        || key.startsWith(named + ".")
                                        || key.startsWith(named + "["));
            }
        }
        for (PackDocument each : new CompliancePack(TEMPLATES).of(subject(), "en")) {
            assertThat(keys).containsAll(each.missing());
        }
    }

    @Test
    void timesAreThoseInForce() throws Exception {
        PackSubject changed =
                subject(
                        "  served: P30D", "  served: P11D",
                        "  unanswered: P30D", "  unanswered: P12D",
                        "  refused: P30D", "  refused: P13D",
                        "  events: P3Y", "  events: P4Y",
                        "  call-backs: P14D", "  call-backs: P15D",
                        "  complaints: P6M", "  complaints: P1Y2M3D",
                        "    retention: P3Y", "    retention: P7Y");
        String concept = document(changed, "de", "deletion-concept");

        assertThat(concept)
                .contains("| 11 Tage | `retention.served` |")
                .contains("| 12 Tage | `retention.unanswered` |")
                .contains("| 13 Tage | `retention.refused` |")
                .contains("| 4 Jahre, nie kürzer als die Einwilligung selbst |")
                .contains("| 15 Tage | `retention.call-backs` |")
                .contains("| 1 Jahr, 2 Monate, 3 Tage | `retention.complaints` |")
                .contains("ein Anliegen bestätigt wird (verschlüsselt) | 3 Tage | fest |")
                .contains("| Anliegen nach Art. 15 und 17 und ihre Antworten | 4 Jahre | fest ")
                .contains("| basis | Zuhören durch die KI | nur dieses Gespräch | 7 Jahre | ja |");
        assertThat(document(changed, "en", "privacy-notice"))
                .contains("13 days after a no and 12 days after silence");
        assertThat(document(subject(), "de", "deletion-concept"))
                .contains("| 30 Tage | `retention.refused` |")
                .doesNotContain("13 Tage");
    }

    @Test
    void noProtectionIsClaimedThatIsNotSet() throws Exception {
        assertThat(document(subject(), "en", "measures"))
                .contains("**No independent witness**", "**no TLS for SIP**", "Console: switched")
                .contains("| trunk local | not encrypted |", "API): off")
                .doesNotContain("cosigns", "every look at a person");
        String set =
                document(
                        subject(
                                "enabled: false # nobody is asked",
                                "enabled: true # asked",
                                "  origin: #",
                                "  origin: consent.test.org #",
                                "    srtp: off # off, optional (RTP/SAVP",
                                "    srtp: required # off, optional (RTP/SAVP",
                                "  listen: # such as 127.0.0.1:8083",
                                "  listen: 127.0.0.1:8083 #"),
                        "en",
                        "measures");
        assertThat(set)
                .contains("Witness auditor (https://witness.example/) cosigns")
                .contains("| trunk local | SRTP, else no call |")
                .contains("signed out after 15 minutes")
                .doesNotContain("No independent witness", "Console: switched off");
        assertThat(document(subject(), "en", "checklists"))
                .contains("Advertising is no purpose", "Recording is asked for in each call");
        assertThat(
                        document(
                                subject("levels: [basis, komfort, voll]", "levels: [basis]"),
                                "en",
                                "checklists"))
                .contains("Recording is no purpose of this configuration")
                .doesNotContain("Recording is asked for");
    }

    @Test
    void theKeyToSetIsNamedForWhatIsMissing() throws Exception {
        assertThat(all(subject(), "de"))
                .contains(
                        "⚠ Fehlt in der Konfiguration, bitte setzen:"
                                + " compliance.data-protection-officer");
        PackSubject told =
                subject(
                        "  authority: #", "  authority: LfD, Musterplatz 1 #",
                        "  represented-by: #", "  represented-by: Erika Beispiel #",
                        "  data-protection-officer: #", "  data-protection-officer: Max, m@a.de #",
                        "  hosting: #", "  hosting: own #");
        for (String language : CompliancePack.LANGUAGES) {
            assertThat(new CompliancePack(TEMPLATES).of(told, language))
                    .allSatisfy(each -> assertThat(each.missing()).as(each.name()).isEmpty());
            assertThat(all(told, language))
                    .contains("LfD, Musterplatz 1", "Erika Beispiel", "Max, m@a.de")
                    .doesNotContain("⚠ Fehlt", "⚠ Missing");
        }
    }

    @Test
    void aThirdCountryIsToldWhereverRecipientsAre() throws Exception {
        PackSubject abroad =
                subject("country: DE # where they process it", "country: US # where they");

        for (String name :
                List.of("dpia", "record-of-processing", "processor-agreement", "privacy-notice")) {
            assertThat(document(abroad, "en", name)).as(name).contains("United States (US)");
            assertThat(document(subject(), "en", name)).as(name).doesNotContain("(US)");
        }
        assertThat(document(abroad, "en", "processor-agreement")).contains("**third country: ");
        assertThat(document(abroad, "en", "record-of-processing")).contains("safeguard under");
        assertThat(document(abroad, "en", "dpia")).doesNotContain("no recipient outside");
        assertThat(document(subject(), "en", "dpia")).contains("no recipient outside the EEA");
    }

    @Test
    void whatStandsInTheConfigurationStaysText() throws Exception {
        PackSubject hostile =
                subject(
                        "name: Firma Beispiel # (no",
                        "name: \"A | B <script>alert(1)</script> [x](javascript:y) **z**\" # (no");

        PackDocument one = new CompliancePack(TEMPLATES).of(hostile, "en").getFirst();

        assertThat(one.html())
                .contains("A | B &lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:y) **z**")
                .doesNotContain("<script", "<a href=\"javascript");
    }

    @Test
    void aTemplateThatAsksForWhatIsNotKnownIsNamed() throws Exception {
        Path own = directory.resolve("own");
        Files.createDirectories(own.resolve("de"));
        for (String name : PackDocument.NAMES) {
            Files.writeString(own.resolve("de/" + name + ".md"), "# T\n");
        }
        PackSubject subject = subject();
        assertThat(new CompliancePack(own).of(subject, "de")).hasSize(PackDocument.NAMES.size());

        Files.writeString(own.resolve("de/measures.md"), "# T\n\n{{compny}}\n");
        assertThatThrownBy(() -> new CompliancePack(own).of(subject, "de"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("measures.md")
                .hasMessageContaining("compny");
        assertThatThrownBy(() -> new CompliancePack(own).of(subject, "en"))
                .hasMessageContaining("compliance.directory");
    }

    /** Read it when it changes: it is what a company hands to its authority. */
    @Test
    void theDeletionConceptOfTheExampleIsThis() throws Exception {
        for (String language : CompliancePack.LANGUAGES) {
            Path golden =
                    PROJECT.resolve(
                            "gateway/app/src/test/resources/org/consentgateway/compliance/"
                                    + "deletion-concept_%s.md".formatted(language));
            assertThat(document(subject(), language, "deletion-concept"))
                    .isEqualTo(Files.readString(golden));
        }
    }
}
