package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.request.Task;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.CallerAudio;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.RttStream;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.Sipp;
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
    private static final long REACTION_MILLIS = 200;

    private static final short[] VOICE = Tones.sine(Caller.VOICE_HERTZ, 20_000, 6000);

    /** Its assistant and human read and type; those of the other lines do not. */
    private static final String TEXTED = "+4930123470";

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, RealTimeTextTest::withReaders);

    /** The assistant has no text, nor has the first of its humans. */
    private static final String TWO_HUMANS = "+4930123471";

    /** Text to its assistant over SRTP alone. */
    private static final String SEALED = "+4930123472";

    private static final String NOBODY = "+4930123473";

    private static String withReaders(String yaml) {
        return yaml.replaceAll(
                                "(?m)^(  - \\{name: )(assistant|human)(, uri:"
                                        + " \"sip:)(?:assistant|human)(@.*)$",
                                "$1$2$3$2$4\n$1$2-texted$3" + Callee.TEXTED + "$4")
                        .replaceAll(
                                "(?m)^(  - \\{name: assistant)-texted(.*srtp: )off(.*)$",
                                "$0\n$1-sealed$2required$3")
                        .replace(
                                "identity: [p-asserted-identity], srtp: off",
                                "identity: [p-asserted-identity], srtp: optional")
                + line("texted", TEXTED, "assistant-texted", "human-texted")
                + line("two-humans", TWO_HUMANS, "assistant", "human, human-texted")
                + line("sealed", SEALED, "assistant-sealed", "human-texted")
                + line("nobody", NOBODY, "assistant", "").with("call-back", true);
    }

    private static AddedLine line(String name, String number, String assistant, String humans) {
        return AddedLine.to(assistant, number)
                .named(name)
                .levels("basis, komfort")
                .with("humans", "[" + humans + "]")
                .with("first-input", "10s")
                .with("further-questions", 0)
                .with("call-back", false);
    }

    /** Somebody who reads and types. */
    private record Reader(Caller caller, RttStream text) implements AutoCloseable {
        Reader(Caller caller) {
            this(caller, caller.text());
        }

        Reader reads(String part) throws IOException {
            return readsWords(part(part));
        }

        Reader readsWords(String wanted) {
            until(text, wanted);
            return this;
        }

        /** Of the assistant, or of the human. */
        Reader readsTheGreeting() {
            return readsWords("Guten Tag.");
        }

        Reader types(String line) {
            text.type(line + ENTER);
            return this;
        }

        /**
         * As late as a hand follows an eye: the packets of a key tell when it went down, which is
         * some frames ago, and a yes from before the question is none.
         */
        Reader presses(char key) throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(REACTION_MILLIS);
            caller.presses(key);
            return this;
        }

        @Override
        public void close() throws IOException {
            caller.close();
        }
    }

    private static Reader calls(String line, String number, boolean speaksToo) throws Exception {
        return new Reader(gateway.caller(line, number).withText(speaksToo).calls());
    }

    private static void until(RttStream text, String wanted) {
        await("reading " + wanted)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(text.read()).contains(wanted));
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

    @Story
    void aWholeCallWithoutAudioFromTheInviteToTheAssistant() throws Exception {
        String number = "+491710007001";
        try (Reader reader = calls(TEXTED, number, false)) {
            reader.reads("opening")
                    .reads("question.assistant")
                    .types("yes")
                    .reads("confirm.basis")
                    .readsTheGreeting();
            AnsweredCall assistant = gateway.assistantOf(number);
            assertThat(assistant.invite()).contains("m=text ").doesNotContain("m=audio");
            reader.text().type("Ich möchte einen Termin.");
            until(assistant.text(), "Ich möchte einen Termin.");
            assertThat(assistant.text().read())
                    .as("nothing of before the grant")
                    .isEqualTo("Ich möchte einen Termin.");
            assistant.text().type("Gern, wann?");
            reader.readsWords("Gern, wann?");
            reader.caller().hangsUp();
        }
        gateway.tellsOfTalk(number, "basis");
        JsonNode decision = evidence(number, "Given");
        assertThat(decision.toString()).contains("\"method\":\"TEXT\"").contains("\"yes\"");
    }

    @Story
    void whoCannotReadIsNoTargetForSomebodyWithoutAudio() throws Exception {
        String number = "+491710007002";
        try (Reader reader = calls(TestGateway.ONE_LEVEL, number, false)) {
            reader.reads("question.assistant")
                    .types("1")
                    .reads("assistant-unreachable")
                    .reads("goodbye");
            SipMessage bye = reader.caller().receives("BYE");
            reader.caller().answers(bye, "200 OK");
        }
        assertThat(evidence(number, "Given").toString()).contains("\"key\":\"1\"");
        assertThat(gateway.assistant().calls("From", number)).isEmpty();
    }

    @Story
    void aNoIsServedByAPersonWhoReads() throws Exception {
        String number = "+491710007003";
        try (Reader reader = calls(TEXTED, number, false)) {
            reader.text().type("n");
            reader.reads("opening");
            reader.text().type("o");
            reader.readsTheGreeting();
            reader.caller().hangsUp();
        }
        assertThat(gateway.human().calls("From", number)).hasSize(1);
        assertThat(evidence(number, "Refused").toString()).contains("\"method\":\"TEXT\"");
    }

    @Story
    void aYesAndThenANoIsNoConsent() throws Exception {
        String number = "+491710007004";
        try (Reader reader = calls(TEXTED, number, false)) {
            reader.reads("question.assistant").types("yes");
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            reader.types("no").readsTheGreeting();
            reader.caller().hangsUp();
        }
        gateway.tells(number, "Served opening", "Refused");
        assertThat(gateway.assistant().calls("From", number)).isEmpty();
    }

    /** The line had ended by its pause, and is taken back while it rests. */
    @Story
    void aYesThatIsBeingTakenBackIsNoConsent() throws Exception {
        String number = "+491710007016";
        try (Reader reader = calls(TEXTED, number, false)) {
            reader.reads("question.assistant").text().type("yes");
            await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
            reader.text().type("\b\b\b");
            await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
            reader.types("no").readsTheGreeting();
            reader.caller().hangsUp();
        }
        gateway.tells(number, "Served opening", "Refused");
        assertThat(gateway.assistant().calls("From", number)).isEmpty();
    }

    @Story
    void typedAndHeardTogether() throws Exception {
        String number = "+491710007005";
        try (Reader reader = calls(TEXTED, number, true)) {
            reader.reads("question.assistant").types("yes").readsTheGreeting();
            reader.caller().voice().say(VOICE);
            AnsweredCall assistant = gateway.assistantOf(number);
            assertThat(assistant.invite()).contains("m=audio ", "m=text ");
            TestWait.until(assistant::heardTheCaller);
            reader.types("Hallo");
            until(assistant.text(), "Hallo");
            reader.text().type("*9");
            reader.reads("withdrawn");
            TestWait.until(assistant::over);
            assertThat(assistant.text().read()).doesNotContain("9");
            reader.caller().hangsUp();
        }
        gateway.tellsOfWithdrawal(number, "basis", "TEXT", "BYE");
    }

    /** What holds then is said again, whatever there was to end. */
    @Story
    void theKeysThatEndOnePurposeAreTyped() throws Exception {
        String number = "+491710007017";
        try (Reader reader = calls(TEXTED, number, false)) {
            reader.reads("question.assistant").types("yes").readsTheGreeting();
            String confirmed = part("confirm.basis");
            reader.types("* 8");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        String read = reader.text().read();
                        return read.indexOf(confirmed) != read.lastIndexOf(confirmed);
                    });
            reader.caller().hangsUp();
        }
    }

    @Story
    void aCallerWithSoundAndTextIsJoinedToAnAssistantWithSoundAlone() throws Exception {
        String number = "+491710007006";
        try (Reader reader = calls(TestGateway.ONE_LEVEL, number, true)) {
            reader.reads("question.assistant").presses('1').reads("confirm-keys.basis");
            reader.caller().voice().say(VOICE);
            TestWait.until(() -> gateway.assistantOf(number).heardTheCaller());
            reader.text().type("liest das jemand?");
            reader.caller().hangsUp();
        }
        assertThat(evidence(number, "Given").toString()).contains("\"method\":\"KEY\"");
    }

    @Story
    void whoHasNoMicrophoneIsServedByTextBesideTheSound() throws Exception {
        String number = "+491710007008";
        try (Caller caller = gateway.caller(TEXTED, number).withText(true).callsOnly()) {
            caller.acknowledges();
            var reader = new Reader(caller);
            reader.reads("question.assistant")
                    .types("yes")
                    .reads("confirm.basis")
                    .readsTheGreeting();
            caller.hangsUp();
        }
        gateway.tellsOfTalk(number, "basis");
    }

    @Story
    void whoAnswersInTextIsJoinedToNoAssistantWithSoundAlone() throws Exception {
        String number = "+491710007009";
        try (Reader reader = calls(TestGateway.ONE_LEVEL, number, true)) {
            reader.reads("question.assistant").types("yes").reads("confirm.basis");
            TestWait.until(() -> !gateway.human().calls("From", number).isEmpty());
            AnsweredCall assistant = gateway.assistantOf(number);
            TestWait.until(assistant::over);
            assertThat(assistant.loudFrames()).as("of the caller").isZero();
            reader.caller().hangsUp();
        }
        gateway.tells(number, "Served opening", "Given basis");
    }

    @Story
    void whereTheAssistantHasNoTextAPersonWhoReadsIsFound() throws Exception {
        String number = "+491710007010";
        try (Reader reader = calls(TWO_HUMANS, number, false)) {
            reader.reads("question.assistant")
                    .types("yes")
                    .reads("assistant-unreachable")
                    .reads("to-human")
                    .readsTheGreeting();
            AnsweredCall human = gateway.human().calls("From", number).getFirst();
            reader.text().type("Ich brauche Hilfe.");
            until(human.text(), "Ich brauche Hilfe.");
            human.text().type("Gern.");
            reader.readsWords("Gern.");
            reader.caller().hangsUp();
        }
        gateway.tells(number, "Served opening", "Given basis");
        assertThat(gateway.human().calls("From", number)).hasSize(1);
    }

    @Story
    void aWholeCallByTextOverSrtpAtBothEnds() throws Exception {
        String number = "+491710007011";
        try (var reader =
                new Reader(gateway.caller(SEALED, number).secured().withText(false).calls())) {
            reader.reads("question.assistant").types("yes").readsTheGreeting();
            AnsweredCall assistant = gateway.assistantOf(number);
            assertThat(assistant.invite()).contains("RTP/SAVP 100 98", "a=crypto:");
            reader.types("Ich möchte einen Termin.");
            until(assistant.text(), "Ich möchte einen Termin.");
            assistant.text().type("Gern, wann?");
            reader.readsWords("Gern, wann?");
            reader.text().type("*9");
            reader.reads("withdrawn");
            TestWait.until(assistant::over);
            reader.caller().hangsUp();
        }
        gateway.tellsOfWithdrawal(number, "basis", "TEXT", "BYE");
    }

    @Story
    void whoBeginsToReadInTheMiddleOfTheQuestionReadsItAndAnswers() throws Exception {
        String number = "+491710007012";
        try (Caller caller = gateway.caller(TEXTED, number).calls()) {
            gateway.tells(number, "Served opening");
            var reader = new Reader(caller, caller.addsText());
            reader.reads("question-keys.assistant").types("1").readsTheGreeting();
            assertThat(gateway.assistantOf(number).invite()).contains("m=audio ", "m=text ");
            caller.hangsUp();
        }
        assertThat(evidence(number, "Given").toString()).contains("\"method\":\"TEXT\"");
    }

    @Story
    void aNumberThatIsTypedIsCalledBack() throws Exception {
        String number = "+491710007013";
        try (Reader reader = calls(NOBODY, number, false)) {
            reader.reads("question.assistant")
                    .types("no")
                    .reads("call-back")
                    .types("2")
                    .reads("call-back-number")
                    .types("I have none")
                    .reads("call-back-wrong")
                    .types("+49 (0)30 / 123-4567")
                    .reads("call-back-right")
                    .types("yes")
                    .reads("call-back-noted");
        }
        assertThat(
                        NobodyThereTest.left(
                                gateway, Task.Kind.CALL_BACK, gateway.callIds(number).getFirst()))
                .isEqualTo(new PhoneNumber("+49301234567"));
    }

    @Story
    void sippAddsTextToItsCallAndTakesItAway() throws Exception {
        String number = "+491710007014";
        CallerAudio audio =
                new CallerAudio()
                        .says(Law.A.encode(VOICE), 2900)
                        .key('1')
                        .says(Law.A.encode(VOICE), 2000)
                        .key('1')
                        .says(Law.A.encode(VOICE), 5000);
        succeeds(
                new Sipp("adds-and-removes-text", gateway.sip())
                        .set("opening", 500)
                        .set("talk", 9000)
                        .saying(audio),
                number);
        gateway.tellsOfTalk(number, "basis");
        assertThat(gateway.assistantOf(number).invite()).contains("m=audio ", "m=text ");
    }

    @Story
    void sippCallsWithoutAudioAndIsAnsweredWithout() throws Exception {
        String number = "+491710007015";
        succeeds(new Sipp("text-without-audio", gateway.sip()).set("talk", 4000), number);
        gateway.tells(number, "Served opening", "Unanswered HANGUP_DURING_QUESTION");
    }

    private static void succeeds(Sipp sipp, String number) throws Exception {
        Sipp.Result result = sipp.calling(TEXTED).as(number).run();
        assertThat(result.succeeded()).as(result.errors()).isTrue();
    }

    @Story
    void lostPacketsCostNothingAndHostileOnesNeither() throws Exception {
        String number = "+491710007007";
        try (Reader reader = calls(TEXTED, number, false)) {
            reader.text().losing(packet -> packet % 3 == 1);
            reader.text().raw(RttStream.RED, new byte[] {(byte) 0xE2, 4, (byte) 0xB0});
            reader.text().raw(RttStream.RED, new byte[1900]);
            reader.text().raw(RttStream.T140, new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 27, '['});
            reader.text().raw(RttStream.T140, "a".repeat(1900).getBytes(StandardCharsets.UTF_8));
            reader.text()
                    .raw(
                            RttStream.T140,
                            "\u202Esey\n".repeat(200).getBytes(StandardCharsets.UTF_8));
            reader.text().raw(7, "yes\n".getBytes(StandardCharsets.UTF_8));
            reader.reads("question.assistant")
                    .types("yess\b")
                    .reads("confirm.basis")
                    .readsTheGreeting();
            reader.caller().hangsUp();
        }
        gateway.tellsOfTalk(number, "basis");
    }
}
