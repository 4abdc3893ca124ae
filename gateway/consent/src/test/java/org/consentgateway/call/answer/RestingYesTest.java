package org.consentgateway.call.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.consentgateway.call.answer.ReplyWindow.Move;
import org.consentgateway.call.answer.ReplyWindow.Prompting;
import org.consentgateway.consent.SpokenWords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are milliseconds since the yes was understood. */
class RestingYesTest {
    private static final long START = 7_000_000_000L;
    private static final Duration LATENCY = Duration.ofSeconds(3);
    private static final Reply.Spoken YES =
            new Reply.Spoken(Meaning.AGREE, new SpokenWords("ja"), 0.9, 400, false, LATENCY);

    private final RestingYes last = resting(false);
    private final RestingYes inALadder = resting(true);

    private static RestingYes resting(boolean furtherQuestion) {
        return new RestingYes(
                YES, KeyMeanings.ofYesOrNo(true), AnswerTiming.DEFAULT, furtherQuestion, START);
    }

    private static long at(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }

    private static Move words(RestingYes yes, Meaning meaning, long millis) {
        return yes.words(meaning, new SpokenWords("x"), 0.9, 300, false, at(millis));
    }

    private static @Nullable Reply replyAtNextTick(RestingYes yes) {
        return yes.tick(yes.nextTick()).reply();
    }

    @Test
    void standsWhereNothingIsSaidAndWhatIsSpokenGoesOn() {
        assertThat(last.nextTick()).isEqualTo(at(720));
        assertThat(last.tick(at(719))).isEqualTo(Move.NOTHING);
        Move move = last.tick(at(720));
        assertThat(move.reply()).isEqualTo(YES);
        assertThat(move.prompt()).isEqualTo(Prompting.AS_IT_IS);
        assertThat(last.nextTick()).isEqualTo(ReplyWindow.NEVER);
        assertThat(words(last, Meaning.REFUSE, 900)).as("over").isEqualTo(Move.NOTHING);
    }

