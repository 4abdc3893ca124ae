package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.RttStream;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.Tones;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Calls by real-time text (RFC 4103), with a telephone of the testkit that shares nothing with the
 * gateway's own, alone and beside sound.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class RealTimeTextTest {
    private static final String ENTER = "\u2028";

    private static final short[] VOICE = Tones.sine(Caller.VOICE_HERTZ, 20_000, 6000);

    /** Its assistant and human read and type; those of the other lines do not. */
    private static final String TEXTED = "+4930123470";

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, RealTimeTextTest::withReaders);

    private static String withReaders(String yaml) {
        return yaml.replaceAll(
                        "(?m)^(  - \\{name: )(assistant|human)(, uri:"
                                + " \"sip:)(?:assistant|human)(@.*)$",
                        "$1$2$3$2$4\n$1$2-texted$3" + Callee.TEXTED + "$4")
                + """
                  - name: texted
                    numbers: ["%s"]
                    notice: demo
                    languages: [en]
                    levels: [basis, komfort]
                    first-input: 3s
                    further-questions: 0
                    assistant: assistant-texted
                    humans: [human-texted]
                """
                        .formatted(TEXTED);
    }

    private static Caller calls(String line, String number, boolean speaksToo) throws Exception {
        return gateway.caller(line, number).withText(speaksToo).calls();
    }

    private static void reads(RttStream text, String wanted) {
        await("reading " + wanted)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> text.read().contains(wanted));
    }

    private static String part(String part) throws IOException {
        return Objects.requireNonNull(
                ShortPrompts.texts(gateway.prompts().notices(), "en").get(part));
    }

    private static JsonNode evidence(String number, String type) throws Exception {
        Entry decided =
                gateway.entries(number).stream()
                        .filter(entry -> entry.type().text().equals(type))
                        .findFirst()
                        .orElseThrow();
        return TestGateway.payload(decided).at("/decision");
    }

    private static AnsweredCall assistantOf(String number) throws Exception {
        String call = gateway.callIds(number).getFirst();
        await().until(() -> !gateway.assistant().calls("X-Gateway-Call-Id", call).isEmpty());
        return gateway.assistant().calls("X-Gateway-Call-Id", call).getFirst();
    }

    @Story
    void aWholeCallWithoutAudioFromTheInviteToTheAssistant() throws Exception {
        String number = "+491710007001";
        try (Caller caller = calls(TEXTED, number, false)) {
            RttStream text = caller.text();
            reads(text, part("opening"));
            reads(text, part("question.assistant"));
            text.type("yes" + ENTER);
            reads(text, part("confirm.basis"));
            reads(text, "Guten Tag.");
            AnsweredCall assistant = assistantOf(number);
            assertThat(assistant.invite()).contains("m=text ").doesNotContain("m=audio");
            text.type("Ich möchte einen Termin.");
            reads(assistant.text(), "Ich möchte einen Termin.");
            assertThat(assistant.text().read())
                    .as("nothing of before the grant")
                    .isEqualTo("Ich möchte einen Termin.");
            assistant.text().type("Gern, wann?");
            reads(text, "Gern, wann?");
            caller.hangsUp();
        }
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut CALLER_HUNG_UP");
        JsonNode decision = evidence(number, "Given");
        assertThat(decision.toString()).contains("\"method\":\"TEXT\"").contains("\"yes\"");
    }

    @Story
    void whoCannotReadIsNoTargetForSomebodyWithoutAudio() throws Exception {
        String number = "+491710007002";
        try (Caller caller = calls(TestGateway.ONE_LEVEL, number, false)) {
            RttStream text = caller.text();
            reads(text, part("question.assistant"));
            text.type("1" + ENTER);
            reads(text, part("assistant-unreachable"));
            reads(text, part("goodbye"));
            SipMessage bye = caller.receives("BYE");
            caller.answers(bye, "200 OK");
        }
        assertThat(evidence(number, "Given").toString()).contains("\"key\":\"1\"");
        assertThat(gateway.assistant().calls("From", number)).isEmpty();
    }

    @Story
    void aNoIsServedByAPersonWhoReads() throws Exception {
        String number = "+491710007003";
        try (Caller caller = calls(TEXTED, number, false)) {
            RttStream text = caller.text();
            text.type("n");
            reads(text, part("opening"));
            text.type("o");
            reads(text, "Guten Tag.");
            caller.hangsUp();
        }
        assertThat(gateway.human().calls("From", number)).hasSize(1);
        assertThat(evidence(number, "Refused").toString()).contains("\"method\":\"TEXT\"");
    }

    @Story
    void aYesAndThenANoIsNoConsent() throws Exception {
        String number = "+491710007004";
        try (Caller caller = calls(TEXTED, number, false)) {
            RttStream text = caller.text();
            reads(text, part("question.assistant"));
            text.type("yes" + ENTER);
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            text.type("no" + ENTER);
            reads(text, "Guten Tag.");
            caller.hangsUp();
        }
        gateway.tells(number, "Served opening", "Refused");
        assertThat(gateway.assistant().calls("From", number)).isEmpty();
    }

    @Story
    void typedAndHeardTogether() throws Exception {
        String number = "+491710007005";
        try (Caller caller = calls(TEXTED, number, true)) {
            RttStream text = caller.text();
            reads(text, part("question.assistant"));
            text.type("yes" + ENTER);
            reads(text, "Guten Tag.");
            caller.voice().say(VOICE);
            AnsweredCall assistant = assistantOf(number);
            assertThat(assistant.invite()).contains("m=audio ", "m=text ");
            TestWait.until(assistant::heardTheCaller);
            text.type("Hallo" + ENTER);
            reads(assistant.text(), "Hallo");
            text.type("*9");
            reads(text, part("withdrawn"));
            TestWait.until(assistant::over);
            assertThat(assistant.text().read()).doesNotContain("9");
            caller.hangsUp();
        }
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "Withdrawn TEXT",
                "AssistantCut WITHDRAWN",
                "HolderNotified WITHDRAWN BYE");
    }

    @Story
    void aCallerWithSoundAndTextIsJoinedToAnAssistantWithSoundAlone() throws Exception {
        String number = "+491710007006";
        try (Caller caller = calls(TestGateway.ONE_LEVEL, number, true)) {
            reads(caller.text(), part("question.assistant"));
            caller.presses('1');
            caller.voice().say(VOICE);
            TestWait.until(() -> assistantOf(number).heardTheCaller());
            caller.text().type("liest das jemand?");
            caller.hangsUp();
        }
        assertThat(evidence(number, "Given").toString()).contains("\"method\":\"KEY\"");
    }

    @Story
    void whoHasNoMicrophoneIsServedByTextBesideTheSound() throws Exception {
        String number = "+491710007008";
        try (Caller caller = gateway.caller(TEXTED, number).withText(true).callsOnly()) {
            caller.acknowledges();
            RttStream text = caller.text();
            reads(text, part("question.assistant"));
            text.type("yes" + ENTER);
            reads(text, part("confirm.basis"));
            reads(text, "Guten Tag.");
            caller.hangsUp();
        }
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut CALLER_HUNG_UP");
    }

    @Story
    void lostPacketsCostNothingAndHostileOnesNeither() throws Exception {
        String number = "+491710007007";
        try (Caller caller = calls(TEXTED, number, false)) {
            RttStream text = caller.text();
            text.losing(packet -> packet % 3 == 1);
            text.raw(RttStream.RED, new byte[] {(byte) 0xE2, 4, (byte) 0xB0});
            text.raw(RttStream.RED, new byte[1900]);
            text.raw(RttStream.T140, new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 27, '['});
            text.raw(RttStream.T140, "a".repeat(1900).getBytes(StandardCharsets.UTF_8));
            text.raw(RttStream.T140, "\u202Esey\n".repeat(200).getBytes(StandardCharsets.UTF_8));
            text.raw(7, "yes\n".getBytes(StandardCharsets.UTF_8));
            reads(text, part("question.assistant"));
            text.type("yess\b" + ENTER);
            reads(text, part("confirm.basis"));
            reads(text, "Guten Tag.");
            caller.hangsUp();
        }
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut CALLER_HUNG_UP");
    }
}
