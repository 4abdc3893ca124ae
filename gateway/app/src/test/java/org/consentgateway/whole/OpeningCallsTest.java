package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers do while the opening is spoken: a no counts at once, a yes does not. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class OpeningCallsTest {
    private static final Path WORDS = ShortPrompts.PROJECT.resolve("config/prompts/demo/say");
    private static final int PROMPT_MILLIS = 4000;

    /** Until the caller finds out what begins, the key is sent, and the opening stops. */
    private static final int STOPPED_MILLIS = 400;

    /** From the key, or the end of the word, to the INVITE (product: 3 s). */
    private static final Duration SERVED = Duration.ofSeconds(1);

    /** So long a pause of the machine shows in these times. */
    private static final Duration STALL = Duration.ofMillis(50);

    private static final AtomicLong NUMBERS = new AtomicLong(491760000100L);

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL.withSpeech().withPromptsOfAtLeast(PROMPT_MILLIS));

    private static TestCaller calls() throws Exception {
        return TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+" + NUMBERS.incrementAndGet());
    }

    /** From the beginning of the opening. */
    private static TestCaller after(int millis) throws Exception {
        TestCaller caller = calls().hearsBeginningOf("opening");
        Instant then = Instant.now().plusMillis(millis);
        await().pollInterval(Duration.ofMillis(5)).until(() -> Instant.now().isAfter(then));
        return caller;
    }

    private static Entry entry(String number, EntryType type) throws Exception {
        return gateway.entries(number).stream()
                .filter(entry -> entry.type() == type)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "2, 500", "2, 1000", "2, 3000", "0, 500"})
    @Execution(ExecutionMode.CONCURRENT)
    void aKeyStopsTheOpeningAndCallsAHuman(String key, int millis) throws Exception {
        Stopped stopped =
                Stalls.measured(
                        STALL,
                        () -> stops(key, millis),
                        it -> it.isInTime() && it.heardMillis < millis + STOPPED_MILLIS);
        assertThat(stopped.served).isLessThan(SERVED);
        assertThat(stopped.heardMillis).isLessThan(millis + STOPPED_MILLIS);
    }

    /**
     * @param served from the key, or the end of the word, to the INVITE
     * @param heardMillis of the opening; of no interest where a word stopped it
     */
    private record Stopped(Duration served, int heardMillis) {
        boolean isInTime() {
            return served.compareTo(SERVED) < 0;
        }
    }

    private static Stopped stops(String key, int millis) throws Exception {
        TestCaller caller = after(millis);
        Instant pressed = Instant.now();
        AnsweredCall human = refuses(caller.presses(key));
        caller.hears("human").hangsUp();
        JsonNode served = TestGateway.payload(entry(caller.number, EntryType.SERVED)).at("/served");
        assertThat(served.at("/interrupted_by").asText()).isEqualTo("barge-in");
        JsonNode refused =
                TestGateway.payload(entry(caller.number, EntryType.REFUSED))
                        .at("/decision/evidence/0");
        assertThat(refused.at("/part").asText()).isEqualTo("opening");
        assertThat(refused.at("/key").asText()).isEqualTo(key);
        return new Stopped(
                Duration.between(pressed, human.came()), served.at("/samples_sent").asInt() / 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 2500, 3700})
    @Execution(ExecutionMode.CONCURRENT)
    void aSpokenNoCallsAHuman(int millis) throws Exception {
        AudioClip no = Wav.read(WORDS.resolve("en-no.wav")).clip();
        Stopped stopped =
                Stalls.measured(
                        STALL,
                        () -> {
                            TestCaller caller = after(millis);
                            Instant began = Instant.now();
                            AnsweredCall human = refuses(caller.says(no));
                            caller.hears("human").hangsUp();
                            assertThat(caller.heard())
                                    .as("no question was spoken to its end")
                                    .doesNotContain("question.assistant");
                            return new Stopped(
                                    Duration.between(began.plusMillis(no.millis()), human.came()),
                                    0);
                        },
                        Stopped::isInTime);
        assertThat(stopped.served).isLessThan(SERVED);
    }

    private static AnsweredCall refuses(TestCaller caller) {
        await(caller.number)
                .atMost(TestCaller.PATIENCE)
                .until(() -> !gateway.human().calls("From", caller.number).isEmpty());
        return gateway.human().calls("From", caller.number).getFirst();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "word"})
    @Execution(ExecutionMode.CONCURRENT)
    void aYesDoesNothing(String way) throws Exception {
        TestCaller caller = after(1000);
        if (way.equals("key")) {
            caller.presses("1");
        } else {
            caller.says(Wav.read(WORDS.resolve("en-i-agree.wav")).clip());
        }
        caller.hears("opening").hears("question.assistant").hangsUp();
        gateway.tells(caller.number, "Served opening", "Unanswered HANGUP_DURING_QUESTION");
    }

    @Story
    void theInformationIsSpokenAndThenTheOpeningAgain() throws Exception {
        TestCaller caller = after(1000).presses("4");
        caller.hears("information").hears("opening").hears("question.assistant").hangsUp();
        gateway.tells(
                caller.number,
                "Served opening (cut)",
                "Served information",
                "Served opening",
                "Unanswered HANGUP_DURING_QUESTION");
    }
}
