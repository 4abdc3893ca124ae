package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.RecordingTargets.Reached.*;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.ScriptedCaller.Talking.*;
import static org.consentgateway.call.TestWorld.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
import org.junit.jupiter.api.Test;

/** A no is served: by the first who is there and answers. */
class ToHumanTest {
    private final TestWorld world = new TestWorld();

    private static Line humans(String names) {
        return line(Line.Dialog.LADDER, names, false, BASIS);
    }

    private static List<String> dialled(Tape tape) {
        return tape.all(Tape.Happening.Dialled.class).stream()
                .map(Tape.Happening.Dialled::target)
                .toList();
    }

    @Test
    void theNextIsDialledWhereOneDoesNotAnswer() {
        Tape tape = world.call(humans("front,back,home"), KEY_2, IS_BUSY, PICKS_UP);

        assertThat(dialled(tape)).containsExactly("front", "back");
        assertThat(tape.parts()).containsOnlyOnce("to-human").doesNotContain("goodbye");
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        assertThat(world.openLegs).isZero();
    }

    @Test
    void whoIsClosedIsNotDialled() {
        assertThat(dialled(world.call(humans("closed-front,back"), KEY_2))).containsExactly("back");
    }

    @Test
    void whoMayNotAnswerIsTriedLast() {
        assertThat(dialled(world.call(humans("doubtful-front,back"), KEY_2)))
                .containsExactly("back");
        assertThat(dialled(world.call(humans("doubtful-front,back,home"), KEY_2, IS_BUSY, IS_BUSY)))
                .containsExactly("back", "home", "doubtful-front");
    }

    @Test
    void whoHasJustFailedIsNotDialled() {
        assertThat(dialled(world.call(humans("down-front,back"), KEY_2, IS_BUSY)))
                .containsExactly("back");
        assertThat(dialled(world.call(humans("down-front"), KEY_2))).isEmpty();
    }

    @Test
    void whereNobodyAnswersThereIsAGoodbye() {
        Tape tape = world.call(humans("front,back"), KEY_2, IS_BUSY, IS_BUSY);

        assertThat(dialled(tape)).containsExactly("front", "back");
        assertThat(tape.parts()).endsWith("goodbye");
        assertThat(((CallOutcome.Refused) tape.outcome()).then())
                .isEqualTo(CallOutcome.Path.GOODBYE);
    }

    /** One that answers and sends nothing, or is gone at once, has served nobody. */
    @Test
    void theNextIsDialledWhereOneAnswersAndIsNeverHeard() {
        Tape tape =
                world.call(humans("front,back"), KEY_2, PICKS_UP, NEVER_HEARS_FAR_END, PICKS_UP);

        assertThat(dialled(tape)).containsExactly("front", "back");
        assertThat(tape.parts()).containsOnlyOnce("to-human").doesNotContain("goodbye");
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        assertThat(world.openLegs).isZero();
    }

    @Test
    void whereNobodyIsEverHeardACallBackIsOffered() {
        Line line = with(humans("front"), new Line.Service(true, true, null, null));
        Tape tape = world.call(line, KEY_2, PICKS_UP, NEVER_HEARS_FAR_END, KEY_1);

        assertThat(dialled(tape)).containsExactly("front");
        assertThat(tape.parts()).contains("nobody-there").doesNotContain("satisfaction");
        assertThat(((CallOutcome.Refused) tape.outcome()).then())
                .isEqualTo(CallOutcome.Path.CALL_BACK);
    }

    @Test
    void whoHasTalkedToOneThatIsLostThenIsBroughtToNobodyElse() {
        Tape tape = world.call(humans("front,back"), KEY_2, PICKS_UP, LOSES_FAR_END);

        assertThat(dialled(tape)).containsExactly("front");
    }

    /** It is told once, and may have gone by then. */
    @Test
    void anAssistantIsToldThatWhomItNamedHasAnsweredThoughNobodyIsHeard() {
        Tape tape = handedOverTo("front", "back", PICKS_UP, NEVER_HEARS_FAR_END, PICKS_UP);

        assertThat(dialled(tape)).containsExactly("assistant", "front", "back");
        assertThat(told(tape)).containsExactly(true);
    }

