package org.consentgateway.call.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.consentgateway.call.answer.ReplyWindow.Move;
import org.consentgateway.call.answer.ReplyWindow.Prompting;
import org.consentgateway.consent.SpokenWords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are milliseconds since the yes was pressed and the next question was begun. */
class RestingKeyTest {
    private static final long START = 1_000_000_000L;
    private static final Reply.Key YES =
            new Reply.Key('1', Meaning.AGREE, false, Duration.ofSeconds(2));

    private final RestingKey yes = resting(Duration.ofSeconds(3), "");

    private static RestingKey resting(Duration put, String withdrawal) {
        return new RestingKey(YES, KeyMeanings.ofYesOrNo(true).withdrawing(withdrawal), START, put);
    }

    private static long at(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }

    private Move key(char digit, long millis) {
        return yes.keyDown(digit, at(millis), at(millis));
    }

    private Move words(Meaning meaning, long millis) {
        return yes.words(meaning, new SpokenWords("x"), 0.9, 300, false, at(millis));
    }

    private @Nullable Reply replyAtNextTick() {
        return yes.tick(yes.nextTick()).reply();
    }

    @Test
    void standsWhereNothingElseIsPressedAndTheNextQuestionGoesOn() {
        assertThat(yes.nextTick()).isEqualTo(at(1500));
        assertThat(yes.tick(at(1499))).isEqualTo(Move.NOTHING);
        assertThat(yes.tick(at(1500))).isEqualTo(new Move(Prompting.AS_IT_IS, false, YES));
        assertThat(key('2', 1600)).as("over").isEqualTo(Move.NOTHING);
    }

    @Test
    void restsAsLongWhereNoQuestionFollows() {
        var level = new Reply.Key('2', Meaning.TWO, false, Duration.ofSeconds(2));
        ReplyWindow chosen =
                ReplyWindow.resting(
                        level,
                        KeyMeanings.ofMenu(3, true),
                        AnswerTiming.DEFAULT,
                        false,
                        START,
                        Duration.ZERO);

        assertThat(chosen.keyDown('2', at(200), at(200))).isEqualTo(Move.NOTHING);
        assertThat(chosen.nextTick()).isEqualTo(at(1500));
        assertThat(chosen.keyDown('3', at(1400), at(1400)).reply())
                .isInstanceOf(Reply.Conflict.class);
    }

    @Test
    void aNoBehindAKnockIsAwaited() {
        yes.speechStarted(at(100));
        yes.ceased(at(700));
        yes.speechStarted(at(1450));
        assertThat(yes.tick(at(1500))).isEqualTo(Move.NOTHING);
        assertThat(words(Meaning.REFUSE, 2000).reply()).isInstanceOf(Reply.Conflict.class);
    }

    @Test
    void aKnockIsNotAwaitedButWhoTypesIs() {
        yes.speechStarted(at(1400));
        yes.ceased(at(2000));
        assertThat(yes.nextTick()).isEqualTo(at(1500));
        yes.typing(at(1450));
        yes.ceased(at(2000));
        assertThat(yes.nextTick()).isEqualTo(at(2650));
    }

    @Test
    void whatIsPressedAfterTheNextQuestionWasPutAnswersThat() {
        assertThat(resting(Duration.ofMillis(400), "").nextTick()).isEqualTo(at(400));
    }

    @ParameterizedTest
    @CsvSource({"2, Conflict", "0, Key", "4, Key", "*, Key"})
    void anotherKeyTakesItBack(char digit, String reply) {
        Move move = key(digit, 200);
        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(Objects.requireNonNull(move.reply()).getClass().getSimpleName())
                .isEqualTo(reply);
    }

    @ParameterizedTest
    @CsvSource({"1", "7", "#"})
    void theSameKeyAndOneThatMeansNothingChangeNothing(char digit) {
        assertThat(key(digit, 200)).isEqualTo(Move.NOTHING);
        assertThat(replyAtNextTick()).isEqualTo(YES);
    }

    @Test
    void theBeginningOfAWithdrawalTakesItBack() {
        RestingKey ending = resting(Duration.ofSeconds(3), "*9");
        assertThat(ending.keyDown('*', at(200), at(200)).reply())
                .isInstanceOf(Reply.Conflict.class);
    }

    @ParameterizedTest
    @CsvSource({"REFUSE, Conflict", "HEDGED, NoMatch", "HUMAN, Spoken", "WITHDRAW, Spoken"})
    void soDoWordsThatAreBegunInItsTime(Meaning meaning, String reply) {
        yes.speechStarted(at(1400));
        assertThat(yes.tick(at(1500))).as("awaited").isEqualTo(Move.NOTHING);
        Move move = words(meaning, 2000);
        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(Objects.requireNonNull(move.reply()).getClass().getSimpleName())
                .isEqualTo(reply);
    }

    @Test
    void noiseAndAYesChangeNothing() {
        yes.speechStarted(at(100));
        assertThat(yes.nothing(at(600))).isEqualTo(Move.LISTEN_AGAIN);
        yes.speechStarted(at(700));
        assertThat(words(Meaning.AGREE, 1200)).isEqualTo(Move.LISTEN_AGAIN);
        yes.speechStarted(at(1400));
        assertThat(yes.nothing(at(1700)).reply()).isEqualTo(YES);
    }

    @Test
    void whoTalksOnAndOnIsNotWaitedForLongerThanAWordTakes() {
        yes.speechStarted(at(1000));
        assertThat(yes.nextTick()).isEqualTo(at(2200));
        assertThat(replyAtNextTick()).isEqualTo(YES);
    }

    @Test
    void aHoldFreezesItAndWhatIsHeardMeanwhileIsMusic() {
        yes.held(true, at(300));
        assertThat(yes.nextTick()).isEqualTo(ReplyWindow.NEVER);
        assertThat(key('3', 400)).isEqualTo(Move.NOTHING);
        assertThat(key('*', 450)).isEqualTo(Move.NOTHING);
        yes.speechStarted(at(5000));
        yes.held(false, at(60_300));
        assertThat(words(Meaning.REFUSE, 60_400)).isEqualTo(Move.LISTEN_AGAIN);
        assertThat(yes.nextTick()).isEqualTo(at(61_500));
        assertThat(replyAtNextTick()).isEqualTo(YES);
    }

    @Test
    void aNoThatIsPressedOnHoldUndoesIt() {
        yes.held(true, at(300));
        assertThat(key('2', 5000).reply()).isInstanceOf(Reply.Conflict.class);
    }

    @Test
    void aRecogniserThatIsGoneLeavesTheKey() {
        yes.speechStarted(at(1400));
        assertThat(yes.recogniserFailed(at(1450))).isEqualTo(Move.NOTHING);
        assertThat(replyAtNextTick()).isEqualTo(YES);
    }
}
