package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithdrawalWatchTest {
    private static final CompletionStage<Long> CUT_AT = CompletableFuture.completedStage(42L);
    private static final long TOO_LATE = TimeUnit.SECONDS.toNanos(4);
    private static final long IN_TIME = TimeUnit.SECONDS.toNanos(3);

    private final Inbox inbox = new Inbox();

    /** What the call's thread had been told when the audio was cut, each time that it was. */
    private final List<@Nullable Happening> toldAtCut = new ArrayList<>();

    private WithdrawalWatch whileAudioFlows() {
        var watch = new WithdrawalWatch("*9", (_, _) -> false, inbox);
        assertThat(
                        watch.flows(() -> {
                            toldAtCut.add(inbox.take(0));
                            return CUT_AT;
                        }))
                .isTrue();
        return watch;
    }

    @Test
    void theAudioIsCutBeforeAnybodyIsToldOfAWithdrawalByKeys() {
        WithdrawalWatch watch = whileAudioFlows();
        watch.pressed('*', 1);
        assertThat(toldAtCut).isEmpty();
        watch.pressed('9', 2);

        assertThat(toldAtCut).hasSize(1).containsOnlyNulls();
        assertThat(inbox.take(0)).isEqualTo(new Happening.Withdrew(Method.KEY, 2, CUT_AT));
    }

    @Test
    void theAudioIsCutBeforeAnybodyIsToldOfASpokenWithdrawal() {
        whileAudioFlows().spoken(3);

        assertThat(toldAtCut).hasSize(1).containsOnlyNulls();
        assertThat(inbox.take(0)).isEqualTo(new Happening.Withdrew(Method.SPEECH, 3, CUT_AT));
    }

    @Test
    void theAudioIsCutBeforeAnybodyIsToldOfAWithdrawalInAnotherCall() {
        whileAudioFlows().elsewhere(EndOfConsent.How.ERASED, 4);

        assertThat(toldAtCut).hasSize(1).containsOnlyNulls();
        assertThat(inbox.take(0))
                .isEqualTo(new Happening.EndedElsewhere(EndOfConsent.How.ERASED, 4, CUT_AT));
    }

    @Test
    void theNextKeyIsWaitedForASecondAndNothingWhereNoneWasBegun() {
        WithdrawalWatch watch = whileAudioFlows();
        assertThat(watch.begunWaitNanos(0)).isZero();
        watch.pressed('9', 100);
        assertThat(watch.begunWaitNanos(100)).isZero();
        watch.pressed('*', 200);
        assertThat(watch.begunWaitNanos(300)).isEqualTo(TimeUnit.SECONDS.toNanos(1) - 100);
        assertThat(watch.begunWaitNanos(IN_TIME)).isZero();
        watch.pressed('9', 400);
        assertThat(watch.begunWaitNanos(400)).isZero();
    }

    @Test
    void aLineThatIsBeingTypedIsWaitedForUntilItsPause() {
        WithdrawalWatch watch = whileAudioFlows();
        watch.typing("Einwilligung", 200);
        assertThat(watch.begunWaitNanos(200)).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
        watch.typed("Einwilligung", 100, 300);
        assertThat(watch.begunWaitNanos(300)).isZero();
    }

    @Test
    void oneWithdrawalIsToldOnce() {
        WithdrawalWatch watch = whileAudioFlows();
        watch.spoken(1);
        watch.elsewhere(EndOfConsent.How.ERASED, 2);
        watch.pressed('*', 3);
        watch.pressed('9', 4);

        assertThat(inbox.take(0)).isInstanceOf(Happening.Withdrew.class);
        assertThat(inbox.take(0)).isNull();
        assertThat(toldAtCut).hasSize(1);
    }

    @Test
    void aWithdrawalBehindAnEndElsewhereIsToldOnceAndWhatFlowedIsCutAlready() {
        WithdrawalWatch watch = whileAudioFlows();
        watch.elsewhere(EndOfConsent.How.WITHDRAWN, 1);
        watch.elsewhere(EndOfConsent.How.WITHDRAWN, 2);
        watch.spoken(3);
        watch.spoken(4);

        assertThat(inbox.take(0))
                .isEqualTo(new Happening.EndedElsewhere(EndOfConsent.How.WITHDRAWN, 1, CUT_AT));
        assertThat(inbox.take(0)).isEqualTo(new Happening.Withdrew(Method.SPEECH, 3, null));
        assertThat(inbox.take(0)).isNull();
        assertThat(toldAtCut).hasSize(1);
        assertThat(watch.flows(() -> CUT_AT)).isFalse();
    }

    @Test
    void whoIsErasedHasNothingLeftToWithdraw() {
        WithdrawalWatch watch = whileAudioFlows();
        watch.elsewhere(EndOfConsent.How.ERASED, 1);
        watch.spoken(2);

        assertThat(inbox.take(0)).isInstanceOf(Happening.EndedElsewhere.class);
        assertThat(inbox.take(0)).isNull();
    }

    @Test
    void otherKeysAndSlowOnesWithdrawNothing() {
        WithdrawalWatch watch = whileAudioFlows();
        watch.pressed('9', 1);
        watch.pressed('*', 2);
        watch.pressed('8', 3);
        watch.pressed('*', 4);
        watch.pressed('9', 4 + TOO_LATE);

        assertThat(inbox.take(0)).isNull();
        assertThat(toldAtCut).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*9", " *9", "* 9", "*9.", "(*9)", "\u201E*9\u201C"})
    void typedKeysCountWithBlanksAndPunctuation(String line) {
        whileAudioFlows().typing(line, 3);

        assertThat(inbox.take(0)).isEqualTo(new Happening.Withdrew(Method.TEXT, 3, CUT_AT));
    }

    /** A line that was changed after its pause, or of which something was lost. */
    @ParameterizedTest
    @ValueSource(strings = {"*9\uFFFD", "* 9. \uFFFD"})
    void typedKeysCountInALineThatBearsAMark(String line) {
        whileAudioFlows().typed(line, 1, 3);

        assertThat(inbox.take(0)).isEqualTo(new Happening.Withdrew(Method.TEXT, 3, CUT_AT));
    }

    @Test
    void typedKeysCountALineEachAsSlowlyAsTheyArePressed() {
        WithdrawalWatch watch = whileAudioFlows();
        watch.typed("*", 1, 2);
        watch.typed("9", 1 + TOO_LATE, 2 + TOO_LATE);
        assertThat(inbox.take(0)).isNull();

        watch.typed("*", 2 * TOO_LATE, 2 * TOO_LATE + 1);
        watch.typed("9", 2 * TOO_LATE + IN_TIME, 3 * TOO_LATE);
        assertThat(inbox.take(0))
                .isEqualTo(new Happening.Withdrew(Method.TEXT, 3 * TOO_LATE, CUT_AT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "9", "* 8", "*98", "19", "9*", "* 9 Uhr", "\uFFFD", "*8\uFFFD", "."})
    void otherLinesWithdrawNothing(String line) {
        WithdrawalWatch watch = whileAudioFlows();
        watch.typing(line, 1);
        watch.typed(line, 1, 2);

        assertThat(inbox.take(0)).isNull();
    }

    @Test
    void whereNothingFlowsThereIsNothingToCut() {
        var watch = new WithdrawalWatch("*9", (_, _) -> false, inbox);
        watch.pressed('*', 1);
        watch.pressed('9', 2);

        assertThat(inbox.take(0)).isEqualTo(new Happening.Withdrew(Method.KEY, 2, null));
    }

    @Test
    void afterTheTalkThereIsNothingToCut() {
        WithdrawalWatch watch = whileAudioFlows();
        watch.flowsNoMore();
        watch.spoken(3);

        assertThat(toldAtCut).isEmpty();
        assertThat(inbox.take(0)).isEqualTo(new Happening.Withdrew(Method.SPEECH, 3, null));
    }

    @Test
    void whatWasWithdrawnJustBeforeTheGateDoesNotFlow() {
        var watch = new WithdrawalWatch("*9", (_, _) -> false, inbox);
        watch.pressed('*', 1);
        watch.pressed('9', 2);

        assertThat(watch.flows(() -> CUT_AT)).isFalse();
    }
}
