package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.whole.ListensAlone;
import org.consentgateway.whole.Recordings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the caller is still saying when one verb ends and the next begins. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@ExtendWith(ListensAlone.class)
class LastWordsTest {
    private static final Path PHRASE =
            Path.of(
                    System.getProperty("project.root"),
                    "config/prompts/demo/say/en-withdraw-consent.wav");
    private static final String QUESTION = "question.assistant";
    private static final String CONFIRMATION = "confirm.basis";
    private static final double VOICE_DBFS = -22;
    private static final int STEP_MILLIS = 100;
    private static final boolean NIGHTLY = System.getProperty("nightly") != null;

    /** The way of a packet to the ear, and the first sound of a word. */
    private static final int BEGINNING_MILLIS = 200;

    private static VirtualCalls calls;
    private static Recordings people;

    @BeforeAll
    static void open() throws Exception {
        calls = VirtualCalls.shipped();
        people = Recordings.ofPeople();
    }

    @AfterAll
    static void close() {
        calls.close();
    }

    private static VirtualCaller.Cue yes(String language) {
        return VirtualCaller.Cue.presses(QUESTION, calls.millis(language, QUESTION) + 300, '1');
    }

    private static VirtualCaller.Cue saysNo(String language, int intoTheConfirmation) {
        Recordings.Word no = people.saying(language, "nein", "no").getFirst();
        return VirtualCaller.Cue.says(
                CONFIRMATION, intoTheConfirmation, Recordings.at(VOICE_DBFS, no.samples()));
    }

    private static VirtualCalls.Outcome answered(
            VirtualCalls calls, int afterMillis, String language, VirtualCaller.Cue... cues) {
        return calls.answeredAfter(
                afterMillis, VirtualCalls.ladder(language, Purpose.ASSISTANT), cues);
    }

