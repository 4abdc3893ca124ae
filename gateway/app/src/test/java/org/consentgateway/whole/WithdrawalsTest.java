package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionTimeoutException;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.timing.Stalls;
import org.consentgateway.testkit.timing.Sweep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A withdrawal at each moment of a call, by key and by phrase: what is heard after it, what the
 * ledger says, and when the last packet of the caller went to the assistant.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@ExtendWith(ListensAlone.class)
class WithdrawalsTest {
    private static final String TALKS = "+4930123471";
    private static final String REMEMBERS = "+4930123476";

    /** Nobody is asked anything behind the talk. */
    private static final String REMEMBERS_AND_ENDS = "+4930123477";

    /** A consent that is remembered is due for renewal at once. */
    private static final String DUE = "+4930123472";

    private static final String RINGING = "+4930123473";
    private static final String BUSY = "+4930123474";
    private static final String BUSY_AND_NO_HUMAN = "+4930123475";

    private static final Path WORDS = ShortPrompts.PROJECT.resolve("config/prompts/demo/say");
    private static final int BREATH_SAMPLES = 8 * 500;
    private static final Duration CUT = Duration.ofMillis(100);
    private static final Duration SOON = Duration.ofSeconds(15);

    /** So long a pause of the machine shows in a call. */
    private static final Duration STALL = Duration.ofMillis(50);

