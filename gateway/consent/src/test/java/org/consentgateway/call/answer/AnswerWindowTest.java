package org.consentgateway.call.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.call.answer.ReplyWindow.Move;
import org.consentgateway.call.answer.ReplyWindow.Prompting;
import org.consentgateway.consent.SpokenWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are milliseconds since the start of the question. */
class AnswerWindowTest {
    private static final Expecting YES_OR_NO =
            new Expecting(
                    Map.of('1', Meaning.AGREE, '2', Meaning.REFUSE),
                    EnumSet.of(Meaning.AGREE, Meaning.REFUSE, Meaning.HEDGED));
    private static final long START = 5_000_000_000L;
    private static final Said FAILED = new Said(10, 5, 0, true, Said.End.SEND_FAILED);

    private final AnswerWindow window =
            new AnswerWindow(
                    YES_OR_NO, AnswerTiming.DEFAULT, START, QuestionPut.after(Duration.ZERO));

    private static long at(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }

    private Move key(char digit, long millis) {
        return window.keyDown(digit, at(millis), at(millis));
    }

    private Move words(Meaning meaning, long millis) {
        return window.words(meaning, new SpokenWords("ja"), 0.8, 300, false, at(millis));
    }

    private Move promptEnds(long millis) {
        return window.promptEnded(new Said(1, 1, 0, true, Said.End.COMPLETED), at(millis));
    }

    private Reply replyAtNextTick() {
        return Objects.requireNonNull(window.tick(window.nextTick()).reply());
    }

    @Test
    void aNoThatIsSaidBehindStarIsThatNo() {
        var known =
                new AnswerWindow(
                        KeyMeanings.ofYesOrNo(true).withdrawing("*9"),
                        AnswerTiming.DEFAULT,
                        START,
                        QuestionPut.after(Duration.ZERO));
        known.keyDown('*', at(1000), at(1000));
        known.speechStarted(at(1200));
        Move move = known.words(Meaning.REFUSE, new SpokenWords("nein"), 0.8, 300, false, at(1700));

        assertThat(move.reply())
                .isInstanceOfSatisfying(
                        Reply.Spoken.class,
                        no -> assertThat(no.meaning()).isEqualTo(Meaning.REFUSE));
    }

