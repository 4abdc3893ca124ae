package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Period;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.consentgateway.call.ScriptedCaller.Answering;
import org.consentgateway.call.ScriptedCaller.Resting;
import org.consentgateway.call.ScriptedCaller.Talking;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.junit.jupiter.api.Test;

/**
 * No more callers are listened to at once than the machine can hear: nobody is invited to say what
 * nobody hears, and nobody is told to withdraw by it.
 */
class WhoIsListenedToTest {
    private final TestWorld world = new TestWorld();

    /** These answers, one after the other, and the last from then on. */
    private static BooleanSupplier free(Boolean... answers) {
        Iterator<Boolean> left = Arrays.asList(answers).iterator();
        boolean last = answers[answers.length - 1];
        return () -> left.hasNext() ? left.next() : last;
    }

    @Test
    void whoHasNoPlaceIsAskedByKeysAndNothingSaidCounts() {
        world.questionPlaces = free(false);
        Tape tape = world.call(TestWorld.SHORT_LADDER, Answering.SAYS_YES, Answering.KEY_2);

        assertThat(tape.parts())
                .startsWith("opening", "question-keys.assistant", "repeat-1-keys.assistant");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Refused.class);
    }

    @Test
    void aPlaceThatBecomesFreeIsTakenForTheNextPrompt() {
        world.questionPlaces = free(false, false, true); // in the opening, at the question
        Tape tape = world.call(TestWorld.SHORT_LADDER, Answering.SILENT, Answering.SAYS_YES);

        assertThat(tape.parts())
                .startsWith("opening", "question-keys.assistant", "repeat-1.assistant");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void whatIsBegunByKeysWhileAYesRestsIsNotSaidAnewInOtherWords() {
        world.questionPlaces = free(false, false, false, true);
        Tape tape = world.call(TestWorld.LADDER, Answering.KEY_1, Answering.KEY_2);

        assertThat(tape.all(Tape.Happening.Rests.class))
                .containsExactly(new Tape.Happening.Rests(List.of("question-keys.transcript")));
        assertThat(tape.parts())
                .startsWith("opening", "question-keys.assistant", "question-keys.transcript");
    }

    @Test
    void theWordsThatWithdrawAreNotToldWhereNobodyWouldHearThem() {
        world.talkPlaces = free(false);
        Tape tape =
                world.call(
                        TestWorld.SHORT_LADDER,
                        Answering.SAYS_YES,
                        Resting.SAYS_NOTHING_MORE,
                        Talking.PRESSES_STAR_9);

        assertThat(tape.parts()).contains("confirm-keys.basis").doesNotContain("confirm.basis");
        assertThat(tape.outcome()).as("the keys count").isInstanceOf(CallOutcome.Withdrew.class);
    }

    @Test
    void whatIsBegunWhileAYesRestsIsConfirmedInTheSameWords() {
        world.talkPlaces = free(false, true);
        Tape tape =
                world.call(
                        TestWorld.SHORT_LADDER,
                        world.withheldCaller(),
                        Script.of(Answering.SAYS_YES));

        assertThat(tape.all(Tape.Happening.Rests.class))
                .containsExactly(new Tape.Happening.Rests(List.of("confirm-keys.basis")));
        assertThat(tape.parts()).contains("confirm-keys.basis").doesNotContain("confirm.basis");
    }

    @Test
    void aLevelWithoutTheWordsTakesNoPlaceForThem() {
        var asked = new AtomicInteger();
        world.talkPlaces = () -> asked.incrementAndGet() < 0;
        Level silent =
                Level.of(
                        "basis",
                        List.of(Purpose.ASSISTANT),
                        new ValidityPeriod.ThisCall(),
                        Period.ofYears(3),
                        false);
        Tape tape =
                world.call(
                        TestWorld.line(
                                TestWorld.questions(Line.Dialog.LADDER, Line.Remember.ASK), silent),
                        Answering.KEY_1);

        assertThat(tape.parts()).contains("confirm.basis");
        assertThat(asked).hasValue(0);
    }
}
