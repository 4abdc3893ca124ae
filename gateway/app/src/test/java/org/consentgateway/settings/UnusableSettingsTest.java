package org.consentgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.settings.certificate.CertificateEnd;
import org.consentgateway.settings.certificate.CertificateEnds;
import org.consentgateway.speech.SecondOpinion;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.testkit.Certificates;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would fail at the start, or in a call, or hold otherwise than it reads, is told before. */
class UnusableSettingsTest {
    @TempDir private Path home;

    @BeforeEach
    void texts() throws IOException {
        Path folder = Files.createDirectories(home.resolve("config/notices/demo/de"));
        Files.writeString(folder.resolve("2026-11.yaml"), "");
        Files.createDirectories(home.resolve("config/notices/demo/en"));
        Files.writeString(home.resolve("config/notices/demo/en/2026-11.yaml"), "");
    }

    private GatewayConfig load(String yaml) throws Exception {
        return GatewayConfig.load(
                Files.writeString(home.resolve("gateway.yaml"), GatewayConfigTest.SMALLEST + yaml),
                home);
    }

    private List<String> wrong(String yaml) throws IOException {
        WrongConfiguration wrong = catchThrowableOfType(WrongConfiguration.class, () -> load(yaml));
        return wrong == null
                ? List.of()
                : wrong.problems().stream().map(one -> one.key() + " " + one.wrong()).toList();
    }

    /** Else whoever hardens one language has a doubted yes count in the other. */
    @Test
    void aLanguageThatIsNotNamedKeepsItsSecondOpinion() throws Exception {
        assertThat(opinion("", "de")).isEqualTo(SecondOpinion.ASK);
        assertThat(opinion("", "en")).isEqualTo(SecondOpinion.REQUIRE);
        assertThat(opinion("speech: {verify: {de: require}}\n", "de"))
                .isEqualTo(SecondOpinion.REQUIRE);
        assertThat(opinion("speech: {verify: {de: require}}\n", "en"))
                .isEqualTo(SecondOpinion.REQUIRE);
        assertThat(opinion("speech: {verify: {en: off}}\n", "en")).isEqualTo(SecondOpinion.OFF);
    }

    private SecondOpinion opinion(String yaml, String language) throws Exception {
        return new SpeechSettings.VerifierSettings(home, load(yaml).speech().verify()).in(language);
    }

    @Test
    void aSecondOpinionOfNoLanguageIsTold() throws IOException {
        assertThat(wrong("speech: {verify: {dee: ask}}\n"))
                .containsExactly(
                        "speech.verify.dee is of no language that is listened to (speech.models)");
    }

    /** YAML takes what begins with an exclamation mark for a tag of nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"!Sommer2026", "!Sommer!2026", "&Sommer2026!", "\"\"", "\" \""})
    void anEmptyPasswordIsNone(String password) throws IOException {
        List<String> wrong =
                wrong(
                        "messages:\n  texts: {de: a}\n  url: \"https://a.example/b\"\n  token: "
                                + password
                                + "\n");

        assertThat(wrong)
                .isNotEmpty()
                .allMatch(told ->
                        told.matches("messages.token is empty, which is no password.*")
                                || told.matches(".*(put the value in quotes|undefined tag handle)"))
                .noneMatch(told -> told.contains("Sommer"));
    }

    @ParameterizedTest
    @CsvSource({
        "2027-02-29, false",
        "04-31, false",
        "02-30, false",
        "2028-02-29, true",
        "02-29, true"
    })
    void aHolidayIsADayOfACalendar(String day, boolean there) throws Exception {
        String yaml =
                GatewayConfigTest.SMALLEST.replace(
                        "@192.0.2.8", "@192.0.2.8\n    holidays: [\"" + day + "\"]");
        Path file = Files.writeString(home.resolve("gateway.yaml"), yaml);
        if (there) {
            assertThat(new PartSettings(GatewayConfig.load(file, home)).humans()).hasSize(1);
            return;
        }
        WrongConfiguration wrong =
                catchThrowableOfType(
                        WrongConfiguration.class, () -> GatewayConfig.load(file, home));
        assertThat(wrong.problems())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.key()).isEqualTo("humans[0].holidays[0]");
                    assertThat(one.wrong()).isEqualTo("is no day of a calendar: " + day);
                });
    }

    @Test
    void rootsThatCannotBeReadAreToldOfEachReceiver() throws IOException {
        assertThat(
                        wrong(
                                "webhooks: {endpoints: [{name: crm, url: \"https://crm.example/a\","
                                    + " secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=,"
                                    + " roots: [none.pem]}]}\n"))
                .singleElement()
                .asString()
                .startsWith("webhooks.endpoints[0].roots must be PEM files with certificates: ");
        assertThat(
                        wrong(
                                "reports: {mail: {host: a.example, from: a@b.example, roots:"
                                        + " [none.pem], password-file: none}}\n"))
                .anyMatch(told ->
                        told.startsWith("reports.mail.roots must be PEM files with certificates"))
                .anyMatch(told -> told.startsWith("reports.mail.password-file must be a file"))
                .hasSize(2);
    }

    @Test
    void aSecretStandsHereOrInItsFile() throws IOException {
        Files.writeString(home.resolve("token"), "other\n");

        assertThat(
                        wrong(
                                "messages: {texts: {de: a}, url: \"https://a.example/b\", token:"
                                        + " one, token-file: token}\n"))
                .containsExactly("messages.token is given twice; keep either token or token-file");
        assertThat(
                        wrong(
                                "reports: {mail: {host: a.example, from: a@b.example, password:"
                                        + " one, password-file: token}}\n"))
                .containsExactly(
                        "reports.mail.password is given twice; keep either password or"
                                + " password-file");
    }

    @ParameterizedTest
    @CsvSource({"P30D, false", "P31D, true", "P1M, true", "P14M, true"})
    void aNumberToBeCalledBackAtIsKeptForThirtyDays(String kept, boolean tooLong) throws Exception {
        List<String> wrong = wrong("retention: {call-backs: " + kept + "}\n");

        assertThat(wrong.stream().anyMatch(told -> told.startsWith("retention.call-backs must be")))
                .isEqualTo(tooLong);
    }

    /** Those of the sign-in as well, which counts only behind a restart. */
    @Test
    void theEndOfEachRootIsTold() throws Exception {
        String root = Certificates.in(home).root().toString();
        GatewayConfig config =
                load(
                        "console: {listen: 127.0.0.1:8083, url: \"https://c.example\", oidc:"
                                + " {roles: {a: dpo}, issuer: \"https://a.example\", client-id: a,"
                                + " client-secret: b, roots: [\""
                                + root
                                + "\"]}}\n");

        assertThat(CertificateEnds.of(config))
                .extracting(CertificateEnd::setting)
                .contains("console.oidc.roots");
    }
}