    /** Hangs up, or their side does, while whom the line has is dialled. */
    private CallOutcome.Refused leavesWaiting(String human, Enum<?>... then) {
        List<Enum<?>> events = new ArrayList<>(List.of(KEY_2));
        events.addAll(List.of(then));
        events.add(ScriptedCaller.Waiting.HANGS_UP_WAITING);
        Tape tape = world.call(humans(human), events.toArray(Enum<?>[]::new));
        return (CallOutcome.Refused) tape.outcome();
    }

    /** The BYE may come while we still say where the caller is brought. */
    @Test
    void whoseSideEndsTheCallOnceTheyAreWithAHumanHasNotHungUpOnOne() {
        List<CallEvent> told = new ArrayList<>();
        world.alsoTold = told::add;

        CallOutcome.Refused transferred = leavesWaiting("transferred");
        assertThat(transferred.then()).isEqualTo(CallOutcome.Path.HUMAN);
        assertThat(transferred.trail().hungUp()).isEqualTo(CallEnded.How.CALLER_HUNG_UP);
        assertThat(told).hasAtLeastOneElementOfType(CallEvent.Joined.class);

        told.clear();
        assertThat(leavesWaiting("handed-over").then()).isEqualTo(CallOutcome.Path.HUMAN);
        assertThat(leavesWaiting("front", IS_BUSY).then()).isEqualTo(CallOutcome.Path.HUNG_UP);
        assertThat(told)
                .as("nobody knows whether anybody has answered")
                .doesNotHaveAnyElementsOfTypes(CallEvent.Joined.class);
    }

    private Tape handedOverTo(String colleague, String line, Enum<?>... then) {
        world.colleague = colleague;
        List<Enum<?>> events =
                new ArrayList<>(List.of(KEY_1, PICKS_UP, ScriptedCaller.Talking.IS_HANDED_OVER));
        events.addAll(List.of(then));
        return world.call(humans(line), events.toArray(Enum<?>[]::new));
    }

    private static List<Boolean> told(Tape tape) {
        return tape.all(Tape.Happening.Told.class).stream()
                .map(Tape.Happening.Told::reached)
                .toList();
    }

    @Test
    void whoIsHandedOverToSomebodyWhoDoesNotAnswerReachesTheNextOfTheLine() {
        Tape tape = handedOverTo("front", "front,back,home", IS_BUSY, IS_BUSY, PICKS_UP);

        assertThat(dialled(tape)).containsExactly("assistant", "front", "back", "home");
        assertThat(tape.parts()).containsOnlyOnce("to-human").doesNotContain("goodbye");
        assertThat(told(tape)).as("at once, of the one it has named").containsExactly(false);
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
    }

    @Test
    void whoIsHandedOverToSomebodyWhoIsNotThereReachesTheNextOfTheLine() {
        for (String absent : List.of("closed-front", "down-front")) {
            Tape tape = handedOverTo(absent, absent + ",back", PICKS_UP);

            assertThat(dialled(tape)).containsExactly("assistant", "back");
            assertThat(told(tape)).containsExactly(false);
        }
    }

    @Test
    void whomTheAssistantNamesIsTriedFirst() {
        Tape tape = handedOverTo("doubtful-front", "back", PICKS_UP);

        assertThat(dialled(tape)).containsExactly("assistant", "doubtful-front");
        assertThat(told(tape)).containsExactly(true);
    }

    @Test
    void whereTheOnlyHumanIsClosedAHandOverEndsWithAGoodbye() {
        Tape tape = handedOverTo("closed-front", "closed-front");

        assertThat(dialled(tape)).containsExactly("assistant");
        assertThat(told(tape)).containsExactly(false);
        assertThat(tape.parts()).endsWith("goodbye").doesNotContain("to-human");
    }

