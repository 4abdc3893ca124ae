package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.RecordingTargets.Reached.IS_BUSY;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.ScriptedCaller.Typing.*;
import static org.consentgateway.call.TestWorld.*;

import java.time.Duration;
import java.util.List;
import org.consentgateway.call.ScriptedCaller.Hearing;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.request.Task;
import org.junit.jupiter.api.Test;

/** Who reaches nobody leaves a number, by keys, and is told so once it is on disk. */
class CallBackTest {
    private final TestWorld world = new TestWorld();

    private static List<Task.Opened> left(Tape tape) {
        return tape.all(Tape.Happening.TaskLeft.class).stream()
                .map(Tape.Happening.TaskLeft::task)
                .toList();
    }

    private static List<PhoneNumber> numbers(Tape tape) {
        return left(tape).stream().map(Task.Opened::number).toList();
    }

    private static CallOutcome.Path path(Tape tape) {
        return ((CallOutcome.Refused) tape.outcome()).then();
    }

    @Test
    void oneTakesTheNumberShown() {
        Tape tape = world.call(CALLING_BACK, KEY_2, KEY_1);

        assertThat(tape.parts())
                .containsSubsequence("refused", "nobody-there", "call-back", "call-back-noted")
                .doesNotContain("goodbye");
        assertThat(numbers(tape)).containsExactly(NUMBER);
        assertThat(path(tape)).isEqualTo(CallOutcome.Path.CALL_BACK);
    }

    @Test
    void twoTakesAnotherNumberAndReadsItBack() {
        Tape tape = world.call(CALLING_BACK, KEY_2, KEY_2, DIALS_A_NUMBER, KEY_1);

        assertThat(tape.parts())
                .containsSubsequence(
                        "call-back-number",
                        "call-back-heard",
                        "privacy-digit.0",
                        "privacy-digit.3",
                        "privacy-digit.0",
                        "privacy-digit.9",
                        "call-back-right",
                        "call-back-noted");
        assertThat(numbers(tape)).containsExactly(ScriptedCaller.TYPED);
    }

    /** After a pause it may go on: "1" is a digit of it, and no yes. */
    @Test
    void aDigitWhileANumberIsReadBackNeverConfirmsIt() {
        Tape tape =
                world.call(
                        CALLING_BACK,
                        KEY_2,
                        KEY_2,
                        DIALS_A_NUMBER,
                        Hearing.PRESSES_1_AND_SAYS_YES_MEANWHILE,
                        DIALS_A_NUMBER,
                        KEY_1);

        assertThat(numbers(tape)).containsExactly(new PhoneNumber("+4930987654123"));
        assertThat(tape.parts())
                .containsSubsequence(
                        "call-back-heard", "call-back-heard", "call-back-right", "call-back-noted")
                .containsOnlyOnce("call-back-number", "call-back-right");
    }

    @Test
    void oneConfirmsOnlyOnceThatIsAsked() {
        Tape tape =
                world.call(CALLING_BACK, KEY_2, KEY_2, DIALS_A_NUMBER, KEY_1_IMPATIENTLY_THEN_2);

        assertThat(tape.parts()).containsSubsequence("call-back-right", "call-back-number");
    }

    @Test
    void whoBeginsAnewOrSaysNoWhileANumberIsReadBackDialsAnew() {
        for (var anew : List.of(Hearing.PRESSES_STAR_MEANWHILE, Hearing.SAYS_NO_MEANWHILE)) {
            Tape tape = world.call(CALLING_BACK, KEY_2, KEY_2, DIALS_A_NUMBER, anew, DIALS_NOTHING);

            assertThat(tape.parts())
                    .containsSubsequence("call-back-heard", "call-back-wrong", "call-back-number")
                    .doesNotContain("call-back-right");
            assertThat(left(tape)).as(anew.name()).isEmpty();
        }
    }

