package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ConsentCallTest.given;
import static org.consentgateway.call.ConsentCallTest.types;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.TestWorld.*;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.consentgateway.call.ScriptedCaller.Talking;
import org.consentgateway.call.ScriptedCaller.Waiting;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Validity;
import org.consentgateway.consent.journal.Expiries;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.junit.jupiter.api.Test;

class KnownCallerTest {
    private final TestWorld world = new TestWorld();

    @Test
    void aKnownCallerHearsTheDisclosureAndUntilWhenTheConsentHoldsAndNoQuestion() {
        ConsentRecord.Given given = given(world.call(SHORT_LADDER, KEY_1));
        Tape second = world.call(SHORT_LADDER);

        assertThat(second.parts())
                .startsWith(
                        "opening-known",
                        "known-until.basis",
                        "date-day.24",
                        "date-month.11",
                        "date-year.2027",
                        "known-change");
        assertThat(second.parts()).doesNotContain("question.assistant", "confirm.basis");
        assertThat(types(second.committed()))
                .containsExactly("Served", "Used", "AssistantOpened", "AssistantCut");
        assertThat(((ConsentRecord.Used) second.committed().get(1)).grant()).isEqualTo(given.id());
        assertThat(((CallOutcome.Assisted) second.outcome()).basis())
                .isEqualTo(CallOutcome.Basis.KNOWN);
    }

    @Test
    void aClaimedNumberIsNotAKnownCaller() {
        world.call(SHORT_LADDER, KEY_1);
        Tape second = world.call(SHORT_LADDER, world.claimedCaller(), Script.of(KEY_2));

        assertThat(second.parts()).startsWith("opening", "question.assistant");
        assertThat(second.outcome()).isInstanceOf(CallOutcome.Refused.class);
    }

    @Test
    void whoClaimsANumberCannotEndTheConsentOfItsOwner() {
        world.call(SHORT_LADDER, KEY_1);
        world.call(SHORT_LADDER, world.claimedCaller(), Script.of(KEY_2));

        assertThat(world.call(SHORT_LADDER).parts()).startsWith("opening-known");
    }

