package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.testkit.timing.Stalls;
import org.consentgateway.whole.Recordings.Word;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is said while the question is still being spoken: too early a yes, and a television. */
@Timeout(value = 480, unit = TimeUnit.SECONDS)
@ExtendWith(ListensAlone.class)
class IntoTheQuestionTest {
    private static final int QUESTION_MILLIS = 3000;

    /** Who was asked whether that was a yes is asked by then, and goes on being asked. */
    private static final int ASKED_BACK_MILLIS = 7000;

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL.withSpeech().withPromptsOfAtLeast(QUESTION_MILLIS));

    private static final Set<String> NO_ANSWERS =
            Set.of("up", "left", "down", "go", "house", "happy");

    private static Recordings recordings;

    @BeforeAll
    static void read() throws Exception {
        recordings = Recordings.ofPeople();
    }

    /** Three questions with a television take longer than anything else here. */
    private static void patiently(Callable<Boolean> happened) {
        await().atMost(Duration.ofSeconds(100)).until(happened);
    }

    /** Words and sentences that answer nothing here. */
    private static Recordings television() {
        return new Recordings(
                recordings.words().stream().filter(IntoTheQuestionTest::answersNothing).toList());
    }

    private static boolean answersNothing(Word word) {
        boolean yes = word.said().equals("ja") || word.said().equals("okay");
        boolean german = word.language().equals("de") && !yes;
        return NO_ANSWERS.contains(word.said()) || (german && word.human()) || word.millis() > 1500;
    }

    private interface Made {
        List<Entry> call(String number) throws Exception;
    }

    private static List<List<Entry>> all(String prefix, List<Made> calls) throws Exception {
        List<Future<List<Entry>>> made = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < calls.size(); i++) {
                String number = prefix + i;
                Made call = calls.get(i);
                made.add(callers.submit(() -> call.call(number)));
            }
        }
        List<List<Entry>> entries = new ArrayList<>();
        for (Future<List<Entry>> each : made) {
            entries.add(each.get());
        }
        return entries;
    }

    private static boolean consent(List<Entry> entries) {
        return entries.stream().anyMatch(e -> e.type() == EntryType.GIVEN);
    }

    /** The asking sentence is the first of four; a yes in it is no answer, and is asked on. */
    @Story
    void nobodyAgreesBeforeTheAskingSentenceHasEnded() throws Exception {
        List<Word> yes = recordings.saying("en", "yes");
        List<Made> calls = new ArrayList<>();
        for (int millis : new int[] {0, 150, 300, 450}) {
            Word word = yes.get(calls.size());
            calls.add(number -> {
                AtomicInteger again = new AtomicInteger();
                // Where the machine pauses, the yes comes behind the sentence.
                return Stalls.measured(
                        Duration.ofMillis(50),
                        () -> saysYesInto(number + again.incrementAndGet(), millis, word),
                        entries -> !consent(entries));
            });
        }
        assertThat(all("+4917300020", calls)).noneMatch(IntoTheQuestionTest::consent);
    }

    private static List<Entry> saysYesInto(String number, int millis, Word word) throws Exception {
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number);
        caller.hearsBeginningOf("question.assistant");
        short[] silence = new short[8 * millis];
        caller.says(AudioClip.of(Recordings.turn(silence, 0, word.samples())));
        patiently(() ->
                caller.begunAt("repeat-1.assistant").isPresent()
                        || caller.begunAt("confirm.basis").isPresent()
                        || caller.over());
        caller.hangsUp();
        TestWait.until(() -> gateway.entries(number).size() >= 2);
        return gateway.entries(number);
    }

    @Story
    @EnabledIfSystemProperty(
            named = "nightly",
            matches = ".*",
            disabledReason =
                    "three whole tries take 45 s of real calls: -Dnightly; in virtual time they are"
                            + " in SpokenAnswersTest")
    void aTelevisionLeavesThreeWholeTriesToWhoIsSilent() throws Exception {
        List<Made> calls = new ArrayList<>();
        for (double dbfs : new double[] {-32, -38, -45}) {
            short[] television = television().television(dbfs, 60_000);
            calls.add(number -> {
                TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number);
                caller.says(AudioClip.of(television));
                patiently(() -> caller.begunAt("unanswered").isPresent() || caller.over());
                caller.hangsUp();
                TestWait.until(() -> gateway.entries(number).size() >= 2);
                return gateway.entries(number);
            });
        }
        for (List<Entry> entries : all("+4917300030", calls)) {
            JsonNode evidence =
                    TestGateway.payload(
                                    entries.stream()
                                            .filter(e -> e.type() == EntryType.UNANSWERED)
                                            .findFirst()
                                            .orElseThrow())
                            .at("/decision/evidence");
            assertThat(evidence).hasSize(3);
            assertThat(evidence)
                    .allSatisfy(each ->
                            assertThat(each.get("latency_ms").asInt())
                                    .as("whole prompts: " + evidence)
                                    .isGreaterThanOrEqualTo(QUESTION_MILLIS));
        }
    }

    @Story
    void whoSaysYesBesideATelevisionIsUnderstoodAtTheFirstOrSecondTry() throws Exception {
        Word yes = recordings.saying("en", "i agree").getFirst();
        List<Made> calls = new ArrayList<>();
        for (double dbfs : new double[] {-42, -45}) {
            short[] both = television().television(dbfs, 20_000);
            for (int at : new int[] {QUESTION_MILLIS, ASKED_BACK_MILLIS, 12_000}) {
                both = Recordings.over(both, at, Recordings.at(-20, yes.samples()));
            }
            AudioClip said = AudioClip.of(both);
            calls.add(number -> {
                AtomicInteger again = new AtomicInteger();
                return Stalls.measured(
                        Duration.ofMillis(50),
                        () -> saysBeside(number + again.incrementAndGet(), said),
                        IntoTheQuestionTest::consent);
            });
        }
        assertThat(all("+4917300040", calls)).allMatch(IntoTheQuestionTest::consent);
    }

    private static List<Entry> saysBeside(String number, AudioClip said) throws Exception {
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number);
        caller.hearsBeginningOf("question.assistant").says(said);
        patiently(() ->
                caller.begunAt("unanswered").isPresent()
                        || caller.begunAt("assistant").isPresent()
                        || caller.over());
        caller.hangsUp();
        return gateway.entries(number);
    }
}
