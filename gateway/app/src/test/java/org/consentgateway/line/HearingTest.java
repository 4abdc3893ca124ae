package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.call.CallTime;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.SpokenMeaning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HearingTest {
    private static final Heard NOTHING = new Heard.Nothing(Heard.Why.GARBAGE);

    private final ToldRecogniser ear = new ToldRecogniser(true);
    private final AtomicLong nanos = new AtomicLong();
    private final List<Object> framesWanted = new ArrayList<>();
    private final List<Long> heard = new ArrayList<>();
    private final List<Heard> observed = new ArrayList<>();
    private final MediaLeg leg =
            (MediaLeg)
                    Proxy.newProxyInstance(
                            MediaLeg.class.getClassLoader(),
                            new Class<?>[] {MediaLeg.class},
                            (_, _, arguments) -> {
                                framesWanted.add(arguments[0]);
                                return null;
                            });
    private final Hearing hearing =
            new Hearing(
                    ear,
                    leg,
                    new CallTime(() -> Instant.EPOCH, () -> Instant.EPOCH, nanos::get),
                    observed::add);

    @Test
    void aListeningGoesOnUnderItsNumber() {
        int number = listen((listening, _) -> assertThat(hearing.again(listening)).isTrue());
        ear.heard(NOTHING);
        ear.heard(NOTHING);
        assertThat(ear.wentOn).isEqualTo(2);
        assertThat(ear.opened).isEqualTo(1);
        assertThat(hearing.current(number)).isTrue();
    }

    @Test
    void oneThatWasStoppedMeanwhileDoesNot() {
        listen((listening, _) -> {
            hearing.stop();
            assertThat(hearing.again(listening)).as("nothing is left to do").isTrue();
        });
        ear.heard(NOTHING);
        assertThat(ear.wentOn).isZero();
        assertThat(ear.opened).isEqualTo(1);
        assertThat(ear.closed).isEqualTo(1);
    }

    @Test
    void neitherDoesAnotherInItsPlace() {
        listen((listening, _) -> {
            listen((_, _) -> {});
            assertThat(hearing.again(listening)).isTrue();
        });
        ear.heard(NOTHING);
        assertThat(ear.wentOn).isZero();
        assertThat(ear.opened).isEqualTo(2);
    }

    private static PcmFrame frame(long mediaMillis) {
        return new PcmFrame(new short[PcmFrame.SAMPLES], mediaMillis, PcmFrame.Origin.RECEIVED);
    }

    /** One that lags gives away what it has not heard, and more comes until the next begins. */
    private void told(long nextAfterMillis) {
        ear.hearing = frame -> heard.add(frame.mediaMillis());
        listen((_, _) -> {});
        ear.heard(NOTHING);
        ear.left =
                List.of(
                        new Listening.HandedOver(frame(100), true),
                        new Listening.HandedOver(frame(120), false));
        hearing.stop();
        hearing.frame(frame(140));
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(nextAfterMillis));
        hearing.frame(frame(160));
        listen((_, _) -> {});
        hearing.frame(frame(180));
    }

    @Test
    void whatComesBehindAnUtteranceIsHeardByTheNextListening() {
        told(300);
        assertThat(heard).containsExactly(100L, 120L, 140L, 160L, 180L);
        assertThat(hearing.hasGap()).isFalse();
    }

    @Test
    void oneThatBeginsTooLateSaysSoAndNothingIsMadeOfTheVoiceMeanwhile() {
        told(501);
        assertThat(heard).containsExactly(180L);
        assertThat(hearing.hasGap()).isTrue();
        assertThat(framesWanted).containsExactly(false, true, false, true);
    }

    @Test
    void nothingIsKeptBehindOneThatWasStoppedInTheMiddle() {
        ear.hearing = frame -> heard.add(frame.mediaMillis());
        listen((_, _) -> {});
        hearing.stop();
        assertThat(framesWanted).containsExactly(false, true, false);
        hearing.frame(frame(140));
        listen((_, _) -> {});
        assertThat(heard).isEmpty();
        assertThat(hearing.hasGap()).isFalse();
    }

    private void speaks(long fromMillis, long toMillis) {
        for (long at = fromMillis; at < toMillis; at += 20) {
            hearing.frame(frame(at));
        }
    }

    /** Of the one before, which is stopped in the middle of what the caller says. */
    private void carriesOn(Hearing.Results to) {
        hearing.start(
                "de", Set.of(SpokenMeaning.WITHDRAW, SpokenMeaning.INFORMATION), (_, _) -> {});
        speaks(0, 2000);
        ear.heard(new Heard.SpeechStarted(2000));
        speaks(2000, 3000);
        hearing.stop();
        ear.hearing =
                frame -> {
                    heard.add(frame.mediaMillis());
                    if (frame.mediaMillis() == 2000) {
                        ear.heard(new Heard.SpeechStarted(2000));
                    }
                };
        speaks(3000, 3100);
        hearing.start("de", Set.of(SpokenMeaning.WITHDRAW, SpokenMeaning.REFUSE), to);
        speaks(3100, 3200);
    }

    @Test
    void whatIsBeingSaidIsHeardByTheNextListeningFromItsBeginningOn() {
        carriesOn((_, _) -> {});
        assertThat(heard.getFirst()).as("softly begun").isBetween(1500L, 1700L);
        assertThat(heard.getLast()).isEqualTo(3180);
        assertThat(heard).as("without a gap").hasSize((int) (3200 - heard.getFirst()) / 20);
        assertThat(hearing.hasGap()).isFalse();
    }

    @Test
    void soItIsByTheOneBehindThat() {
        carriesOn((_, _) -> {});
        hearing.stop();
        int before = heard.size();
        listen((_, _) -> {});
        assertThat(heard.get(before)).as("softly begun").isBetween(1500L, 1700L);
        assertThat(heard.getLast()).isEqualTo(3180);
    }

    @Test
    void whatWasKnownIsNotHeardOnceMore() {
        listen((listening, _) -> assertThat(hearing.again(listening)).isTrue());
        ear.heard(new Heard.SpeechStarted(0));
        speaks(0, 1000);
        ear.heard(NOTHING);
        speaks(1000, 1200);
        ear.heard(new Heard.SpeechStarted(1100));
        ear.hearing = frame -> heard.add(frame.mediaMillis());
        hearing.stop();
        listen((_, _) -> {});
        assertThat(heard.getFirst()).isEqualTo(1000);
    }

    /** What was said to an assistant is no answer to the question that is put then. */
    @ParameterizedTest
    @CsvSource({
        "REFUSE, 3690, false",
        "REFUSE, 3700, true",
        "WITHDRAW, 2990, true",
        "INFORMATION, 2990, false",
        "INFORMATION, 3700, true",
        "KEEP_NOTHING, 4190, false",
        "KEEP_NOTHING, 4200, true"
    })
    void whatWasBegunThenCountsOnlyWhereItWasListenedForAndEndsSomething(
            SpokenMeaning meaning, long endMillis, boolean counts) {
        List<Heard> results = new ArrayList<>();
        carriesOn((_, result) -> results.add(result));
        var words = new Heard.Words(meaning, "", 0.9, 700, endMillis, false);
        ear.heard(words);

        assertThat(results.getLast()).isEqualTo(counts ? words : new Heard.Ceased());
        assertThat(observed.getLast()).isEqualTo(results.getLast());
    }

    /** A sentence to the assistant is no try at the question that is put then. */
    @Test
    void whatWasBegunThenAndMeansNothingIsNoTry() {
        List<Heard> results = new ArrayList<>();
        carriesOn((_, result) -> results.add(result));
        ear.heard(NOTHING);
        assertThat(results.getLast()).isEqualTo(new Heard.Ceased());

        ear.heard(new Heard.SpeechStarted(3100));
        ear.heard(NOTHING);
        assertThat(results.getLast()).isEqualTo(NOTHING);
    }

    /** By the model of another language it would be something else. */
    @Test
    void whatIsBeingSaidIsNotHeardInAnotherLanguage() {
        carriesOn((_, _) -> {});
        hearing.stop();
        int before = heard.size();
        hearing.start("en", Set.of(SpokenMeaning.REFUSE), (_, _) -> {});
        assertThat(heard).hasSize(before);
    }

    @Test
    void nothingOfWhatWasSaidStaysWhereNobodyListensOn() {
        carriesOn((_, _) -> {});
        hearing.stop();
        int before = heard.size();
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(501));
        hearing.frame(frame(3700));
        nanos.addAndGet(-TimeUnit.MILLISECONDS.toNanos(501));
        listen((_, _) -> {});
        assertThat(heard).as("by a clock that shows what is still there").hasSize(before);
    }

    private void listensOn() {
        listen((number, result) -> {
            if (result instanceof Heard.Failed how) {
                hearing.failed(number, how, this::listensOn);
            }
        });
    }

    private void passes(long pass) {
        nanos.addAndGet(pass);
        hearing.frame(frame(0));
    }

    @Test
    void whatHasFailedBeginsAnewAfterAWhileThatGrows() {
        listensOn();
        for (long seconds : new long[] {1, 2, 4, 8, 10, 10}) {
            int opened = ear.opened;
            ear.heard(new Heard.Failed(Heard.Reason.DEADLINE));
            passes(TimeUnit.SECONDS.toNanos(seconds) - 1);
            assertThat(ear.opened).as("before %s s", seconds).isEqualTo(opened);
            passes(1);
            assertThat(ear.opened).as("after %s s", seconds).isEqualTo(opened + 1);
        }
        int opened = ear.opened;
        ear.heard(NOTHING);
        ear.heard(new Heard.Failed(Heard.Reason.CRASHED));
        passes(Hearing.FIRST_PAUSE_NANOS);
        assertThat(ear.opened).as("it had heard something").isEqualTo(opened + 1);
    }

    @Test
    void nothingBeginsAnewWithoutAModelOrWhereSomethingElseWasBegun() {
        listensOn();
        ear.heard(new Heard.Failed(Heard.Reason.NO_MODEL));
        passes(TimeUnit.MINUTES.toNanos(1));
        assertThat(ear.opened).isEqualTo(1);
        listensOn();
        ear.heard(new Heard.Failed(Heard.Reason.OVER_ADMISSION_LIMIT));
        hearing.stop();
        passes(TimeUnit.MINUTES.toNanos(1));
        assertThat(ear.opened).isEqualTo(2);
    }

    @Test
    void whoIsToldThatWordsAreHeardKeepsAPlaceUntilTheQuestionsAreOver() {
        assertThat(hearing.hears("de")).isTrue();
        assertThat(hearing.hears("de")).as("the same place").isTrue();
        assertThat(ear.questions).hasValue(0);
        listen((_, _) -> {});
        hearing.stop();
        assertThat(ear.questions).as("between two utterances").hasValue(0);
        assertThat(ear.talks).as("it is heard by that of the questions").hasValue(1);
        hearing.questionsOver();
        assertThat(ear.questions).hasValue(1);
    }

    /** Such as where what was agreed to could not be recorded. */
    @Test
    void noPlaceIsGivenBackWhileItIsListenedBy() {
        assertThat(hearing.hears("de")).isTrue();
        listen((_, _) -> {});
        hearing.questionsOver();
        assertThat(ear.closed).isEqualTo(1);
        assertThat(ear.questions).hasValue(1);
    }

    @Test
    void whoFindsNoPlaceIsNotHeardAndWhoeverFollowsTheCallIsTold() {
        ear.questions.set(0);
        assertThat(hearing.hears("de")).isFalse();
        assertThat(observed).containsExactly(new Heard.Failed(Heard.Reason.OVER_ADMISSION_LIMIT));
        ear.questions.set(1);
        assertThat(hearing.hears("de")).as("at the next prompt").isTrue();
    }

    @Test
    void thePlaceOfATalkIsKeptBesideThatOfAQuestionInItsMiddle() {
        assertThat(hearing.hearsInTalk("de")).isTrue();
        assertThat(hearing.hears("de")).isTrue();
        hearing.questionsOver();
        assertThat(ear.talks).hasValue(0);
        hearing.nothingToWithdraw();
        assertThat(ear.talks).hasValue(1);
    }

    @Test
    void whoHasNoPlaceIsListenedToAsSoonAsOneIsFree() {
        ear.talks.set(0);
        listensOn();
        passes(Hearing.FIRST_PAUSE_NANOS);
        assertThat(ear.opened).isZero();
        ear.talks.set(1);
        passes(2 * Hearing.FIRST_PAUSE_NANOS);
        assertThat(ear.opened).isEqualTo(1);
    }

    @Test
    void aCallThatIsOverGivesItsPlacesBackAndTakesNone() {
        assertThat(hearing.hears("de")).isTrue();
        assertThat(hearing.hearsInTalk("de")).isTrue();
        hearing.close();
        listensOn();
        passes(Hearing.FIRST_PAUSE_NANOS);
        assertThat(hearing.hears("de")).isFalse();
        assertThat(hearing.hearsInTalk("de")).isFalse();
        assertThat(ear.opened).isZero();
        assertThat(ear.questions).hasValue(1);
        assertThat(ear.talks).hasValue(1);
    }

    private int listen(Hearing.Results to) {
        return hearing.start("de", Set.of(SpokenMeaning.WITHDRAW), to);
    }
}