    /**
     * @param afterMillis when the assistant answers; it is joined then or behind the confirmation
     */
    private static List<VirtualCalls.Outcome> joinedThoughTheySayNo(
            VirtualCalls heard, int afterMillis, String language) {
        int joined = Math.max(afterMillis, calls.millis(language, CONFIRMATION));
        List<VirtualCalls.Outcome> outcomes = new ArrayList<>();
        for (int before = BEGINNING_MILLIS; before <= 1200; before += STEP_MILLIS) {
            outcomes.add(
                    answered(
                            heard,
                            afterMillis,
                            language,
                            yes(language),
                            saysNo(language, joined - before)));
        }
        return outcomes.stream()
                .filter(outcome -> outcome.connected() || !outcome.withdrawn())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aNoThatIsBeingSaidAtTheEndOfTheConfirmationWithdraws(String language) {
        assertThat(joinedThoughTheySayNo(calls, 500, language)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aNoThatIsBeingSaidWhenTheAssistantAnswersWithdraws(String language) {
        assertThat(
                        joinedThoughTheySayNo(
                                calls, calls.millis(language, CONFIRMATION) + 2000, language))
                .isEmpty();
    }

    /** A recogniser that comes to each caller only every 0.3 s has not told of its beginning. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void soDoesOneOfWhichTheRecogniserHasNotHeardYet(String language) {
        VirtualCalls lagging = calls.heardBy(calls.shipped.lagging(15));
        assertThat(joinedThoughTheySayNo(lagging, 500, language)).isEmpty();
    }

    /** The confirmation is spoken while the store takes its time. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aNoWhileTheConsentIsRecordedWithdraws(String language) {
        Recordings.Word yes = clearYes(language);
        VirtualCaller.Cue agrees =
                VirtualCaller.Cue.says(
                        QUESTION,
                        calls.millis(language, QUESTION) + 300,
                        Recordings.at(VOICE_DBFS, yes.samples()));
        List<VirtualCalls.Outcome> outcomes = new ArrayList<>();
        for (int at = 0; at < 2300; at += NIGHTLY ? STEP_MILLIS : 2 * STEP_MILLIS) {
            outcomes.add(
                    calls.recordedIn(
                            1500,
                            VirtualCalls.ladder(language, Purpose.ASSISTANT),
                            agrees,
                            saysNo(language, at)));
        }

        assertThat(outcomes).anyMatch(VirtualCalls.Outcome::withdrawn);
        assertThat(outcomes)
                .noneMatch(outcome ->
                        outcome.connected() || (outcome.consent() && !outcome.withdrawn()));
    }

    private static Recordings.Word clearYes(String language) {
        String name = language.equals("de") ? "36-de-ja" : "02-en-yes";
        return people.words().stream()
                .filter(word -> word.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** As when a talk pauses, or goes on: at whatever moment of the phrase that is. */
    @ParameterizedTest
    @ValueSource(ints = {1, 15})
    void aPhraseCountsThoughOneListeningEndsInItAndAnotherBegins(int together) throws IOException {
        short[] phrase = Wav.read(PHRASE).at(8000).samples();
        short[] said = Arrays.copyOf(Recordings.at(VOICE_DBFS, phrase), phrase.length + 8000);
        List<Integer> lost = new ArrayList<>();
        for (int at = 0; at < said.length / 160; at += NIGHTLY ? 2 : 6) {
            if (!isHeardThoughStoppedAt(at, said, calls.shipped.lagging(together))) {
                lost.add(at);
            }
        }
        assertThat(lost).isEmpty();
    }

    private static boolean isHeardThoughStoppedAt(int frame, short[] said, Recogniser ear) {
        var time = new VirtualTime();
        var hearing = new Hearing(ear, new VirtualLeg(_ -> {}), time.ofCalls(), _ -> {});
        List<Heard> withdrew = new ArrayList<>();
        Hearing.Results results =
                (_, heard) -> {
                    if (heard instanceof Heard.Words) {
                        withdrew.add(heard);
                    }
                };
        int _ = hearing.start("en", Set.of(SpokenMeaning.WITHDRAW), results);
        for (int i = 0; i < said.length / 160; i++) {
            if (i == frame) {
                hearing.stop();
                var answers =
                        Set.of(SpokenMeaning.AGREE, SpokenMeaning.REFUSE, SpokenMeaning.WITHDRAW);
                int _ = hearing.start("en", answers, results);
            }
            time.step();
            short[] samples = Arrays.copyOfRange(said, 160 * i, 160 * i + 160);
            hearing.frame(new PcmFrame(samples, 20L * i, PcmFrame.Origin.RECEIVED));
        }
        hearing.close();
        return !withdrew.isEmpty();
    }

    /** Nobody hears a pause. */
    @ParameterizedTest
    @ValueSource(ints = {500, 10_000})
    void whoSaysNothingIsJoinedAtOnce(int afterMillis) {
        VirtualCalls.Outcome outcome = answered(calls, afterMillis, "de", yes("de"));

        long confirmed = outcome.begunMillis(CONFIRMATION);
        long around = 2 * VirtualTime.STEP_MILLIS;
        int joined = Math.max(afterMillis, calls.millis("de", CONFIRMATION));
        assertThat(outcome.connectedMillis() - confirmed)
                .isBetween(joined - around, joined + around);
    }

    /** What goes on for longer than a word takes is none. */
    @ParameterizedTest
    @CsvSource({"200, 1200", "1000, 1200", "2500, 0"})
    void whoTalksOnIsWaitedForNoLongerThanAWordTakes(int begunBefore, int mostMillis) {
        int joined = calls.millis("de", CONFIRMATION);
        VirtualCaller.Cue talks =
                VirtualCaller.Cue.says(
                        CONFIRMATION,
                        joined - begunBefore,
                        people.television(VOICE_DBFS - 10, 20_000));
        VirtualCalls.Outcome outcome = answered(calls, 500, "de", yes("de"), talks);

        assertThat(outcome.connectedMillis() - outcome.begunMillis(CONFIRMATION) - joined)
                .isBetween(0L, mostMillis + 2L * VirtualTime.STEP_MILLIS);
    }
}