    @Test
    void aWithheldNumberIsNotAKnownCaller() {
        world.call(SHORT_LADDER, KEY_1);
        Tape second = world.call(SHORT_LADDER, world.withheldCaller(), Script.of(KEY_1));

        assertThat(second.parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void aNumberThatIsWithheldAndToldAllTheSameIsNotAKnownCaller() {
        world.call(SHORT_LADDER, KEY_1);
        CallFacts told =
                new CallFacts(
                        world.ids.get(), "5a", "trunk", "demo", null, CALLER, true, true, true);
        Tape second = world.call(SHORT_LADDER, told, Script.of(KEY_1));

        assertThat(second.parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void afterAWithdrawalTheNextCallAsksAgain() {
        world.call(SHORT_LADDER, KEY_1, Talking.PRESSES_STAR_9);
        Tape second = world.call(SHORT_LADDER, KEY_1);

        assertThat(second.parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void aKnownCallerCanWithdrawAndTheGrantOfTheEarlierCallEnds() {
        ConsentRecord.Given given = given(world.call(SHORT_LADDER, KEY_1));
        Tape second = world.call(SHORT_LADDER, Talking.PRESSES_STAR_9);

        assertThat(second.committed())
                .anySatisfy(r ->
                        assertThat(r)
                                .isInstanceOfSatisfying(
                                        ConsentRecord.Withdrawn.class,
                                        w -> assertThat(w.grant()).isEqualTo(given.id())));
        assertThat(world.call(SHORT_LADDER).parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void whoWithdrawsElsewhereWhileTheDisclosureIsSpokenIsAskedAgain() {
        world.call(SHORT_LADDER, KEY_1);
        world.store.onceServed(world::withdrawElsewhere);
        Tape second = world.call(SHORT_LADDER, KEY_2);

        assertThat(second.parts())
                .containsSubsequence("opening-known", "opening", "question.assistant");
        assertThat(types(second.committed())).doesNotContain("Used");
        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
    }

    @Test
    void whoWithdrawsElsewhereWhileARenewalIsAskedIsNotServedByTheOldConsent() {
        world.call(SHORT_LADDER, KEY_1);
        world.time.pass(Duration.ofDays(340));
        world.store.onceServed(world::withdrawElsewhere);
        Tape second = world.call(SHORT_LADDER, SILENT);

        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
        assertThat(second.outcome()).isInstanceOf(CallOutcome.Unanswered.class);
    }

    @Test
    void aWithdrawalInAnotherCallEndsTheConversationAndIsRecordedOnce() {
        world.call(SHORT_LADDER, KEY_1);
        Tape second = world.call(SHORT_LADDER, Talking.WITHDRAWS_ELSEWHERE);

        assertThat(types(second.committed()))
                .containsExactly(
                        "Served",
                        "Used",
                        "AssistantOpened",
                        "Withdrawn",
                        "AssistantCut",
                        "HolderNotified");
        assertThat(second.parts()).endsWith("withdrawn", "to-human");
        assertThat(second.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
        assertThat(world.call(SHORT_LADDER, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    @Test
    void aWithdrawalInAnotherCallEndsTheRinging() {
        Tape tape = world.call(SHORT_LADDER, KEY_1, Waiting.WITHDRAWS_ELSEWHERE_WAITING);

        assertThat(types(tape.committed())).containsExactly("Served", "Given", "Withdrawn");
        assertThat(tape.all()).contains(new Tape.Happening.Cancelled("assistant"));
        assertThat(tape.parts()).endsWith("withdrawn", "to-human");
    }

    @Test
    void theWithdrawalKeysWorkAtTheQuestionAfterTheConversationToo() {
        Tape tape = world.call(SHORT_LADDER, KEY_1, KEYS_STAR_9);

        assertThat(types(tape.committed()))
                .containsExactly("Served", "Given", "AssistantOpened", "AssistantCut", "Withdrawn");
        assertThat(tape.parts())
                .containsSubsequence("satisfaction", "withdrawn", "to-human")
                .doesNotContain("thanks");
        assertThat(tape.all(Tape.Happening.Satisfied.class)).isEmpty();
        assertThat(world.call(SHORT_LADDER, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    @Test
    void anExpiredConsentIsAskedForAgainAndTheReasonIsSaid() {
        world.call(SHORT_LADDER, KEY_1);
        world.time.pass(Duration.ofDays(366));
        Tape second = world.call(SHORT_LADDER, KEY_1);

        assertThat(second.parts()).startsWith("opening", "why-expired", "question.assistant");
        assertThat(types(second.committed())).contains("Renewed");
        assertThat(((CallOutcome.Assisted) second.outcome()).basis())
                .isEqualTo(CallOutcome.Basis.RENEWED);
        assertThat(world.call(SHORT_LADDER).parts()).startsWith("opening-known");
    }

    @Test
    void aConsentHoldsUntilTheSecondItEnds() {
        ConsentRecord.Given given = given(world.call(withoutRenewal(SHORT_LADDER), KEY_1));
        Instant until = java.util.Objects.requireNonNull(given.grant().until());
        world.time.setWall(until.minusSeconds(20));
        Line neverRenewed = withoutRenewal(SHORT_LADDER);
        assertThat(world.call(neverRenewed).parts()).startsWith("opening-known");

        world.time.setWall(until);
        assertThat(world.call(neverRenewed, KEY_2).parts()).startsWith("opening", "why-expired");
    }

    @Test
    void aConsentThatEndsWhileTheDisclosureIsSpokenIsAskedForAgain() {
        ConsentRecord.Given given = given(world.call(withoutRenewal(SHORT_LADDER), KEY_1));
        Instant until = java.util.Objects.requireNonNull(given.grant().until());
        world.time.setWall(until.minusSeconds(2));
        Tape second = world.call(withoutRenewal(SHORT_LADDER), KEY_2);

        assertThat(second.parts())
                .containsSubsequence(
                        "opening-known", "opening", "why-expired", "question.assistant");
        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
    }

    @Test
    void withinTheRenewalWindowItIsAskedOncePolitely() {
        world.call(SHORT_LADDER, KEY_1);
        world.time.pass(Duration.ofDays(340));
        Tape second = world.call(SHORT_LADDER, KEY_1);

        assertThat(second.parts()).startsWith("opening", "why-renewal", "question.assistant");
        assertThat(types(second.committed())).contains("Renewed");
    }

    @Test
    void silenceToARenewalLeavesTheConsentAsItIs() {
        world.call(SHORT_LADDER, KEY_1);
        world.time.pass(Duration.ofDays(340));
        Tape second = world.call(SHORT_LADDER, SILENT);

        assertThat(second.parts()).doesNotContain("repeat-1.assistant", "unanswered");
        assertThat(types(second.committed()))
                .containsExactly("Served", "Unanswered", "Used", "AssistantOpened", "AssistantCut");
    }

    @Test
    void aNoToARenewalEndsTheConsentAtOnce() {
        world.call(SHORT_LADDER, KEY_1);
        world.time.pass(Duration.ofDays(340));
        Tape second = world.call(SHORT_LADDER, KEY_2);

        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
        assertThat(world.call(SHORT_LADDER, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    @Test
    void aMateriallyChangedTextIsAskedAgainAndAnImmaterialOneIsNot() {
        world.call(SHORT_LADDER, KEY_1);
        world.notices.bump("2026-02", false);
        assertThat(world.call(SHORT_LADDER).parts()).startsWith("opening-known");

        world.notices.bump("2026-03", true);
        Tape third = world.call(SHORT_LADDER, KEY_1);
        assertThat(third.parts()).startsWith("opening", "what-changed", "question.assistant");
        assertThat(given(third).supersedes()).isNotNull();
        assertThat(world.call(SHORT_LADDER).parts()).startsWith("opening-known");
    }

    @Test
    void aPurposeThatWasAddedIsAskedFor() {
        world.call(SHORT_LADDER, KEY_1);
        Level wider =
                TestWorld.level("basis", BASIS.validity(), Purpose.ASSISTANT, Purpose.TRANSCRIPT);
        Line line = TestWorld.line(Line.Dialog.LADDER, "human", false, wider);
        Tape second = world.call(line, KEY_1);

        assertThat(second.parts())
                .startsWith("opening", "new-purpose.transcript", "question.assistant");
    }

    @Test
    void aConsentForThisCallIsAskedForInTheNext() {
        Level brief = TestWorld.level("basis", new Validity.ThisCall(), Purpose.ASSISTANT);
        Line line = TestWorld.line(Line.Dialog.LADDER, "human", false, brief);
        world.call(line, KEY_1);

        assertThat(world.call(line, KEY_1).parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void anExpiredEntryIsWrittenOnceAlsoWhenNobodyCalls() throws JournalUnavailable {
        ConsentRecord.Given given = given(world.call(SHORT_LADDER, KEY_1));
        var expiries = new Expiries(world.store, world.journal, world.ids);
        assertThat(expiries.write(world.time.instant())).isZero();

        world.time.pass(Duration.ofDays(366));
        assertThat(expiries.write(world.time.instant())).isEqualTo(1);
        assertThat(expiries.write(world.time.instant())).isZero();
        assertThat(world.store.log().getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.Expired.class,
                        e -> assertThat(e.grant()).isEqualTo(given.id()));
    }

    @Test
    void anExpiredConsentStaysExpiredWhenTheClockGoesBack() throws JournalUnavailable {
        world.call(SHORT_LADDER, KEY_1);
        world.time.pass(Duration.ofDays(366));
        int written =
                new Expiries(world.store, world.journal, world.ids).write(world.time.instant());
        assertThat(written).isEqualTo(1);
        world.time.setWall(VirtualTime.START.plusSeconds(3600));

        assertThat(world.call(SHORT_LADDER, KEY_2).parts()).startsWith("opening", "why-expired");
    }

    @Test
    void aConsentOfTheFutureIsNotHonoured() {
        world.call(SHORT_LADDER, KEY_1);
        world.time.setWall(VirtualTime.START.minus(Duration.ofDays(1)));

        assertThat(world.call(SHORT_LADDER, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    @Test
    void whileTheStoreIsDownAWithdrawalIsKeptHereAndWrittenWhenItIsBack() {
        world.call(SHORT_LADDER, KEY_1);
        // history, Served, history, Used, AssistantOpened, and then the store dies
        Tape second =
                world.call(
                        SHORT_LADDER,
                        world.knownCaller(),
                        Script.of(Talking.PRESSES_STAR_9),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 5));
        assertThat(types(second.kept()))
                .containsExactly("Withdrawn", "AssistantCut", "HolderNotified");
        assertThat(second.parts()).endsWith("withdrawn", "to-human");
        assertThat(world.journal.writeKept()).as("each kept once").isEqualTo(3);

        world.store.follow(FaultyStore.Plan.HEALTHY, new Tape());
        assertThat(world.call(SHORT_LADDER, KEY_2).parts())
                .as("counts before it is in the store")
                .startsWith("opening", "question.assistant");
        assertThat(world.journal.writeKept()).isZero();
        assertThat(types(world.store.log())).contains("Withdrawn");
        assertThat(world.late.kept()).isEmpty();
    }

    @Test
    void aWithdrawalIsHeldInMemoryWhenTheDiskIsFullToo() {
        world.late.fill();
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        world.knownCaller(),
                        Script.of(KEY_1, Talking.PRESSES_STAR_9),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 4));
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);

        world.store.follow(FaultyStore.Plan.HEALTHY, new Tape());
        assertThat(world.journal.writeKept()).isZero();
        assertThat(types(world.store.log())).contains("Withdrawn");
        assertThat(world.journal.lost()).isZero();
    }

    @Test
    void aGrantThatReachedTheDiskTooLateIsTakenBack() {
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        world.knownCaller(),
                        Script.of(KEY_1),
                        new FaultyStore.Plan(FaultyStore.Fault.LATE, 2));
        assertThat(tape.parts()).contains("apology");
        assertThat(types(world.store.log())).contains("Given");
        assertThat(types(tape.kept())).containsExactly("Given", "Withdrawn");
        assertThat(types(tape.committed())).containsExactly("Served", "Unanswered");

        assertThat(world.call(SHORT_LADDER, KEY_2).parts())
                .startsWith("opening", "question.assistant");
        assertThat(world.journal.writeKept()).isZero();
        assertThat(world.call(SHORT_LADDER, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    private static Line withoutRenewal(Line line) {
        return new Line(
                line.id(),
                line.numbers(),
                line.notice(),
                line.languages(),
                line.questions(),
                List.copyOf(line.levels()),
                line.assistant(),
                line.humans(),
                line.privacy(),
                line.confirmation(),
                line.satisfaction(),
                line.withdrawalKeys(),
                java.time.Period.ZERO,
                line.zone(),
                line.timing());
    }
}
