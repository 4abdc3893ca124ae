package org.consentgateway.bench.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.consentgateway.bench.load.LoopbackPorts;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.testkit.Certificates;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A load program whose gateway does not start measures nothing, and trains no cache. */
class GatewayProcessTest {
    private static final Path HOME = Path.of(System.getProperty("project.root"));

    @TempDir Path directory;

    @ParameterizedTest
    @CsvSource({"PT0.1S, true", ", false"})
    void aGatewayStartsWithItsConfigurationAndTexts(@Nullable Duration prompts, boolean speech)
            throws Exception {
        assertThat(mistakes(setup(speech, null, prompts))).isEmpty();
    }

    @Test
    void alsoWithALineOverTls() throws Exception {
        assertThat(mistakes(setup(false, Certificates.in(directory), null))).isEmpty();
    }

    private static GatewayProcess.Setup setup(
            boolean speech, @Nullable Certificates certificates, @Nullable Duration prompts) {
        return new GatewayProcess.Setup(
                3000, speech, LoopbackPorts.USUAL, certificates, prompts, 15_080);
    }

    private Iterable<?> mistakes(GatewayProcess.Setup setup) throws Exception {
        var settings =
                new PartSettings(
                        GatewayConfig.load(
                                GatewayProcess.configured(directory, HOME, setup), HOME));
        return NoticeReport.of(
                        settings.texts(ZonedDateTime.now(ZoneOffset.UTC)),
                        PromptLibrary.open(settings.voice()))
                .errors();
    }
}
