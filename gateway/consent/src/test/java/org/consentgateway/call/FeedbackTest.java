package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.TestWorld.*;

import java.util.List;
import org.consentgateway.call.ScriptedCaller.Talking;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.request.Task;
import org.junit.jupiter.api.Test;

/** After a talk at most two questions, and a way to complain. */
class FeedbackTest {
    private final TestWorld world = new TestWorld();

    private static List<Task.Opened> left(Tape tape) {
        return tape.all(Tape.Happening.TaskLeft.class).stream()
                .map(Tape.Happening.TaskLeft::task)
                .toList();
    }

    @Test
    void clarityAndHelpAreAskedAfterATalkWithTheAssistant() {
        Tape tape = world.call(ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, KEY_4, KEY_2);

        assertThat(tape.parts()).endsWith("satisfaction", "helped", "thanks");
        assertThat(tape.all(Tape.Happening.Satisfied.class))
                .containsExactly(new Tape.Happening.Satisfied(4));
        assertThat(tape.all(Tape.Happening.Helped.class))
                .containsExactly(new Tape.Happening.Helped(false));
    }

    @Test
    void bothAreAskedAfterARefusalOnceThePersonHasHungUp() {
        Tape tape = world.call(ASKING_BACK, KEY_2, Talking.FAR_END_HANGS_UP, KEY_1, KEY_1);

        assertThat(tape.parts()).endsWith("satisfaction", "helped", "thanks");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Refused.class);
    }

    @Test
    void aDigitMayBeSpoken() {
        Tape tape = world.call(ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, SAYS_TWO);

        assertThat(tape.all(Tape.Happening.Satisfied.class))
                .containsExactly(new Tape.Happening.Satisfied(2));
    }

    @Test
    void whoAnswersNothingIsAskedTwiceAtMost() {
        Tape tape = world.call(ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, SILENT, MUMBLES);

        assertThat(tape.has(Tape.Happening.Satisfied.class)).isFalse();
        assertThat(tape.has(Tape.Happening.Helped.class)).isFalse();
        assertThat(tape.parts()).containsOnlyOnce("satisfaction").containsOnlyOnce("helped");
    }

    @Test
    void theSameKeyOnceMoreIsNoAnswerToTheSecondQuestion() {
        Tape tape =
                world.call(ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, KEY_2, KEY_2_ONCE_MORE);

        assertThat(tape.parts()).endsWith("satisfaction", "helped", "thanks");
        assertThat(tape.has(Tape.Happening.Helped.class)).isFalse();
    }

    @Test
    void nothingIsAskedWhereTheLineDoesNotWantIt() {
        Line without = with(SHORT_LADDER, new Line.Service(false, true, null, null));

        assertThat(world.call(without, KEY_1, Talking.FAR_END_HANGS_UP).parts())
                .doesNotContain("satisfaction", "helped");
    }

    @Test
    void sevenComplainsAndLeavesANumberOrNone() {
        Tape tape = world.call(ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, KEY_7, KEY_1);
        assertThat(tape.parts())
                .endsWith("satisfaction", "complaint", "call-back", "complaint-noted");
        assertThat(left(tape))
                .extracting(Task.Opened::kind, Task.Opened::number)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Task.Kind.COMPLAINT, NUMBER));
        assertThat(left(tape).getFirst().notice().variant()).isEqualTo("a");

        Tape no = world.call(ASKING_BACK, KEY_2, Talking.FAR_END_HANGS_UP, KEY_1, KEY_7, SAYS_NO);
        assertThat(left(no)).extracting(Task.Opened::number).containsOnly((PhoneNumber) null);
        assertThat(no.parts()).endsWith("complaint-noted");
    }

    @Test
    void whoComplainsAndHangsUpHasComplained() {
        Tape tape =
                world.call(ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, KEY_7, HANGS_UP_ANSWERING);

        assertThat(left(tape)).extracting(Task.Opened::kind).containsExactly(Task.Kind.COMPLAINT);
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    /** "We will write down your complaint" was said already. */
    @Test
    void whoComplainsAndWithdrawsHasDoneBoth() {
        Tape tape = world.call(ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, KEY_7, KEYS_STAR_9);

        assertThat(left(tape)).extracting(Task.Opened::kind).containsExactly(Task.Kind.COMPLAINT);
        assertThat(tape.written()).last().isInstanceOf(ConsentRecord.Withdrawn.class);
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
    }

    @Test
    void whoComplainsWhileTheGatewayShutsDownHasComplained() {
        Tape tape =
                world.call(
                        ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, KEY_7, IS_DRAINED_ANSWERING);

        assertThat(left(tape)).extracting(Task.Opened::kind).containsExactly(Task.Kind.COMPLAINT);
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Drained.class);
    }
}