    @Test
    void whatWasMisdialledIsDialledAnew() {
        Tape tape = world.call(CALLING_BACK, KEY_2, KEY_2, DIALS_A_NUMBER, KEY_2, DIALS_NO_NUMBER);

        assertThat(tape.parts())
                .containsSubsequence(
                        "call-back-right",
                        "call-back-number",
                        "call-back-wrong",
                        "call-back-noted");
        assertThat(left(tape)).hasSize(1);
    }

    @Test
    void whoIsNotShownIsAskedToDialAtOnce() {
        Tape tape =
                world.call(CALLING_BACK, world.withheldCaller(), Script.of(KEY_2, DIALS_A_NUMBER));

        assertThat(tape.parts())
                .containsSubsequence("nobody-there", "call-back-number")
                .doesNotContain("call-back");
        assertThat(numbers(tape)).containsExactly(ScriptedCaller.TYPED);
        assertThat(left(tape).getFirst().call().subject()).isNull();
    }

    /** Whoever refuses twice has not refused to be called back: nobody has offered that yet. */
    @Test
    void aNoToWhatWasBeforeIsNoAnswerToTheOffer() {
        for (var again : List.of(KEY_0, KEY_2_ONCE_MORE, SAYS_NO_ONCE_MORE, TYPES_NO_ONCE_MORE)) {
            Tape tape = new TestWorld().call(CALLING_BACK, KEY_2, again, KEY_1);

            assertThat(left(tape)).as(again.name()).hasSize(1);
            assertThat(tape.parts()).as(again.name()).endsWith("call-back", "call-back-noted");
        }
    }

    @Test
    void whoIsNotShownIsToldThatNobodyIsThereWhateverTheyPress() {
        Tape tape =
                world.call(CALLING_BACK, world.withheldCaller(), Script.of(KEY_2, DIALS_A_NUMBER));

        assertThat(tape.all(Tape.Happening.Spoken.class))
                .extracting(Tape.Happening.Spoken::parts)
                .containsSubsequence(
                        List.of("refused", "nobody-there"), List.of("call-back-number"));
    }

    @Test
    void whoWantsNoneIsSaidGoodbyeAndLeavesNothing() {
        for (var answer : List.of(SAYS_NO, SILENT)) {
            Tape tape = world.call(CALLING_BACK, KEY_2, answer, SILENT);

            assertThat(left(tape)).as(answer.name()).isEmpty();
            assertThat(tape.parts()).endsWith("thanks");
            assertThat(path(tape)).isEqualTo(CallOutcome.Path.GOODBYE);
        }
        assertThat(left(world.call(CALLING_BACK, KEY_2, KEY_2, DIALS_NOTHING))).isEmpty();
        assertThat(left(world.call(CALLING_BACK, KEY_2, HANGS_UP_ANSWERING))).isEmpty();
    }

    @Test
    void whoHangsUpWhileTheNumberIsReadBackIsCalledBack() {
        Tape tape = world.call(CALLING_BACK, KEY_2, KEY_2, DIALS_A_NUMBER, HANGS_UP_ANSWERING);

        assertThat(numbers(tape)).containsExactly(ScriptedCaller.TYPED);
        assertThat(path(tape)).isEqualTo(CallOutcome.Path.CALL_BACK);
    }

    @Test
    void whoseNumberIsReadBackWhenTheGatewayShutsDownIsCalledBack() {
        Tape tape = world.call(CALLING_BACK, KEY_2, KEY_2, DIALS_A_NUMBER, IS_DRAINED_ANSWERING);

        assertThat(numbers(tape)).containsExactly(ScriptedCaller.TYPED);
        assertThat(left(world.call(CALLING_BACK, KEY_2, IS_DRAINED_ANSWERING)))
                .as("who has not said that they want it")
                .isEmpty();
    }

    @Test
    void whoCallsAgainDoesNotFillTheDesk() {
        world.call(CALLING_BACK, KEY_2, KEY_1);
        Tape again = world.call(CALLING_BACK, KEY_2, KEY_1);

        assertThat(left(again)).isEmpty();
        assertThat(again.parts()).endsWith("call-back-noted");
    }