    /** It waits to be told how that went, and hears first that nothing holds any more. */
    @Test
    void anAssistantThatHasHandedOverIsToldOfAnEndElsewhere() {
        for (EndOfConsent.How how : List.of(EndOfConsent.How.WITHDRAWN, EndOfConsent.How.ERASED)) {
            for (ScriptedCaller.Waiting then :
                    List.of(
                            ScriptedCaller.Waiting.WAITS,
                            ScriptedCaller.Waiting.HANGS_UP_WAITING,
                            ScriptedCaller.Waiting.IS_DRAINED_WAITING)) {
                var story = new ToHumanTest();
                story.whenHandedOver(() -> story.world.endElsewhere(how));
                Tape tape = story.handedOverTo("front", "back", PICKS_UP, then);

                assertThat(told(tape)).as("%s, %s", how, then).isEmpty();
                assertThat(tape.all(Tape.Happening.ToldOfEnd.class))
                        .containsExactly(new Tape.Happening.ToldOfEnd(how));
                assertThat(tape.written().getLast())
                        .isInstanceOf(ConsentRecord.HolderNotified.class);
                assertThat(tape.has(Tape.Happening.TalkedToHuman.class))
                        .isEqualTo(then == ScriptedCaller.Waiting.WAITS);
            }
        }
    }

    private void whenHandedOver(Runnable what) {
        world.alsoTold =
                event -> {
                    if (event instanceof CallEvent.Committed
                            && world.store.log().getLast() instanceof ConsentRecord.AssistantCut) {
                        what.run();
                    }
                };
    }

    /** Their telephone system would keep it. */
    @Test
    void aPersonIsNotToldThatTheCallerHasWithdrawn() {
        Tape tape =
                world.call(
                        humans("front"),
                        KEY_1,
                        IS_BUSY,
                        ScriptedCaller.Waiting.WAITS,
                        PICKS_UP,
                        ScriptedCaller.Waiting.WITHDRAWS_WAITING);

        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
        assertThat(Objects.requireNonNull(world.targets).humansHungUpOn)
                .hasSize(2)
                .containsOnly(Ending.NORMAL);
    }

    /** Found in the product before: a second note stood behind the first, as not delivered. */
    @Test
    void anAssistantThatWasToldOfAnEndElsewhereIsToldOfNoWithdrawalBehindIt() {
        whenHandedOver(() -> world.endElsewhere(EndOfConsent.How.WITHDRAWN));
        Tape tape =
                handedOverTo(
                        "front",
                        "back",
                        IS_BUSY,
                        ScriptedCaller.Waiting.WAITS,
                        PICKS_UP,
                        ScriptedCaller.Waiting.WITHDRAWS_WAITING);

        assertThat(dialled(tape)).startsWith("assistant", "front", "back");
        assertThat(tape.has(Tape.Happening.TriesToWithdraw.class)).isTrue();
        assertThat(tape.written())
                .filteredOn(ConsentRecord.HolderNotified.class::isInstance)
                .hasSize(1);
    }

    /** Nobody has told it, and the receipt says so. */
    @Test
    void aWithdrawalBehindTheEndOfAHandOverIsRecordedAsNotDelivered() {
        world.assistants = RecordingTargets.Kind.SOCKET;
        Tape tape =
                handedOverTo(
                        "front",
                        "back",
                        IS_BUSY,
                        ScriptedCaller.Waiting.WAITS,
                        PICKS_UP,
                        ScriptedCaller.Waiting.WITHDRAWS_WAITING);

        assertThat(tape.written())
                .filteredOn(ConsentRecord.HolderNotified.class::isInstance)
                .singleElement()
                .extracting(record -> ((ConsentRecord.HolderNotified) record).delivered())
                .isEqualTo(false);
    }

    /** It is gone by then. */
    @Test
    void anAssistantThatWasToldHowItsHandOverWentHearsOfNoEndBehindIt() {
        world.alsoTold =
                event -> {
                    if (event instanceof CallEvent.TaskOpened) {
                        world.endElsewhere(EndOfConsent.How.WITHDRAWN);
                    }
                };
        Tape tape =
                world.call(
                        CALLING_BACK,
                        KEY_1,
                        PICKS_UP,
                        ScriptedCaller.Talking.IS_HANDED_OVER,
                        IS_BUSY);

        assertThat(tape.parts()).endsWith("call-back-noted");
        assertThat(told(tape)).containsExactly(false);
        assertThat(tape.has(Tape.Happening.ToldOfEnd.class)).isFalse();
    }

    @Test
    void whereAllAreClosedNobodyIsSaidToBeDialled() {
        Tape tape = world.call(humans("closed-front"), KEY_2);

        assertThat(dialled(tape)).isEmpty();
        assertThat(tape.parts()).contains("refused", "goodbye").doesNotContain("to-human");
    }
}
