package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import org.consentgateway.cli.NoticesCommand;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.VoiceSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What becomes of consents when the text they were given to is replaced. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class NewTextTest {
    private static final String NUMBER = "+491750000001";

    @TempDir Path folder;

    @Test
    void aNewTextIsAskedForAgainWhereItChangedMateriallyAndTheReasonIsSaid() throws Exception {
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            agrees(calls(gateway));

            newVersion(gateway, "2026-12");
            gateway.restart();
            TestCaller second = agreesAgain(calls(gateway));
            assertThat(second.heard()).noneMatch(part -> part.startsWith("question"));
            second.hangsUp();

            newVersion(gateway, "2026-13", "--material");
            gateway.restart();
            TestCaller third = calls(gateway).hears("opening").hears("what-changed");
            agrees(third);

            agreesAgain(calls(gateway)).hangsUp();
            gateway.tells(
                    NUMBER,
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
                            gateway.entries(NUMBER).stream()
                                    .filter(e -> e.type() == EntryType.GIVEN)
                                    .map(NewTextTest::version))
                    .containsExactly(ShortPrompts.VERSION, "2026-13");
        }
    }

    private static void agrees(TestCaller caller) {
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
        return TestCaller.calls(gateway, TestGateway.REMEMBER, NUMBER).talks();
    }

    /** By the command an editor uses; in force since yesterday. */
    private void newVersion(TestGateway gateway, String version, String... more)
            throws IOException {
        StringWriter said = new StringWriter();
        ShortPrompts prompts = gateway.prompts();
        CommandLine command =
                NoticesCommand.with(() ->
                        new TextSources(
                                prompts.notices(),
                                new VoiceSettings(
                                        prompts.prompts(), folder.resolve("cache"), false),
                                NoticeUse.none(LocalDate.EPOCH)));
        command.setOut(new PrintWriter(said, true));
        command.setErr(new PrintWriter(said, true));
        String[] words = new String[5 + more.length];
        String yesterday = LocalDate.now(ZoneId.of("Europe/Berlin")).minusDays(1).toString();
        System.arraycopy(
                new String[] {"new-version", "demo", version, "--valid-from", yesterday},
                0,
                words,
                0,
                5);
        System.arraycopy(more, 0, words, 5, more.length);
        assertThat(command.execute(words)).as(said.toString()).isZero();
        prompts.signOff(version);
    }
}
