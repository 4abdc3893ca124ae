package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is spoken while nobody can tell what was spoken before. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class TextsWithoutStoreTest {
    @TempDir Path folder;

    private static boolean says(TestGateway gateway, String what) throws Exception {
        return gateway.http("/health/ready").contains(what);
    }

    private static double gauge(TestGateway gateway, String name) throws Exception {
        return gateway.http("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private void recordBye(TestGateway gateway) throws Exception {
        PromptLibrary.open(
                        new VoiceSettings(
                                gateway.prompts().prompts(),
                                folder.resolve("cache"),
                                false,
                                ShippedLanguages.ALL))
                .adopt(
                        "en",
                        "Bye.",
                        new Wav(ShortPrompts.melody("Bye.", 300), PcmFrame.SAMPLE_RATE),
                        "a test",
                        "none");
    }

    @Test
    void isRefusedAtAReloadAndToldAfterAStartUntilItIsRight() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start();
                Wire wire = new Wire(server.getPort());
                TestGateway gateway =
                        TestGateway.start(
                                folder,
                                TestGateway.Wishes.USUAL.withStore(
                                        "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres"
                                                .formatted(wire.port()),
                                        "2s"))) {
            await().atMost(TestCaller.PATIENCE).until(() -> gauge(gateway, "consent_ready") == 1);
            wire.cut();

            JsonNode same = gateway.reloadWith(TestGateway.LADDER, "+4930999");
            assertThat(same.path("refusal").asText()).as("needs no store").isEmpty();
            Path text = gateway.prompts().notices().resolve("common/en.yaml");
            String right = Files.readString(text);
            Files.writeString(text, right.replaceFirst("(?m)^  goodbye: .*$", "  goodbye: Bye."));
            recordBye(gateway);
            assertThat(gateway.reload().path("refusal").asText())
                    .contains("the store is not there", "nothing was changed");

            gateway.restart();
            assertThat(gauge(gateway, "consent_texts_changed")).as("nobody can tell").isZero();
            wire.mend();
            await().atMost(TestCaller.PATIENCE)
                    .until(() ->
                            says(
                                    gateway,
                                    "no consent is recorded to what was spoken otherwise before:"
                                            + " demo en 2026-11"));
            assertThat(gauge(gateway, "consent_texts_changed")).isEqualTo(1);
            await().atMost(TestCaller.PATIENCE)
                    .until(() -> gauge(gateway, "consent_store_up") == 1);
            assertThat(gauge(gateway, "consent_ready")).isZero();

            Files.writeString(text, right);
            assertThat(gateway.reload().path("refusal").asText()).isEmpty();
            assertThat(gauge(gateway, "consent_texts_changed")).isZero();
            await().atMost(TestCaller.PATIENCE).until(() -> gauge(gateway, "consent_ready") == 1);
        }
    }
}
