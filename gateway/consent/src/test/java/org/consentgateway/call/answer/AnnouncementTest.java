package org.consentgateway.call.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.consentgateway.call.answer.ReplyWindow.Move;
import org.consentgateway.call.answer.ReplyWindow.Prompting;
import org.consentgateway.consent.SpokenWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What has to be heard and asks nothing. Times are milliseconds since it began. */
class AnnouncementTest {
    private static final long START = 5_000_000_000L;

    private final AnswerWindow window =
            AnswerWindow.ofAnnouncement(
                    KeyMeanings.ofYesOrNo(true).announcing(), AnswerTiming.DEFAULT, START);

    private static long at(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }

    private Move key(char digit, long millis) {
        return window.keyDown(digit, at(millis), at(millis));
    }

    private Move words(Meaning meaning, long millis) {
        return window.words(meaning, new SpokenWords("nein"), 0.8, 300, false, at(millis));
    }

    private Move ends(long millis) {
        return window.promptEnded(new Said(1, 1, 0, true, Said.End.COMPLETED), at(millis));
    }

    @ParameterizedTest
    @CsvSource({"2, REFUSE", "0, HUMAN", "*, OTHER_LANGUAGE", "4, INFORMATION"})
    void eachOfTheseKeysStopsItFromTheFirstSampleOn(char digit, Meaning meaning) {
        Move move = key(digit, 0);

        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply()).isEqualTo(new Reply.Key(digit, meaning, false, Duration.ZERO));
    }

    @Test
    void aNoThatWentDownJustBeforeItCounts() {
        assertThat(window.keyDown('2', at(-100), at(10)).reply()).isInstanceOf(Reply.Key.class);
    }

    @Test
    void anotherLanguageAskedForJustBeforeItIsNotAskedForTwice() {
        assertThat(window.keyDown('*', at(-100), at(10))).isEqualTo(Move.NOTHING);
    }

    @Test
    void aYesIsAsIfItHadNotBeen() {
        assertThat(key('1', 1000)).isEqualTo(Move.NOTHING);
        assertThat(window.speechStarted(at(1500))).isEqualTo(Move.NOTHING);
        assertThat(words(Meaning.AGREE, 2000)).isEqualTo(Move.LISTEN_AGAIN);
        assertThat(window.speechStarted(at(2500))).isEqualTo(Move.NOTHING);
        assertThat(words(Meaning.HEDGED, 3000)).isEqualTo(Move.LISTEN_AGAIN);
        assertThat(window.nextTick()).isEqualTo(ReplyWindow.NEVER);
        assertThat(ends(4000).reply()).isInstanceOf(Reply.NoInput.class);
    }

    @Test
    void aSpokenNoStopsItAndCountsThoughItBeganWithIt() {
        assertThat(window.speechStarted(at(20))).as("a cough does not").isEqualTo(Move.NOTHING);
        Move move = words(Meaning.REFUSE, 500);

        assertThat(move.prompt()).isEqualTo(Prompting.STOPPED);
        assertThat(move.reply()).isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void aKeyDoesNotWaitForWhoIsSpeaking() {
        window.speechStarted(at(1000));
        assertThat(key('2', 1100).reply()).isInstanceOf(Reply.Key.class);
    }

    @Test
    void itsEndIsTheEnd() {
        assertThat(ends(4000).reply()).isInstanceOf(Reply.NoInput.class);
    }

    @Test
    void aNoThatIsBeingSaidAtItsEndIsWaitedFor() {
        window.speechStarted(at(3900));
        assertThat(ends(4000)).isEqualTo(Move.NOTHING);
        assertThat(window.nextTick()).isEqualTo(at(5100));
        assertThat(words(Meaning.REFUSE, 4500).reply()).isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void aYesThatIsBeingSaidAtItsEndIsNone() {
        window.speechStarted(at(3900));
        ends(4000);
        assertThat(words(Meaning.AGREE, 4300).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void whatMeansNothingAtItsEndIsWaitedForNoLonger() {
        window.speechStarted(at(3900));
        ends(4000);
        assertThat(window.nothing(at(4300)).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void aRecogniserThatFailsAtItsEndHoldsNothingUp() {
        window.speechStarted(at(3900));
        ends(4000);
        assertThat(window.recogniserFailed(at(4300)).reply()).isInstanceOf(Reply.NoMatch.class);
    }

    @Test
    void aTelevisionHoldsNothingUp() {
        window.speechStarted(at(1000));
        assertThat(ends(4000).reply()).isInstanceOf(Reply.NoInput.class);
    }

    @Test
    void whatDidNotReachTheCallerWasNotSaid() {
        var failed = new Said(10, 5, 0, true, Said.End.SEND_FAILED);
        assertThat(window.promptEnded(failed, at(500)).reply())
                .isInstanceOf(Reply.PromptIncomplete.class);
    }

    private static AnswerWindow whileAConsentCanEnd() {
        return AnswerWindow.ofAnnouncement(
                KeyMeanings.ofYesOrNo(true).announcing().withdrawing("*9"),
                AnswerTiming.DEFAULT,
                START);
    }

    @Test
    void whileAConsentCanEndStarWaitsASecondForNine() {
        AnswerWindow known = whileAConsentCanEnd();
        Move move = known.keyDown('*', at(500), at(500));

        assertThat(move.prompt()).isEqualTo(Prompting.PAUSED);
        assertThat(move.reply()).isNull();
        var stopped = new Said(2, 1, 0, true, Said.End.BARGED_IN);
        assertThat(known.promptEnded(stopped, at(520))).isEqualTo(Move.NOTHING);
        assertThat(known.nextTick()).isEqualTo(at(1500));
        assertThat(known.tick(at(1500)).reply())
                .isEqualTo(
                        new Reply.Key('*', Meaning.OTHER_LANGUAGE, false, Duration.ofMillis(500)));
    }

    @Test
    void aNoAfterTheStarIsTheNo() {
        AnswerWindow known = whileAConsentCanEnd();
        known.keyDown('*', at(500), at(500));
        assertThat(known.keyDown('2', at(900), at(900)).reply())
                .isEqualTo(new Reply.Key('2', Meaning.REFUSE, false, Duration.ofMillis(900)));

        AnswerWindow spoken = whileAConsentCanEnd();
        spoken.keyDown('*', at(500), at(500));
        spoken.speechStarted(at(600));
        assertThat(
                        spoken.words(
                                        Meaning.REFUSE,
                                        new SpokenWords("nein"),
                                        0.8,
                                        300,
                                        false,
                                        at(1000))
                                .reply())
                .isInstanceOf(Reply.Spoken.class);
    }

    @Test
    void aYesAfterTheStarChangesTheLanguageAllTheSame() {
        AnswerWindow known = whileAConsentCanEnd();
        known.keyDown('*', at(500), at(500));
        known.speechStarted(at(600));
        Move move = known.words(Meaning.AGREE, new SpokenWords("ja"), 0.8, 300, false, at(1000));

        assertThat(((Reply.Key) java.util.Objects.requireNonNull(move.reply())).meaning())
                .isEqualTo(Meaning.OTHER_LANGUAGE);
    }

    @Test
    void beforeAMenuTwoIsNoRefusal() {
        var menu =
                AnswerWindow.ofAnnouncement(
                        KeyMeanings.ofMenu(3, true).announcing(), AnswerTiming.DEFAULT, START);

        assertThat(menu.keyDown('2', at(500), at(500)).reply()).isNull();
        assertThat(menu.keyDown('0', at(600), at(600)).reply()).isInstanceOf(Reply.Key.class);
    }
}
