package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.consentgateway.cli.NoticesCommand;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.ledger.SubjectExport;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.media.codec.G711;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What was said to callers is kept, and a known text is not replaced by another one. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class KnownTextTest {
    private static final Path ANSWERS = ShortPrompts.PROJECT.resolve("config/languages/answers");

    private static final String NUMBER = "+491750000071";
    private static final String ASKED_AGAIN = "+491750000001";
    private static final String GOODBYE = "  goodbye: ";

    @TempDir Path folder;

    @Story
    void aRecordLeadsToTheWordsAndTheSoundThatWereSpoken() throws Exception {
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            agrees(gateway);

            Entry served = gateway.entries(NUMBER).getFirst();
            String hash = TestGateway.payload(served).at("/notice/text_sha256").asText();
            NoticeWords words = gateway.archive().words(hash).orElseThrow();
            assertThat(words.parts().get("opening")).contains("this is an AI");
            KnownNotice known = gateway.archive().notices().getFirst();
            assertThat(known.textSha256()).isEqualTo(hash);
            assertThat(known.audioSha256())
                    .isEqualTo(TestGateway.payload(served).at("/notice/audio_sha256").asText());
            AudioClip opening = Objects.requireNonNull(gateway.prompts().clips().get("opening"));
            assertThat(gateway.archive().sounds(known).get("opening"))
                    .isEqualTo(opening.octets(G711.PCMA));
        }
    }

    @Story
    void aTextThatWasEditedInPlaceDoesNotStartUntilItIsANewVersion() throws Exception {
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            Path file = gateway.prompts().notices().resolve("common/en.yaml");
            String before = line(file, GOODBYE);
            record(gateway, "Bye.");
            edit(file, GOODBYE + before, GOODBYE + "Bye.");

            assertThatThrownBy(gateway::restart)
                    .isInstanceOf(BadNoticesException.class)
                    .hasMessageContaining("common/en.yaml:")
                    .hasMessageContaining("texts.goodbye: version 2026-11 was spoken since")
                    .hasMessageContaining(before)
                    .hasMessageContaining(
                            "scripts/gateway notices new-version demo "
                                    + LocalDate.now(ZoneOffset.UTC)
                                    + " --valid-from "
                                    + LocalDate.now(ZoneOffset.UTC));

            newVersion(gateway, "2026-12");
            gateway.restart();
            assertThat(gateway.archive().notices())
                    .extracting(known -> known.key().version())
                    .contains("2026-11", "2026-12");
        }
    }

    @Story
    void aCompanyRenamedInPlaceDoesNotStartAndRenamedInANewVersionAsksEverybodyAgain()
            throws Exception {
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            agrees(gateway);
            Path file = gateway.prompts().notices().resolve("demo/en/2026-11.yaml");
            String original = Files.readString(file);
            edit(file, "Northwind", "Other Company");
            for (String one : Files.readAllLines(file)) {
                if (one.startsWith("  ") && one.contains("Other Company")) {
                    record(gateway, one.substring(one.indexOf(": ") + 2));
                }
            }

            assertThatThrownBy(gateway::restart)
                    .hasMessageContaining("texts.opening: version 2026-11 was spoken since")
                    .hasMessageContaining("demo/en/2026-11.yaml:1: controller: version 2026-11")
                    .hasMessageContaining("when this was \"Northwind\"");

            // Not called material by its file: a new controller always is.
            newVersion(gateway, "2026-12");
            Files.writeString(file, original);
            gateway.restart();
            TestCaller.calls(gateway, TestGateway.ONE_LEVEL, NUMBER)
                    .talks()
                    .hears("question-keys.assistant")
                    .hangsUp();
        }
    }

    /** What the configuration says of the data is in record, receipts and answers alike. */
    @Story
    void theReceiptOfACallTellsWhoGetsTheDataAndANewRecipientIsANewVersion() throws Exception {
        try (TestGateway gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL,
                        yaml -> processing("AI Service") + yaml)) {
            agrees(gateway);
            Entry given =
                    gateway.entries(NUMBER).stream()
                            .filter(entry -> entry.type() == EntryType.GIVEN)
                            .findFirst()
                            .orElseThrow();
            ObjectNode record = TestGateway.payload(given);
            assertThat(record.at("/processing/0/recipients/0/name").asText())
                    .isEqualTo("AI Service");
            assertThat(record.path("control").toString())
                    .isEqualTo(
                            "{\"keys\":\"*9\",\"phrase\":false,\"privacy_lines\":[\""
                                    + TestGateway.PRIVACY
                                    + "\"]}");
            await().until(() -> Files.exists(gateway.data().resolve("checkpoints")));
            Receipt receipt = gateway.archive().receipt(given.id());
            assertThat(receipt.dpv().toString())
                    .contains("receipt-eu-gdpr", "AI Service", "loc:DE");
            JsonNode process = receipt.dpv().at("/dpv:hasRecordOfActivity/dpv:hasProcess/0");
            assertThat(process.path("dpv:hasPurpose").toString()).contains("May it listen");
            assertThat(process.path("dpv:hasConsentControl").toString())
                    .contains("by the keys *9", "tel:" + TestGateway.PRIVACY)
                    .doesNotContain("words of withdrawal");
            SubjectExport export =
                    SubjectExport.of(
                            gateway.archive().reader(),
                            gateway.archive().pseudonyms().subject(NUMBER),
                            Instant.now());
            assertThat(export.newest(100).html(ANSWERS))
                    .contains("recipients: AI Service, Zurich (processor, DE)");

            edit(gateway.configuration(), "AI Service", "Other Service");
            assertThatThrownBy(gateway::restart)
                    .isInstanceOf(BadNoticesException.class)
                    .hasMessageContaining("recipients: version 2026-11 was spoken since")
                    .hasMessageContaining("when processing.recipients of the configuration were")
                    .hasMessageContaining("AI Service (processor, DE)");
        }
    }

    private static String processing(String recipient) {
        return """
        processing:
          purposes:
            - {purpose: assistant, data: [voice, phone-number]}
          recipients:
            - {name: %s, spoken: {en: Fjord Ltd}, address: Zurich, country: DE, purposes: [assistant]}
        """
                .formatted(recipient);
    }

    private static void agrees(TestGateway gateway) throws Exception {
        TestCaller.calls(gateway, TestGateway.ONE_LEVEL, NUMBER)
                .talks()
                .hears("question-keys.assistant")
                .presses("1")
                .hears("assistant")
                .hangsUp();
    }

    private static String line(Path file, String key) throws Exception {
        return Files.readString(file)
                .lines()
                .filter(one -> one.startsWith(key))
                .findFirst()
                .orElseThrow()
                .substring(key.length());
    }

    private static void edit(Path file, String before, String after) throws Exception {
        String text = Files.readString(file);
        assertThat(text).contains(before);
        Files.writeString(file, text.replace(before, after));
    }

    private void record(TestGateway gateway, String text) throws Exception {
        PromptLibrary.open(
                        new VoiceSettings(
                                gateway.prompts().prompts(),
                                folder.resolve("cache"),
                                false,
                                ShippedLanguages.ALL))
                .adopt(
                        "en",
                        text,
                        new Wav(ShortPrompts.melody(text, 300), PcmFrame.SAMPLE_RATE),
                        "a test",
                        "none");
    }

    /** By the command that the message shows; in force since yesterday. */
    @Story
    void aNewTextIsAskedForAgainWhereItChangedMateriallyAndTheReasonIsSaid() throws Exception {
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            remembers(calls(gateway));

            newVersion(gateway, "2026-12");
            gateway.restart();
            TestCaller second = agreesAgain(calls(gateway));
            assertThat(second.heard()).noneMatch(part -> part.startsWith("question"));
            second.hangsUp();

            newVersion(gateway, "2026-13", "--material");
            gateway.restart();
            TestCaller third = calls(gateway).hears("opening").hears("what-changed");
            remembers(third);

            agreesAgain(calls(gateway)).hangsUp();
            gateway.tells(
                    ASKED_AGAIN,
                    "Served opening",
                    "Given merken",
                    "AssistantOpened",
                    "AssistantCut CALLER_HUNG_UP",
                    "Served opening-known",
                    "Reaffirmed merken",
                    "AssistantOpened",
                    "AssistantCut CALLER_HUNG_UP",
                    "Served opening",
                    "Given merken",
                    "AssistantOpened",
                    "AssistantCut CALLER_HUNG_UP",
                    "Served opening-known",
                    "Reaffirmed merken",
                    "AssistantOpened",
                    "AssistantCut CALLER_HUNG_UP");
            assertThat(
                            gateway.entries(ASKED_AGAIN).stream()
                                    .filter(e -> e.type() == EntryType.GIVEN)
                                    .map(KnownTextTest::version))
                    .containsExactly(ShortPrompts.VERSION, "2026-13");
        }
    }

    private static void remembers(TestCaller caller) {
        caller.hears("question-keys.assistant").presses("1");
        caller.hears("remember-keys").presses("1").hears("assistant").hangsUp();
    }

    private static TestCaller agreesAgain(TestCaller caller) {
        caller.hears("opening-known").hears("known-keys.merken").presses("1");
        return caller.hears("assistant");
    }

    private static String version(Entry given) {
        return TestGateway.payload(given).at("/notice/version").asText();
    }

    private static TestCaller calls(TestGateway gateway) throws Exception {
        return TestCaller.calls(gateway, TestGateway.REMEMBER, ASKED_AGAIN).talks();
    }

    /** By the command an editor uses; in force since yesterday. */
    private void newVersion(TestGateway gateway, String version, String... more)
            throws IOException {
        StringWriter said = new StringWriter();
        CommandLine command =
                NoticesCommand.with(() ->
                        new TextSources(
                                gateway.prompts().notices(),
                                new VoiceSettings(
                                        gateway.prompts().prompts(),
                                        folder.resolve("cache"),
                                        false,
                                        ShippedLanguages.ALL),
                                NoticeUse.none(LocalDate.EPOCH)));
        command.setErr(new PrintWriter(said, true));
        String yesterday = LocalDate.now(ZoneId.of("Europe/Berlin")).minusDays(1).toString();
        List<String> words = new ArrayList<>();
        words.addAll(List.of("new-version", "demo", version, "--valid-from", yesterday));
        words.addAll(List.of(more));
        assertThat(command.execute(words.toArray(String[]::new))).as(said.toString()).isZero();
        gateway.prompts().signOff(version);
    }
}