    @Test
    void whatIsNotOnDiskIsNotSaidToBeNoted() {
        CallFacts caller = world.withheldCaller();
        Tape tape =
                world.call(
                        CALLING_BACK,
                        caller,
                        Script.of(KEY_2, DIALS_A_NUMBER),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 2));

        assertThat(tape.parts()).endsWith("apology", "goodbye").doesNotContain("call-back-noted");
        assertThat(path(tape)).isEqualTo(CallOutcome.Path.GOODBYE);
    }

    @Test
    void itIsOfferedWhereNobodyAnswersAndToWhoSaidNothing() {
        Line busy = with(SHORT_LADDER, CALLING_BACK.service());

        assertThat(left(world.call(busy, KEY_2, IS_BUSY, KEY_1))).hasSize(1);
        assertThat(world.call(CALLING_BACK, SILENT, SILENT, SILENT).parts())
                .containsSubsequence("unanswered", "nobody-there", "call-back");
    }

    @Test
    void aTaskOfLongAgoIsOverdue() {
        Tape tape = world.call(CALLING_BACK, KEY_2, KEY_1);
        Task.Opened task = left(tape).getFirst();

        assertThat(task.overdue(task.at().plus(Duration.ofHours(23)))).isFalse();
        assertThat(task.overdue(task.at().plus(Duration.ofHours(24)))).isTrue();
        assertThat(task.toString()).doesNotContain("1701234567");
    }

    @Test
    void whoAsksForItIsSentTheAddressOfTheInformation() {
        world.sendsLinks = true;
        Tape tape = world.call(SHORT_LADDER, KEY_4, KEY_5, KEY_1);

        assertThat(world.links).containsExactly(NUMBER);
        assertThat(tape.parts())
                .containsSubsequence(
                        "information",
                        "information-link",
                        "information-sent",
                        "question.assistant");
    }

    @Test
    void nobodyIsSentWhatTheyDidNotAskForAndNobodyWhoIsNotShown() {
        world.sendsLinks = true;
        Tape silent = world.call(SHORT_LADDER, Hearing.PRESSES_4_MEANWHILE, Hearing.HEARS, SILENT);
        assertThat(silent.parts()).containsSubsequence("information-link", "opening");

        Tape withheld =
                world.call(SHORT_LADDER, world.withheldCaller(), Script.of(KEY_4, KEY_5, KEY_1));
        assertThat(withheld.parts()).contains("information").doesNotContain("information-link");

        Tape no = world.call(SHORT_LADDER, KEY_4, KEY_2);
        assertThat(no.outcome()).isInstanceOf(CallOutcome.Refused.class);
        assertThat(world.links).isEmpty();
    }

    @Test
    void theDisclosureIsToldAgainAndChangesNothing() {
        for (var talking : ScriptedCaller.Talking.values()) {
            Tape usual = new TestWorld().call(ASKING_BACK, KEY_1, talking);
            Tape reminded = new TestWorld().call(REMINDING, KEY_1, talking);

            assertThat(reminded.parts().stream().filter(Parts.REMINDER::equals))
                    .as("once in each stretch of talk")
                    .hasSameSizeAs(reminded.all(Tape.Happening.GateOpened.class));
            assertThat(kinds(reminded)).as(talking.name()).containsExactlyElementsOf(kinds(usual));
            assertThat(reminded.outcome().getClass()).isEqualTo(usual.outcome().getClass());
        }
    }

    /** What happened and was written, but for the reminder. */
    private static List<String> kinds(Tape tape) {
        return tape.all().stream()
                .filter(h -> !h.toString().contains("reminder"))
                .map(h ->
                        h instanceof Tape.Happening.Committed(var record)
                                ? record.getClass().getSimpleName()
                                : h.getClass().getSimpleName())
                .toList();
    }
}
