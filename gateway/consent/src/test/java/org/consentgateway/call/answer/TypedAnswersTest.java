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

/** What is typed to a question, and while a typed yes rests. Times are milliseconds. */
class TypedAnswersTest {
    private static final long START = 5_000_000_000L;
    private static final AnswerTiming TIMING = AnswerTiming.DEFAULT.typing();
    private static final Expecting YES_OR_NO = KeyMeanings.ofYesOrNo(true);
    private static final Duration PUT = Duration.ofSeconds(3);
    private static final Reply.Written YES =
            new Reply.Written(Meaning.AGREE, null, new SpokenWords("ja"), Duration.ofSeconds(3));

    private final AnswerWindow window =
            new AnswerWindow(YES_OR_NO, TIMING, START, QuestionPut.after(PUT));
    private final AnswerWindow opening =
            AnswerWindow.ofAnnouncement(YES_OR_NO.announcing(), TIMING, START);
    private final RestingYes resting = resting(false);

    private static RestingYes resting(boolean furtherQuestion) {
        return new RestingYes(YES, YES_OR_NO, TIMING, furtherQuestion, START);
    }

    private static long at(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }

    private static TypedLine line(@Nullable Meaning meaning, boolean asked) {
        return new TypedLine(meaning, null, new SpokenWords("x"), asked);
    }

    private static Move promptEnds(ReplyWindow of, long millis) {
        return of.promptEnded(new Said(1, 1, 0, true, Said.End.COMPLETED), at(millis));
    }