    @Test
    void whereTheNextQuestionIsBegunANoBelongsToTheOneBeforeForLonger() {
        assertThat(inALadder.nextTick()).isEqualTo(at(1500));
        inALadder.speechStarted(at(1450));
        Move move = words(inALadder, Meaning.REFUSE, 2000);
        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply()).isInstanceOf(Reply.Conflict.class);
    }

    @Test
    void aPlainNoIsARefusal() {
        last.speechStarted(at(300));
        Move move = words(last, Meaning.REFUSE, 800);
        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply())
                .isInstanceOfSatisfying(
                        Reply.Spoken.class,
                        no -> {
                            assertThat(no.meaning()).isEqualTo(Meaning.REFUSE);
                            assertThat(no.latency()).isEqualTo(LATENCY.plusMillis(800));
                        });
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 150, 320, 500, 700, 730})
    void whatIsNotUnderstoodUndoesItAlsoWhenItIsStillBeingSaidAtTheEnd(long begins) {
        last.speechStarted(at(begins));
        assertThat(last.tick(at(800))).as("awaited").isEqualTo(Move.NOTHING);
        Move move = last.nothing(at(begins + 600));
        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply()).isInstanceOf(Reply.NoMatch.class);
    }

    /** It may have been a word that no model knows, so it does not stand; nor is it awaited. */
    @Test
    void aKnockUndoesItAtOnce() {
        last.speechStarted(at(500));
        assertThat(last.ceased(at(700)).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void whatNobodyBeganDoesNotEnd() {
        assertThat(last.ceased(at(700))).isEqualTo(Move.NOTHING);
        assertThat(last.tick(at(1200)).reply()).isEqualTo(YES);
    }

    @Test
    void whatMayHaveBeenSaidAndWasNotHeardUndoesIt() {
        Move move = inALadder.missed(at(400));
        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply()).isInstanceOf(Reply.NoMatch.class);
        last.held(true, at(100));
        assertThat(last.missed(at(200))).as("music").isEqualTo(Move.NOTHING);
    }

    @Test
    void whatNeverEndsUndoesIt() {
        last.speechStarted(at(500));
        assertThat(last.nextTick()).isEqualTo(at(6500));
        assertThat(replyAtNextTick(last)).isInstanceOf(Reply.NoMatch.class);
    }

    @ParameterizedTest
    @CsvSource({
        "HEDGED, NoMatch, NoMatch",
        "REFUSE, Spoken, Conflict",
        "HUMAN, Spoken, Spoken",
        "WITHDRAW, Spoken, Spoken",
        "REPEAT, Spoken, Spoken",
        "HELP, Spoken, Spoken",
        "INFORMATION, Spoken, Spoken",
        "OTHER_LANGUAGE, Spoken, Spoken",
        "TWO, NoMatch, NoMatch"
    })
    void everyOtherWordUndoesIt(Meaning meaning, String asLast, String inLadder) {
        for (RestingYes yes : new RestingYes[] {last, inALadder}) {
            yes.speechStarted(at(100));
            Move move = words(yes, meaning, 600);
            assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
            assertThat(Objects.requireNonNull(move.reply()).getClass().getSimpleName())
                    .isEqualTo(yes == last ? asLast : inLadder);
        }
    }

    /** Late by nothing, by a packet, by a recogniser's thread, and by more than is forgiven. */
    @ParameterizedTest
    @CsvSource({"300, 300", "310, 300", "320, 300", "340, 320", "900, 880", "240, 240"})
    void aWordRestsFromItsEndWhereTheyAreLateWhoHeardIt(int begunAfter, int restsFrom) {
        assertThat(RestingYes.restsFrom(at(0), at(begunAfter))).isEqualTo(at(restsFrom));
    }

    @Test
    void aYesAgainStandsAfterARestOfItsOwnOnce() {
        last.speechStarted(at(300));
        assertThat(words(last, Meaning.AGREE, 700)).isEqualTo(Move.LISTEN_AGAIN);
        assertThat(last.nextTick()).isEqualTo(at(1420));
        last.speechStarted(at(1300));
        assertThat(words(last, Meaning.AGREE, 1700).reply()).isEqualTo(YES);
    }

    @Test
    void aYesAgainAndThenANoIsARefusal() {
        last.speechStarted(at(300));
        words(last, Meaning.AGREE, 700);
        last.speechStarted(at(1400));
        assertThat(words(last, Meaning.REFUSE, 1900).reply())
                .isInstanceOfSatisfying(
                        Reply.Spoken.class,
                        no -> assertThat(no.meaning()).isEqualTo(Meaning.REFUSE));
    }

    @Test
    void aYesAgainInALadderDoesNotKeepTheNextQuestionWaiting() {
        inALadder.speechStarted(at(900));
        assertThat(words(inALadder, Meaning.AGREE, 1300)).isEqualTo(Move.LISTEN_AGAIN);
        assertThat(inALadder.nextTick()).isEqualTo(at(1500));
    }

    @Test
    void aKeyThatSaysTheSameMakesItFinalAtOnce() {
        Move move = last.keyDown('1', at(200), at(210));
        assertThat(move.prompt()).isEqualTo(Prompting.AS_IT_IS);
        assertThat(move.reply())
                .isEqualTo(new Reply.Key('1', Meaning.AGREE, true, LATENCY.plusMillis(200)));
    }

    @Test
    void aKeyThatSaysOtherwiseIsAConflictAndOneForAHumanIsHeeded() {
        assertThat(last.keyDown('2', at(200), at(210)).reply()).isInstanceOf(Reply.Conflict.class);
        assertThat(inALadder.keyDown('0', at(200), at(210)).reply())
                .isEqualTo(new Reply.Key('0', Meaning.HUMAN, false, LATENCY.plusMillis(200)));
    }

    @Test
    void aKeyThatMeansNothingHereChangesNothing() {
        assertThat(last.keyDown('7', at(200), at(210))).isEqualTo(Move.NOTHING);
        assertThat(replyAtNextTick(last)).isEqualTo(YES);
    }

    @Test
    void theBeginningOfAWithdrawalUndoesItWhateverItMeansElse() {
        for (boolean mayChangeLanguage : new boolean[] {true, false}) {
            var ending =
                    new RestingYes(
                            YES,
                            KeyMeanings.ofYesOrNo(mayChangeLanguage).withdrawing("*9"),
                            AnswerTiming.DEFAULT,
                            false,
                            START);
            Move move = ending.keyDown('*', at(200), at(210));
            assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
            assertThat(move.reply()).isInstanceOf(Reply.NoMatch.class);
        }
    }

    @Test
    void withoutARecogniserNobodyKnowsWhatElseIsSaid() {
        assertThat(last.recogniserFailed(at(100)).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void aHoldFreezesItAndWhatIsHeardMeanwhileIsMusic() {
        last.held(true, at(300));
        assertThat(last.nextTick()).isEqualTo(ReplyWindow.NEVER);
        last.speechStarted(at(5000));
        last.held(false, at(60_300));
        assertThat(last.nothing(at(60_400))).isEqualTo(Move.LISTEN_AGAIN);
        assertThat(last.nextTick()).isEqualTo(at(60_720));
        assertThat(replyAtNextTick(last)).isEqualTo(YES);
    }

    @Test
    void aNoThatIsPressedOnHoldUndoesItAndNothingElseOnHoldDoes() {
        inALadder.held(true, at(300));
        assertThat(inALadder.keyDown('1', at(400), at(400))).isEqualTo(Move.NOTHING);
        assertThat(inALadder.keyDown('3', at(450), at(450))).isEqualTo(Move.NOTHING);
        assertThat(inALadder.keyDown('2', at(5000), at(5000)).reply())
                .isInstanceOf(Reply.Conflict.class);
    }

    @Test
    void aHoldThatCutsOffWhatIsBeingSaidUndoesIt() {
        last.speechStarted(at(300));
        assertThat(last.held(true, at(400)).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void theEndOfWhatIsSpokenAndAFirstGuessChangeNothing() {
        var whole = new Said(1, 1, 0, true, Said.End.COMPLETED);
        assertThat(last.promptEnded(whole, at(300))).isEqualTo(Move.NOTHING);
        last.speechStarted(at(400));
        assertThat(last.likely(Meaning.REFUSE, at(500))).isEqualTo(Move.NOTHING);
    }

    @ParameterizedTest
    @CsvSource({"699, false", "700, true", "900, true", "901, false"})
    void restsForSevenToNineHundredMilliseconds(int millis, boolean allowed) {
        AnswerTiming usual = AnswerTiming.DEFAULT;
        ThrowingCallable made =
                () ->
                        new AnswerTiming(
                                usual.firstInput(),
                                usual.secondTry(),
                                usual.settle(),
                                usual.conflictWindow(),
                                usual.speech(),
                                Duration.ofMillis(millis));
        if (allowed) {
            assertThatNoException().isThrownBy(made);
        } else {
            assertThatIllegalArgumentException().isThrownBy(made);
        }
    }
}
