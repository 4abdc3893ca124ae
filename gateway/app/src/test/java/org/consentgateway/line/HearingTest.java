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