    @Test
    void aYesStopsThePromptFromWhenTheQuestionCanBeRead() {
        Move move = window.typed(line(Meaning.AGREE, true), at(1000));

        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply())
                .isEqualTo(
                        new Reply.Written(
                                Meaning.AGREE, null, new SpokenWords("x"), Duration.ofSeconds(1)));
    }

    @Test
    void aYesThatWasBegunBeforeIsNone() {
        assertThat(window.typed(line(Meaning.AGREE, false), at(1000))).isEqualTo(Move.NOTHING);
        promptEnds(window, 9000);
        assertThat(window.nextTick()).as("12 s to answer").isEqualTo(at(21_000));
        assertThat(window.typed(line(Meaning.AGREE, false), at(9100))).isEqualTo(Move.NOTHING);
        assertThat(window.typed(line(Meaning.AGREE, true), at(9900)).reply())
                .isInstanceOf(Reply.Written.class);
    }

    @Test
    void aNoCountsAtOnceAndInTheOpeningToo() {
        assertThat(window.typed(line(Meaning.REFUSE, false), at(10)).reply())
                .isInstanceOf(Reply.Written.class);
        assertThat(opening.typed(line(Meaning.AGREE, true), at(10))).isEqualTo(Move.NOTHING);
        assertThat(opening.typed(line(Meaning.HEDGED, true), at(20))).isEqualTo(Move.NOTHING);
        assertThat(opening.typed(line(Meaning.HUMAN, true), at(30)).reply())
                .isInstanceOf(Reply.Written.class);
    }

    @Test
    void aNoBehindARefusalCountsOnlyOnceTheNextQuestionWasPut() {
        var once = new Expecting(YES_OR_NO.keys(), YES_OR_NO.words(), Expecting.Starts.ONCE_PUT);
        var next = new AnswerWindow(once, TIMING, START, QuestionPut.after(PUT));

        assertThat(next.typed(line(Meaning.REFUSE, true), at(2999))).isEqualTo(Move.NOTHING);
        assertThat(next.typed(line(Meaning.REFUSE, false), at(3100))).isEqualTo(Move.NOTHING);
        assertThat(next.typed(line(Meaning.REFUSE, true), at(3200)).reply())
                .isInstanceOf(Reply.Written.class);
    }

    @Test
    void whoeverTypesIsWaitedForButNotForEver() {
        promptEnds(window, 9000);
        assertThat(window.typing(at(20_000))).isEqualTo(Move.NOTHING);
        assertThat(window.nextTick()).isEqualTo(at(26_000));
        window.typing(at(25_900));
        assertThat(window.nextTick()).as("18 s after the prompt").isEqualTo(at(27_000));
        assertThat(Objects.requireNonNull(window.tick(at(27_000)).reply()))
                .isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void whatMeansNothingEarnsAnotherTry() {
        promptEnds(window, 9000);
        assertThat(window.typed(line(null, true), at(10_000))).isEqualTo(Move.NOTHING);
        assertThat(window.nextTick()).isEqualTo(at(18_000));
        assertThat(window.tick(at(18_000)).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void aHedgedYesIsNone() {
        assertThat(window.typed(line(Meaning.HEDGED, true), at(1000)).reply())
                .isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void whatIsTypedAndWhatIsSaidMustNotDisagree() {
        promptEnds(window, 9000);
        window.speechStarted(at(9100));
        assertThat(window.typed(line(Meaning.AGREE, true), at(9200))).isEqualTo(Move.NOTHING);
        assertThat(
                        window.words(
                                        Meaning.REFUSE,
                                        new SpokenWords("nein"),
                                        0.9,
                                        300,
                                        false,
                                        at(9600))
                                .reply())
                .isInstanceOf(Reply.Conflict.class);
    }

    @Test
    void aTypedYesRestsForASecondAndAHalf() {
        assertThat(resting.nextTick()).isEqualTo(at(1500));
        assertThat(resting.tick(at(1500)).reply()).isEqualTo(YES);
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSE, Written, Conflict",
        "HUMAN, Written, Written",
        "WITHDRAW, Written, Written",
        "HEDGED, NoMatch, NoMatch",
        "TWO, Conflict, Conflict"
    })
    void whateverElseIsTypedUndoesIt(Meaning meaning, String asLast, String inALadder) {
        for (boolean further : new boolean[] {false, true}) {
            Move move = resting(further).typed(line(meaning, true), at(1400));
            assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
            assertThat(Objects.requireNonNull(move.reply()).getClass().getSimpleName())
                    .isEqualTo(further ? inALadder : asLast);
        }
    }

    @Test
    void whatCannotBeReadUndoesItAndAYesAgainDoesNot() {
        assertThat(resting.typed(line(Meaning.AGREE, true), at(500))).isEqualTo(Move.NOTHING);
        assertThat(resting.typed(line(null, true), at(1000)).reply())
                .isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void whatIsBegunWithinTheRestIsAwaited() {
        resting.typing(at(1490));
        assertThat(resting.tick(at(1500))).isEqualTo(Move.NOTHING);
        assertThat(resting.typed(line(Meaning.REFUSE, true), at(2600)).reply())
                .isInstanceOf(Reply.Written.class);
    }

    @Test
    void typingWithoutEndUndoesIt() {
        resting.typing(at(1000));
        assertThat(resting.tick(at(7000)).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void aSpokenYesIsUndoneByATypedNoAndAnotherKeyUndoesATypedOne() {
        var spoken =
                new RestingYes(
                        new Reply.Spoken(
                                Meaning.AGREE,
                                new SpokenWords("ja"),
                                0.9,
                                300,
                                false,
                                Duration.ZERO),
                        YES_OR_NO,
                        TIMING,
                        false,
                        START);
        assertThat(spoken.typed(line(Meaning.REFUSE, true), at(300)).reply())
                .isInstanceOf(Reply.Written.class);
        assertThat(resting.keyDown('2', at(200), at(200)).reply())
                .isInstanceOf(Reply.Conflict.class);
    }

    @Test
    void nothingPrintsWhatWasTyped() {
        var typed = new TypedLine(Meaning.AGREE, '1', new SpokenWords("jawohl"), true);
        var reply = new Reply.Written(Meaning.AGREE, '1', new SpokenWords("jawohl"), Duration.ZERO);
        assertThat(typed + " " + reply).doesNotContain("jawohl", "AGREE", "1");
    }
}