    private static final AtomicLong NUMBERS = new AtomicLong(491750000100L);

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL.withSpeech().withPromptsOfAtLeast(3000),
                    WithdrawalsTest::withTheirLines);

    private static String withTheirLines(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)$";
        String all = yaml.replace("ring-timeout: 5s", "ring-timeout: 30s");
        for (String name : List.of(Callee.RINGING, Callee.BUSY)) {
            all = all.replaceFirst(assistant, "$0\n$1" + name + "$2" + name + "$3");
        }
        return all
                + line("talks", TALKS, "assistant", "levels: [basis], humans: [human]")
                + line("remembers", REMEMBERS, "assistant", "levels: [merken], humans: [human]")
                + line(
                        "due",
                        DUE,
                        "assistant",
                        "levels: [merken], humans: [human], renewal-window: P365D")
                + line("ends", REMEMBERS_AND_ENDS, "assistant", "levels: [merken], humans: [human]")
                        .replace("satisfaction: true", "satisfaction: false")
                + line("ringing", RINGING, Callee.RINGING, "levels: [basis], humans: [human]")
                + line("busy", BUSY, Callee.BUSY, "levels: [basis], humans: [human]")
                + line("nobody", BUSY_AND_NO_HUMAN, Callee.BUSY, "levels: [basis]");
    }

    private static String line(String name, String number, String assistant, String more) {
        return """
          - {name: %s, numbers: ["%s"], notice: demo, languages: [en], dialog: ladder,
             first-input: 3s, satisfaction: true, call-back: false, assistant: %s, %s}
        """
                .formatted(name, number, assistant, more);
    }

    /** A moment of a call, and how it comes about. */
    enum Moment {
        OPENING_OF_A_KNOWN_CALLER(
                REMEMBERS, true, caller -> caller.hearsBeginningOf("opening-known")),
        QUESTION_TO_A_KNOWN_CALLER(
                REMEMBERS, true, caller -> caller.hearsBeginningOf("known.merken")),
        CONFIRMATION_OF_A_KNOWN_CALLER(
                REMEMBERS, true, caller -> agreesAgain(caller).hearsBeginningOf("confirm.merken")),
        OPENING_BEFORE_A_RENEWAL(DUE, true, caller -> caller.hearsBeginningOf("why-renewal")),
        QUESTION_BEFORE_A_RENEWAL(DUE, true, caller -> caller.hearsBeginningOf("known.merken")),
        QUESTION_OF_A_RENEWAL(
                DUE, true, caller -> agreesAgain(caller).hearsBeginningOf("remember")),
        CONFIRMATION(TALKS, false, caller -> agrees(caller).hearsBeginningOf("confirm.basis")),
        RINGING_ASSISTANT(RINGING, false, caller -> agrees(caller).hears("confirm.basis")),
        TALK(TALKS, false, WithdrawalsTest::talks),
        SATISFACTION(
                TALKS,
                false,
                caller -> {
                    AnsweredCall assistant = assistantOf(talks(caller));
                    // Says no more: beside somebody who speaks a question is lowered.
                    caller.says(AudioClip.of(new short[160]));
                    assistant.hangUp();
                    return caller.hearsBeginningOf("satisfaction");
                }),
        ON_THE_WAY_TO_A_PERSON(
                BUSY, false, caller -> agrees(caller).hearsBeginningOf("assistant-unreachable")),
        TALK_WITH_A_PERSON(BUSY, false, caller -> agrees(caller).hears("human")),
        GOODBYE(BUSY_AND_NO_HUMAN, false, caller -> agrees(caller).hearsBeginningOf("goodbye"));

        private final String line;
        private final boolean known;

        @SuppressWarnings("ImmutableEnumChecker") // a constant without state
        private final Way way;

        Moment(String line, boolean known, Way way) {
            this.line = line;
            this.known = known;
            this.way = way;
        }
    }

    /** From the answer to a moment. */
    private interface Way {
        TestCaller to(TestCaller caller) throws Exception;
    }

    private static TestCaller agrees(TestCaller caller) {
        return caller.hears("question.assistant").presses("1");
    }

    private static TestCaller agreesAgain(TestCaller caller) {
        return caller.hears("known.merken").presses("1");
    }

    private static TestCaller talks(TestCaller caller) throws Exception {
        return talking(agrees(caller));
    }

    private static TestCaller talking(TestCaller caller) throws Exception {
        caller.hears("assistant").says(VOICE);
        TestWait.until(() -> assistantOf(caller).heardTheCaller());
        return caller;
    }

    /** After a breath: in the first 300 ms of a prompt its echo is still being learned. */
    private static AudioClip phrase() throws IOException {
        short[] words = Wav.read(WORDS.resolve("en-withdraw-consent.wav")).at(8000).samples();
        short[] all = new short[BREATH_SAMPLES + words.length];
        System.arraycopy(words, 0, all, BREATH_SAMPLES, words.length);
        return AudioClip.of(all);
    }

    private static final AudioClip VOICE = AudioClip.of(Tone.sine(Caller.VOICE_HERTZ, 3000, 6000));

    private static AnsweredCall assistantOf(TestCaller caller) throws Exception {
        String call = gateway.callIds(caller.number).getLast();
        return gateway.assistant().calls("X-Gateway-Call-Id", call).getLast();
    }

    private static String number(Moment moment) throws Exception {
        String number = "+" + NUMBERS.incrementAndGet();
        if (moment.known) {
            TestCaller first = agrees(TestCaller.calls(gateway, moment.line, number));
            talking(first.hears("remember").presses("1")).hangsUp();
            await().until(() -> gateway.story(number).contains("AssistantCut CALLER_HUNG_UP"));
        }
        return number;
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void byKey(Moment moment) throws Exception {
        withdraws(moment, "KEY", caller -> caller.presses("*9"));
    }

    /** Each recogniser beside the others costs a second of the processor. */
    private static List<Moment> spokenInto() {
        return Sweep.of(List.of(Moment.values()));
    }

    @ParameterizedTest
    @MethodSource("spokenInto")
    @Execution(ExecutionMode.CONCURRENT)
    void byPhrase(Moment moment) throws Exception {
        withdraws(moment, "SPEECH", caller -> caller.says(phrase()));
    }

    /** By a telephone that sends not one packet more: the words are known only after its BYE. */
    @Test
    void byPhraseAndHangingUpAtOnce() throws Exception {
        AudioClip phrase = withoutEnd(phrase());
        Asked asked =
                Stalls.measured(
                        STALL,
                        () ->
                                asks(
                                        Moment.TALK,
                                        "SPEECH",
                                        caller -> {
                                            caller.says(phrase);
                                            Thread.sleep(phrase.millis());
                                            return caller.hangsUp();
                                        }),
                        it -> it.isWithdrawn("SPEECH"));

        assertThat(gateway.story(asked.caller.number))
                .containsOnlyOnce("Withdrawn SPEECH")
                .contains("AssistantCut WITHDRAWN");
    }

    /** An assistant that is told of the star, or hears the first word, could prevent the rest. */
    @ParameterizedTest
    @ValueSource(strings = {"KEY", "SPEECH"})
    @Execution(ExecutionMode.CONCURRENT)
    void begunBeforeTheAssistantHangsUp(String method) throws Exception {
        Asked asked = Stalls.measured(STALL, () -> begins(method), it -> it.isWithdrawn(method));
        TestCaller caller = asked.caller;
        assertThat(asked.isWithdrawn(method)).as(caller.heard().toString()).isTrue();
        caller.hears("withdrawn").hears("human").hangsUp();
        assertThat(gateway.story(caller.number)).contains("AssistantCut ASSISTANT_HUNG_UP");
    }

    private static Asked begins(String method) throws Exception {
        String number = "+" + NUMBERS.incrementAndGet();
        TestCaller caller = agrees(TestCaller.calls(gateway, REMEMBERS_AND_ENDS, number));
        talking(caller.hears("remember").presses("1")).says(AudioClip.of(new short[8000]));
        AnsweredCall assistant = assistantOf(caller);
        if (method.equals("KEY")) {
            caller.presses("*");
            assistant.hangUp();
            caller.presses("9");
        } else {
            caller.says(phrase());
            Thread.sleep(500 + 1000); // a breath, and half of it
            assistant.hangUp();
        }
        return awaited(new Asked(caller, System.nanoTime()), method);
    }

    /** Up to its last loud sample. */
    private static AudioClip withoutEnd(AudioClip clip) {
        short[] all = clip.linear();
        int end = all.length;
        while (Math.abs(all[end - 1]) < 1000) {
            end--;
        }
        return AudioClip.of(Arrays.copyOf(all, end));
    }

    /** Who asked, and when. */
    private record Asked(TestCaller caller, long atNanos) {
        boolean isWithdrawn(String method) throws Exception {
            return gateway.story(caller.number).contains("Withdrawn " + method);
        }
    }

    /** On a machine that pauses, it is asked when the moment is over, or not understood. */
    private static Asked asks(Moment moment, String method, Way how) throws Exception {
        TestCaller caller = TestCaller.calls(gateway, moment.line, number(moment));
        return awaited(new Asked(how.to(moment.way.to(caller)), System.nanoTime()), method);
    }

    private static Asked awaited(Asked asked, String method) throws Exception {
        try {
            await().atMost(SOON).until(() -> asked.isWithdrawn(method));
        } catch (ConditionTimeoutException never) {
            if (!asked.caller.over()) {
                asked.caller.hangsUp();
            }
        }
        return asked;
    }

    private static void withdraws(Moment moment, String method, Way how) throws Exception {
        Asked asked =
                Stalls.measured(
                        STALL, () -> asks(moment, method, how), it -> it.isWithdrawn(method));
        TestCaller caller = asked.caller;
        String number = caller.number;
        assertThat(asked.isWithdrawn(method)).as(moment + " " + caller.heard()).isTrue();
        switch (moment) {
            case TALK_WITH_A_PERSON -> assertThat(caller.over()).as("goes on talking").isFalse();
            case GOODBYE -> caller.hears("withdrawn");
            default -> caller.hears("withdrawn").hears("human");
        }
        if (!caller.over()) {
            caller.hangsUp();
        }
        assertThat(gateway.story(number)).containsOnlyOnce("Withdrawn " + method);
        Entry withdrawn =
                gateway.entries(number).stream()
                        .filter(entry -> entry.type() == EntryType.WITHDRAWN)
                        .findFirst()
                        .orElseThrow();
        JsonNode cut = TestGateway.payload(withdrawn).at("/withdrawal/media_cut_at");
        if (moment == Moment.TALK) {
            AnsweredCall assistant = assistantOf(caller);
            TestWait.until(assistant::over);
            assertThat(Objects.requireNonNull(assistant.lastHeard()))
                    .as("but for what the machine itself was late")
                    .isBefore(
                            Instant.parse(cut.asText())
                                    .plus(CUT)
                                    .plus(Stalls.sinceNanos(asked.atNanos)));
        } else {
            assertThat(cut.isMissingNode() || cut.isNull()).as("nothing flowed").isTrue();
            assertThat(heardSinceWithdrawal(number, withdrawn)).isZero();
        }
    }

    /** Packets of this caller to an assistant after the withdrawal. */
    private static long heardSinceWithdrawal(String number, Entry withdrawn) throws Exception {
        Instant at = Instant.parse(TestGateway.payload(withdrawn).at("/withdrawal/at").asText());
        long late = 0;
        for (String call : gateway.callIds(number)) {
            late +=
                    gateway.assistant().calls("X-Gateway-Call-Id", call).stream()
                            .filter(visit ->
                                    visit.lastHeard() != null && visit.lastHeard().isAfter(at))
                            .count();
        }
        return late;
    }
}
