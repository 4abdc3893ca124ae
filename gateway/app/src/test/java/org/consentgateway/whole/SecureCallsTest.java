package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.PlacedCalls;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.Telephone;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers over TLS and SRTP, with a telephone program that is not ours at both ends: its keys and
 * its packets have to fit.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class SecureCallsTest {
    private static final Path WORDS = ShortPrompts.PROJECT.resolve("config/prompts/demo/say");

    /** A word in which the machine stood still so long may not be understood. */
    private static final Duration STALL = Duration.ofMillis(50);

    private static final AtomicLong SPEAKERS = new AtomicLong(491740000600L);

    private static final double AGENT_HERTZ = 1700;

    @TempDir static Path folder;
    private static TestGateway gateway;
    private static Softphone assistant;

    @BeforeAll
    static void start() throws Exception {
        assistant =
                Softphone.start(
                        folder.resolve("assistant"),
                        "<sip:assistant@127.0.0.1>;regint=0;answermode=auto;mediaenc=srtp-mand",
                        Tone.sine(AGENT_HERTZ, 30_000, 6000),
                        RtpPorts.PHONES + 100,
                        "");
        gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL
                                .withSpeech()
                                .withSrtp("required")
                                .withTls(Certificates.in(folder))
                                .withAssistant("sip:assistant@127.0.0.1:" + assistant.sipPort()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        assistant.close();
    }

    private static Softphone calls(String number, short[] says) throws IOException {
        Softphone phone =
                Softphone.start(
                        folder.resolve(number),
                        "<sip:" + number + "@127.0.0.1;transport=tls>;regint=0;mediaenc=srtp-mand",
                        says,
                        RtpPorts.PHONES + 200,
                        gateway.tlsUri(TestGateway.ONE_LEVEL));
        PlacedCalls.note(number, phone.callId());
        return phone;
    }

    private static short[] after(int millis, short[] sound, int gapMillis, short[] next) {
        short[] all = new short[8 * (millis + gapMillis) + sound.length + next.length];
        System.arraycopy(sound, 0, all, 8 * millis, sound.length);
        System.arraycopy(next, 0, all, 8 * (millis + gapMillis) + sound.length, next.length);
        return all;
    }

    /** The share of a tone in the loudest second. */
    private static double tone(short[] sound, double hertz) {
        double best = 0;
        for (int at = 0; at + 8000 <= sound.length; at += 1600) {
            best = Math.max(best, Tone.share(sound, at, 8000, hertz));
        }
        return best;
    }

    private static void talkedAndHungUp(Softphone caller, String number) throws Exception {
        try {
            gateway.tells(number, "Served opening", "Given basis", "AssistantOpened");
        } catch (AssertionError e) {
            String counts =
                    gateway.http("/metrics")
                            .lines()
                            .filter(line -> line.startsWith("consent_rtp"))
                            .collect(Collectors.joining("\n"));
            throw new AssertionError(
                    caller.output() + "\n" + assistant.output() + "\n" + counts, e);
        }
        Thread.sleep(2500); // they talk
        short[] heard = caller.heard();
        gateway.tellsOfTalk(number, "basis");
        // Not before: a program that starts up beside the first call of all hears it a little late.
        assertThat(Tone.level(Arrays.copyOf(heard, 16_000))).as("the opening").isGreaterThan(700);
        assertThat(tone(heard, AGENT_HERTZ)).as("the assistant's voice").isGreaterThan(0.9);
    }

    @Test
    void aKeyPressedOverSrtpIsAConsent() throws Exception {
        String number = "+491740000201";
        try (Softphone caller = calls(number, Tone.sine(Caller.VOICE_HERTZ, 30_000, 50))) {
            gateway.tells(number, "Served opening");
            // Before the question it is no answer, and behind it nobody waits for another.
            for (int tries = 0; tries < 10 && !agreed(number); tries++) {
                Thread.sleep(500);
                caller.presses('1');
            }
            talkedAndHungUp(caller, number);
        }
        assertThat(method(number)).isEqualTo("KEY");
    }

    @Test
    void aWordSpokenOverSrtpIsAConsent() throws Exception {
        short[] agree = Wav.read(WORDS.resolve("en-i-agree.wav")).at(8000).samples();
        short[] says = after(3000, agree, 2000, Tone.sine(Caller.VOICE_HERTZ, 24_000, 6000));
        String number = Stalls.measured(STALL, () -> agreesSaying(says), done -> true);
        assertThat(method(number)).isEqualTo("SPEECH");
    }

    /** Somebody else each time. */
    private static String agreesSaying(short[] says) throws Exception {
        String number = "+" + SPEAKERS.incrementAndGet();
        try (Softphone caller = calls(number, says)) {
            talkedAndHungUp(caller, number);
        }
        return number;
    }

    private static boolean agreed(String number) throws Exception {
        return gateway.story(number).contains("Given basis");
    }

    private static String method(String number) throws Exception {
        return gateway.entries(number).stream()
                .filter(entry -> entry.type() == EntryType.GIVEN)
                .map(entry -> TestGateway.payload(entry).at("/decision/method").asText())
                .findFirst()
                .orElse("");
    }

    @Test
    void aPlainCallIsRefusedAndCounted() throws Exception {
        TestCaller caller =
                TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491740000203").isOver();
        assertThat(caller.outcome()).isEqualTo(new Telephone.Outcome.Refused(488));
        assertThat(gateway.http("/metrics"))
                .contains("consent_calls_rejected_total{reason=\"no_srtp\"}");
    }
}