    @Test
    void aKeyStopsThePromptAndDecidesAtOnce() {
        Move move = key('1', 1000);

        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply())
                .isEqualTo(new Reply.Key('1', Meaning.AGREE, false, Duration.ofSeconds(1)));
    }

    @Test
    void afterTheReplyNothingCounts() {
        key('2', 1000);

        assertThat(key('1', 1100)).isEqualTo(Move.NOTHING);
        assertThat(window.speechStarted(at(1150))).isEqualTo(Move.NOTHING);
        assertThat(words(Meaning.AGREE, 1200)).isEqualTo(Move.NOTHING);
        assertThat(window.nothing(at(1300))).isEqualTo(Move.NOTHING);
        assertThat(window.recogniserFailed(at(1400))).isEqualTo(Move.NOTHING);
        assertThat(window.promptEnded(FAILED, at(1500))).isEqualTo(Move.NOTHING);
        assertThat(window.held(true, at(1600))).isEqualTo(Move.NOTHING);
        assertThat(window.tick(at(60_000))).isEqualTo(Move.NOTHING);
        assertThat(window.nextTick()).isEqualTo(ReplyWindow.NEVER);
    }

    @Test
    void aKeyThatWentDownBeforeTheQuestionDoesNotCountHoweverLateItArrives() {
        assertThat(window.keyDown('1', at(-50), at(400))).isEqualTo(Move.NOTHING);
        assertThat(key('1', 299)).isEqualTo(Move.NOTHING);
        assertThat(key('1', 300).reply()).isInstanceOf(Reply.Key.class);
    }

    @Test
    void speechLowersThePromptAndDecidesNothing() {
        assertThat(window.speechStarted(at(1000))).isEqualTo(Move.LOWER);
    }

    @Test
    void aWordOfThisQuestionMakesThePromptStandStillAndDecidesNothing() {
        window.speechStarted(at(1000));
        assertThat(window.likely(Meaning.AGREE, at(1200))).isEqualTo(Move.PAUSE);
        assertThat(window.likely(Meaning.AGREE, at(1300))).isEqualTo(Move.NOTHING);
    }

    @Test
    void whatWasNothingLetsThePromptGoOnAndCostsNoAttempt() {
        window.speechStarted(at(1000));
        window.likely(Meaning.REFUSE, at(1200));
        assertThat(window.nothing(at(1600))).isEqualTo(Move.GO_ON_AND_LISTEN_AGAIN);
        assertThat(window.nextTick()).isEqualTo(ReplyWindow.NEVER);
        promptEnds(9000);
        assertThat(window.nextTick()).as("a second try").isEqualTo(at(11_000));
        assertThat(replyAtNextTick()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void speechWithoutAWordOfThisQuestionDoesNotKeepThePromptLow() {
        window.speechStarted(at(1000));
        assertThat(window.nextTick()).isEqualTo(at(2000));
        assertThat(window.tick(at(2000))).isEqualTo(Move.GO_ON);
        assertThat(window.nextTick()).as("no utterance is longer").isEqualTo(at(7000));
        assertThat(window.tick(at(7000))).isEqualTo(Move.LISTEN_AGAIN);
        assertThat(window.nextTick()).isEqualTo(ReplyWindow.NEVER);
    }

    @Test
    void aTelevisionCannotMakeThePromptStandStillForEver() {
        long now = 1000;
        for (int word = 0; word < 3; word++, now += 1000) {
            window.speechStarted(at(now));
            assertThat(window.likely(Meaning.AGREE, at(now + 100)).prompt())
                    .isEqualTo(Prompting.PAUSED);
            window.nothing(at(now + 500));
        }
        window.speechStarted(at(now));
        assertThat(window.likely(Meaning.AGREE, at(now + 100))).isEqualTo(Move.NOTHING);
        assertThat(words(Meaning.REFUSE, now + 500).reply())
                .as("understood all the same")
                .isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void speechThatGoesOnBehindThePromptIsHeardOut() {
        window.speechStarted(at(3000));
        promptEnds(3500);
        assertThat(window.nextTick()).isEqualTo(at(9000));
        assertThat(words(Meaning.REFUSE, 4000).reply()).isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void aSpokenYesIsAnsweredAtOnceAndRestsElsewhere() {
        window.speechStarted(at(1000));
        Move move = words(Meaning.AGREE, 1400);
        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply()).isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void aSpokenNoDecidesAtOnce() {
        window.speechStarted(at(1000));
        assertThat(words(Meaning.REFUSE, 1300).reply()).isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void aKeyAgainstTheWordsIsAConflict() {
        window.speechStarted(at(1000));
        key('2', 1200);
        assertThat(words(Meaning.AGREE, 1400).reply()).isInstanceOf(Reply.Conflict.class);
    }

    @Test
    void twoKeysDuringOneUtteranceAreAConflict() {
        window.speechStarted(at(1000));
        key('1', 1200);
        assertThat(key('2', 1300).reply()).isInstanceOf(Reply.Conflict.class);
    }

    @Test
    void theSameKeyTwiceDuringOneUtteranceIsThatKey() {
        window.speechStarted(at(1000));
        key('1', 1200);
        assertThat(key('1', 1300)).isEqualTo(Move.NOTHING);
        assertThat(replyAtNextTick())
                .isEqualTo(new Reply.Key('1', Meaning.AGREE, false, Duration.ofMillis(1200)));
        assertThat(window.recogniserFailed(at(2000))).as("once").isEqualTo(Move.NOTHING);
    }

    @Test
    void aKeyWithMumblingIsTheKey() {
        window.speechStarted(at(1000));
        key('1', 1200);
        assertThat(window.nothing(at(1500)).reply())
                .isEqualTo(new Reply.Key('1', Meaning.AGREE, false, Duration.ofMillis(1200)));
    }

    @Test
    void aKeyDoesNotWaitForALateRecogniser() {
        window.speechStarted(at(1000));
        key('1', 1200);
        assertThat(window.nextTick()).isEqualTo(at(1900));
        assertThat(replyAtNextTick()).isInstanceOf(Reply.Key.class);
    }

    @Test
    void hedgingIsNoYes() {
        window.speechStarted(at(1000));
        assertThat(words(Meaning.HEDGED, 1900).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void speechThatBeganBeforeTheQuestionDoesNotCount() {
        window.speechStarted(at(100));
        assertThat(words(Meaning.AGREE, 900)).isEqualTo(Move.GO_ON_AND_LISTEN_AGAIN);
        assertThat(words(Meaning.AGREE, 200)).isEqualTo(Move.LISTEN_AGAIN);
        promptEnds(4000);
        window.speechStarted(at(5000));
        assertThat(words(Meaning.AGREE, 5800).reply()).isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void wordsWithoutABeginningBeganAsLongAgoAsTheyAreLong() {
        assertThat(words(Meaning.AGREE, 599)).as("from 299 on").isEqualTo(Move.LISTEN_AGAIN);
        assertThat(words(Meaning.AGREE, 600).prompt()).isEqualTo(Prompting.STOPPED);
    }

    @Test
    void wordsWithABeginningBeganThere() {
        window.speechStarted(at(400));
        assertThat(words(Meaning.REFUSE, 500).reply()).isInstanceOf(Reply.Spoken.class);
    }

    /** As every question is asked in which something is granted. */
    private static AnswerWindow granting() {
        var expecting =
                new Expecting(YES_OR_NO.keys(), YES_OR_NO.words(), Expecting.Starts.YES_ONCE_PUT);
        return new AnswerWindow(
                expecting, AnswerTiming.DEFAULT, START, QuestionPut.after(Duration.ofMillis(1500)));
    }

    @Test
    void aKeyAgreesOnlyOnceTheQuestionWasPut() {
        AnswerWindow further = granting();

        for (long millis = 440; millis < 1500; millis += 440) {
            assertThat(further.keyDown('1', at(millis), at(millis))).isEqualTo(Move.NOTHING);
        }
        assertThat(further.keyDown('1', at(1499), at(1600))).isEqualTo(Move.NOTHING);
        assertThat(further.keyDown('1', at(1500), at(1600)).reply())
                .isEqualTo(new Reply.Key('1', Meaning.AGREE, false, Duration.ofMillis(1500)));
    }

    /** As a question is asked that follows on a refusal. */
    private static AnswerWindow following() {
        var expecting =
                new Expecting(
                        Map.of('1', Meaning.ONE, '2', Meaning.TWO, '0', Meaning.ZERO),
                        EnumSet.of(Meaning.AGREE, Meaning.REFUSE),
                        Expecting.Starts.ONCE_PUT);
        return new AnswerWindow(
                expecting, AnswerTiming.DEFAULT, START, QuestionPut.after(Duration.ofMillis(3000)));
    }

    private static Move says(AnswerWindow of, Meaning meaning, long began, long understood) {
        of.speechStarted(at(began));
        assertThat(of.likely(meaning, at(began + 100)).prompt())
                .as("stands still for an answer alone")
                .isEqualTo(began < 3000 ? Prompting.AS_IT_IS : Prompting.PAUSED);
        return of.words(meaning, new SpokenWords("nein"), 0.8, 300, false, at(understood));
    }

    @Test
    void aNoBehindARefusalCountsOnlyOnceTheNextQuestionWasPut() {
        for (long millis : new long[] {300, 1000, 2000, 2999}) {
            AnswerWindow next = following();
            for (char key : new char[] {'0', '1', '2'}) {
                assertThat(next.keyDown(key, at(millis), at(millis))).isEqualTo(Move.NOTHING);
            }
            assertThat(says(next, Meaning.REFUSE, millis, millis + 500).reply())
                    .as("said %d ms into it", millis)
                    .isNull();
        }
        assertThat(following().keyDown('0', at(3000), at(3000)).reply())
                .isInstanceOf(Reply.Key.class);
        assertThat(says(following(), Meaning.REFUSE, 3000, 3500).reply())
                .isInstanceOf(Reply.Spoken.class);
    }

    /** A menu of three, each named a second after the one before. */
    private static AnswerWindow menu() {
        return new AnswerWindow(
                KeyMeanings.ofMenu(3, false),
                AnswerTiming.DEFAULT,
                START,
                new QuestionPut(
                        Duration.ofMillis(900),
                        Map.of(
                                Meaning.ONE, Duration.ofMillis(1000),
                                Meaning.TWO, Duration.ofMillis(2000),
                                Meaning.THREE, Duration.ofMillis(3000))));
    }

    @Test
    void aChoiceCountsOnlyOnceItWasNamed() {
        assertThat(menu().keyDown('1', at(1000), at(1000)).reply()).isInstanceOf(Reply.Key.class);
        assertThat(menu().keyDown('2', at(1999), at(2010))).isEqualTo(Move.NOTHING);
        assertThat(menu().keyDown('2', at(2000), at(2010)).reply()).isInstanceOf(Reply.Key.class);
        assertThat(chosen(Meaning.THREE, 2900).reply()).as("before its words").isNull();
        assertThat(chosen(Meaning.THREE, 3000).reply()).isInstanceOf(Reply.Spoken.class);
        assertThat(menu().keyDown('0', at(10), at(10)).reply()).as("a no").isNotNull();
    }

    private static Move chosen(Meaning meaning, long beganMillis) {
        AnswerWindow window = menu();
        window.began(at(beganMillis));
        window.speechStarted(at(beganMillis + 40));
        return window.words(
                meaning, new SpokenWords("drei"), 0.9, 300, false, at(beganMillis + 600));
    }

    @Test
    void whereThePromptStoodStillTheFurtherChoicesAreNamedLater() {
        AnswerWindow stood = menu();
        stood.played(Duration.ofMillis(1500), at(4500));
        assertThat(stood.keyDown('2', at(4600), at(4600))).isEqualTo(Move.NOTHING);
        assertThat(stood.keyDown('1', at(4700), at(4700)).reply())
                .as("named before")
                .isInstanceOf(Reply.Key.class);
    }

    @Test
    void whereThePromptStoodStillItsQuestionIsPutLater() {
        AnswerWindow further = granting();

        further.played(Duration.ofMillis(700), at(4500));
        assertThat(further.keyDown('1', at(4600), at(4600))).isEqualTo(Move.NOTHING);
        further.speechStarted(at(4700));
        further.played(Duration.ofMillis(1600), at(5400));
        assertThat(further.words(Meaning.AGREE, new SpokenWords("ja"), 0.8, 300, false, at(5400)))
                .as("it began before")
                .isEqualTo(Move.GO_ON_AND_LISTEN_AGAIN);
        assertThat(further.keyDown('1', at(5400), at(5400)).reply()).isInstanceOf(Reply.Key.class);
    }

    @Test
    void aPromptThatIsAPacketLateIsInTime() {
        AnswerWindow further = granting();

        for (long millis = 60; millis < 1500; millis += 20) {
            further.played(Duration.ofMillis(millis - 60), at(millis));
        }
        assertThat(further.keyDown('1', at(1500), at(1500)).reply()).isInstanceOf(Reply.Key.class);
    }

    private static Move yes(AnswerWindow window, long saidMillis, long toldMillis) {
        window.began(at(saidMillis));
        window.speechStarted(at(saidMillis + 40));
        return window.words(Meaning.AGREE, new SpokenWords("ja"), 0.8, 300, false, at(toldMillis));
    }

    /** A knock has no word in it, so the "ja" behind it has not begun with it. */
    @Test
    void aKnockBeforeTheQuestionWasPutIsNoBeginningOfTheYesBehindIt() {
        AnswerWindow knocked = granting();
        knocked.began(at(1000));
        assertThat(knocked.speechStarted(at(1040))).isEqualTo(Move.LOWER);
        assertThat(knocked.ceased(at(1600)).prompt()).isEqualTo(Prompting.GOES_ON);
        knocked.promptEnded(new Said(1, 1, 0, true, Said.End.COMPLETED), at(3000));
        assertThat(yes(knocked, 4000, 4600).reply()).isInstanceOf(Reply.Spoken.class);

        AnswerWindow early = granting();
        early.speechStarted(at(400));
        early.ceased(at(900));
        assertThat(yes(early, 1300, 2000).reply()).as("itself before").isNull();
    }

    @Test
    void whoSpeaksOverATelevisionHasBegunWhenTheyDid() {
        assertThat(overATelevision(1400).reply()).as("before the question was put").isNull();
        assertThat(overATelevision(1600).reply()).isInstanceOf(Reply.Spoken.class);
    }

    private static Move overATelevision(long fromMillis) {
        AnswerWindow beside = granting();
        beside.began(at(500));
        beside.speechStarted(at(540));
        beside.begunAnew(at(fromMillis), at(fromMillis + 40));
        beside.began(at(fromMillis));
        return beside.words(
                Meaning.AGREE, new SpokenWords("ja"), 0.8, 300, false, at(fromMillis + 600));
    }

    @Test
    void aKnockLeavesTheTimeToAnswerAsItIs() {
        promptEnds(2000);
        long waited = window.nextTick();
        window.speechStarted(at(3000));
        assertThat(window.nextTick()).isNotEqualTo(waited);
        assertThat(window.ceased(at(3600))).isEqualTo(Move.NOTHING);
        assertThat(window.nextTick()).isEqualTo(waited);
        assertThat(replyAtNextTick()).isInstanceOf(Reply.NoInput.class);
    }

    @Test
    void aKnockIntoTheEndOfThePromptIsNoAnswerEither() {
        window.speechStarted(at(1900));
        promptEnds(2000);
        window.ceased(at(2500));
        assertThat(window.nextTick())
                .isEqualTo(at(2000) + AnswerTiming.DEFAULT.firstInput().toNanos());
    }

    @Test
    void aKeyPressedDuringAKnockDecidesWhenNobodyHasSpoken() {
        window.speechStarted(at(1000));
        assertThat(key('1', 1200).reply()).isNull();
        assertThat(window.ceased(at(1600)).reply())
                .isInstanceOfSatisfying(
                        Reply.Key.class, key -> assertThat(key.spokenToo()).isFalse());
    }

    @Test
    void aYesBeganWhenItWasSaidAndNotWhenItWasToldOf() {
        for (boolean startTold : new boolean[] {true, false}) {
            AnswerWindow lagging = granting();
            lagging.began(at(900));
            if (startTold) {
                lagging.speechStarted(at(1700));
            }
            lagging.began(at(900));
            assertThat(
                            lagging.words(
                                            Meaning.AGREE,
                                            new SpokenWords("ja"),
                                            0.8,
                                            300,
                                            false,
                                            at(2200))
                                    .reply())
                    .isNull();
            lagging.began(at(2500));
            lagging.speechStarted(at(2600));
            assertThat(
                            lagging.words(
                                            Meaning.AGREE,
                                            new SpokenWords("ja"),
                                            0.8,
                                            300,
                                            false,
                                            at(3100))
                                    .reply())
                    .isInstanceOf(Reply.Spoken.class);
        }
    }

    @Test
    void refusingCountsAtOnce() {
        assertThat(granting().keyDown('2', at(400), at(400)).reply())
                .isEqualTo(new Reply.Key('2', Meaning.REFUSE, false, Duration.ofMillis(400)));

        AnswerWindow spoken = granting();
        spoken.speechStarted(at(400));
        assertThat(
                        spoken.words(
                                        Meaning.REFUSE,
                                        new SpokenWords("nein"),
                                        0.8,
                                        300,
                                        false,
                                        at(700))
                                .reply())
                .isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void aWordThatBeganBeforeTheQuestionWasPutIsAskedOn() {
        AnswerWindow further = granting();

        assertThat(further.speechStarted(at(1400))).isEqualTo(Move.LOWER);
        assertThat(further.words(Meaning.AGREE, new SpokenWords("ja"), 0.8, 300, false, at(2200)))
                .isEqualTo(Move.GO_ON_AND_LISTEN_AGAIN);
        assertThat(further.nextTick()).isEqualTo(ReplyWindow.NEVER);
        assertThat(further.speechStarted(at(2600))).isEqualTo(Move.LOWER);
        assertThat(
                        further.words(
                                        Meaning.AGREE,
                                        new SpokenWords("ja"),
                                        0.8,
                                        300,
                                        false,
                                        at(3400))
                                .reply())
                .isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void aWordTooEarlyWhoseEndComesAfterThePromptIsWaitedFor() {
        AnswerWindow further = granting();

        further.speechStarted(at(1400));
        further.promptEnded(new Said(1, 1, 0, true, Said.End.COMPLETED), at(1900));
        further.words(Meaning.AGREE, new SpokenWords("ja"), 0.8, 300, false, at(2200));
        assertThat(further.nextTick()).isEqualTo(at(8200));
        assertThat(further.tick(further.nextTick()).reply()).isInstanceOf(Reply.NoInput.class);
    }

    @Test
    void mumblingBeforeTheQuestionWasPutLetsThePromptGoOn() {
        AnswerWindow further = granting();

        further.speechStarted(at(400));
        assertThat(further.nothing(at(900))).isEqualTo(Move.GO_ON_AND_LISTEN_AGAIN);
        assertThat(further.nextTick()).isEqualTo(ReplyWindow.NEVER);
        further.promptEnded(new Said(1, 1, 0, true, Said.End.COMPLETED), at(9000));
        assertThat(further.nextTick()).as("a second try").isEqualTo(at(11_000));
        assertThat(further.tick(further.nextTick()).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void silenceIsNoInputSixSecondsAfterThePrompt() {
        assertThat(window.nextTick()).isEqualTo(ReplyWindow.NEVER);
        promptEnds(4000);
        assertThat(window.tick(at(9999))).isEqualTo(Move.NOTHING);
        assertThat(window.tick(at(10_000)).reply()).isInstanceOf(Reply.NoInput.class);
    }

    @Test
    void aStrangeKeyLeavesASecondTryAndIsThenNoMatch() {
        promptEnds(4000);
        key('7', 5000);
        assertThat(window.nextTick()).isEqualTo(at(7000));
        assertThat(replyAtNextTick()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void aTelevisionCannotKeepTheQuestionOpenForEver() {
        promptEnds(4000);
        long now = 5000;
        Reply reply = null;
        while (reply == null && now < 60_000) {
            window.speechStarted(at(now));
            Move move = window.nothing(at(now + 500));
            reply = move.reply() == null ? window.tick(at(now + 600)).reply() : move.reply();
            now += 1000;
        }
        assertThat(reply).isInstanceOf(Reply.NoMatch.class);
        assertThat(now).isLessThan(18_000);
    }

    @Test
    void aLateRecogniserIsNoMatchAndItsWordsComeTooLate() {
        promptEnds(4000);
        window.speechStarted(at(5000));
        assertThat(window.nextTick()).isEqualTo(at(11_000));
        assertThat(replyAtNextTick()).isInstanceOf(Reply.NoMatch.class);
        assertThat(words(Meaning.AGREE, 11_001)).isEqualTo(Move.NOTHING);
    }

    @Test
    void aCrashedRecogniserLeavesTheKeys() {
        promptEnds(4000);
        window.recogniserFailed(at(4500));
        assertThat(key('1', 5000).reply()).isInstanceOf(Reply.Key.class);
    }

    @Test
    void aCrashedRecogniserSaysNothingMore() {
        window.recogniserFailed(at(1000));
        assertThat(window.speechStarted(at(1100))).isEqualTo(Move.NOTHING);
        assertThat(words(Meaning.AGREE, 2000)).isEqualTo(Move.NOTHING);
        assertThat(window.nothing(at(2100))).isEqualTo(Move.NOTHING);
        assertThat(window.nextTick()).as("the prompt goes on").isEqualTo(ReplyWindow.NEVER);
    }

    @Test
    void aKeyDuringAnUtteranceWhoseRecogniserCrashesIsTheKey() {
        window.speechStarted(at(1000));
        key('2', 1200);
        assertThat(window.recogniserFailed(at(1300)).reply())
                .isEqualTo(new Reply.Key('2', Meaning.REFUSE, false, Duration.ofMillis(1200)));
    }

    @Test
    void aLoweredPromptWhoseRecogniserCrashesGoesOn() {
        window.speechStarted(at(1000));
        assertThat(window.recogniserFailed(at(1300))).isEqualTo(Move.GO_ON);
        assertThat(window.nextTick()).isEqualTo(ReplyWindow.NEVER);
    }

    @Test
    void anUtteranceWhoseRecogniserCrashesLeavesASecondTry() {
        promptEnds(4000);
        window.speechStarted(at(5000));
        assertThat(window.recogniserFailed(at(5500))).isEqualTo(Move.NOTHING);
        assertThat(window.nextTick()).isEqualTo(at(7500));
        assertThat(replyAtNextTick()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void holdFreezesTheClockAndNothingCountsMeanwhile() {
        promptEnds(4000);
        window.held(true, at(5000));
        assertThat(window.nextTick()).isEqualTo(ReplyWindow.NEVER);
        window.speechStarted(at(20_000));
        assertThat(words(Meaning.AGREE, 21_000).reply()).isNull();
        assertThat(key('1', 22_000).reply()).isNull();
        window.held(false, at(65_000));
        assertThat(window.nextTick()).isEqualTo(at(70_000));
        assertThat(key('1', 66_000).reply())
                .isEqualTo(new Reply.Key('1', Meaning.AGREE, false, Duration.ofSeconds(6)));
    }

    /**
     * What is heard on hold may be music; a key is pressed by somebody, and these grant nothing.
     */
    @ParameterizedTest
    @CsvSource({"2, REFUSE", "0, HUMAN"})
    void aKeyThatRefusesOrAsksForAHumanCountsOnHold(char digit, Meaning meaning) {
        var held =
                new AnswerWindow(
                        KeyMeanings.ofYesOrNo(true).withdrawing("*9"),
                        AnswerTiming.DEFAULT,
                        START,
                        QuestionPut.after(Duration.ZERO));
        held.held(true, at(1000));
        for (char nothing : "1*349".toCharArray()) {
            assertThat(held.keyDown(nothing, at(2000), at(2000))).isEqualTo(Move.NOTHING);
        }
        Move move = held.keyDown(digit, at(3000), at(3000));
        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply())
                .isEqualTo(new Reply.Key(digit, meaning, false, Duration.ofSeconds(1)));
    }

    @Test
    void aHoldThatGoesOnOrIsOverAlreadyChangesNothing() {
        promptEnds(4000);
        window.held(false, at(4500));
        window.held(true, at(5000));
        window.held(true, at(6000));
        window.held(false, at(7000));
        window.held(false, at(8000));
        assertThat(window.nextTick()).isEqualTo(at(12_000));
    }

    @Test
    void anUtteranceThatAHoldCutsOffLeavesASecondTry() {
        promptEnds(4000);
        window.speechStarted(at(5000));
        window.held(true, at(5500));
        window.held(false, at(9500));
        assertThat(words(Meaning.AGREE, 9600).reply()).as("what was cut off").isNull();
        assertThat(window.nextTick()).isEqualTo(at(11_500));
        assertThat(replyAtNextTick()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void aPromptThatDidNotReachTheCallerTakesNoAnswer() {
        assertThat(window.promptEnded(FAILED, at(500)).reply())
                .isInstanceOf(Reply.PromptIncomplete.class);
    }

    @Test
    void aPromptIntoTheVoidTakesNoAnswer() {
        var dead = new Said(10, 10, 0, false, Said.End.COMPLETED);
        assertThat(window.promptEnded(dead, at(4000)).reply())
                .isInstanceOf(Reply.PromptIncomplete.class);
    }

    @Test
    void whereSpeechIsNotExpectedItDoesNothing() {
        var keys =
                new AnswerWindow(
                        YES_OR_NO.keysOnly(),
                        AnswerTiming.DEFAULT,
                        START,
                        QuestionPut.after(Duration.ZERO));
        assertThat(keys.speechStarted(at(1000))).isEqualTo(Move.NOTHING);
        assertThat(
                        keys.words(Meaning.AGREE, new SpokenWords("ja"), 1, 300, false, at(1500))
                                .reply())
                .isNull();
    }
}
