package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ConsentCallTest.types;
import static org.consentgateway.call.TestWorld.LADDER;
import static org.consentgateway.call.TestWorld.REMEMBERING_ALL;
import static org.consentgateway.call.TestWorld.SHORT_LADDER;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.consentgateway.call.ScriptedCaller.Answering;
import org.consentgateway.call.ScriptedCaller.Talking;
import org.consentgateway.call.ScriptedCaller.Waiting;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.AssistantCut;
import org.consentgateway.consent.ConsentRecord.AssistantOpened;
import org.consentgateway.consent.ConsentRecord.HolderNotified;
import org.consentgateway.consent.ConsentRecord.PurposeDecided;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.junit.jupiter.api.Test;

/** The assistant asks for one more purpose in the middle of a talk; the caller ends one. */
class StepUpTest {
    private final TestWorld world = new TestWorld();

    private static List<String> records(Tape tape) {
        return tape.written().stream()
                .map(r ->
                        switch (r) {
                            case ConsentRecord.Given given ->
                                    "Given " + given.grant().level().purposes();
                            case ConsentRecord.PurposeDecided decided ->
                                    decided.purpose() + " " + decided.outcome();
                            default -> r.getClass().getSimpleName();
                        })
                .toList();
    }

    private static List<String> told(Tape tape) {
        return tape.all(Tape.Happening.ToldOfPurpose.class).stream()
                .map(each ->
                        switch (each.news()) {
                            case PurposeNews.Declined declined -> "Declined " + declined.why();
                            case PurposeNews.Ended(_, var left) -> "Ended, left " + left.purposes();
                            case PurposeNews.Granted(_, var grant) -> "Granted " + grant.purposes();
                            case PurposeNews.AskedNow(Purpose purpose) -> "Asking " + purpose;
                        })
                .toList();
    }

    private static List<List<String>> asked(Tape tape) {
        return tape.all(Tape.Happening.Asked.class).stream()
                .map(Tape.Happening.Asked::parts)
                .toList();
    }

    /** Agreed to the first purpose, answered nothing further, and is asked for one more. */
    private Tape afterTheFirstYes(Enum<?>... then) {
        return call(
                List.of(
                        Answering.KEY_1,
                        Answering.SILENT,
                        Answering.SILENT,
                        Answering.SILENT,
                        Talking.IS_ASKED_FOR_MORE),
                then);
    }

    private Tape afterThreeYeses(Enum<?>... then) {
        return call(List.of(Answering.KEY_1, Answering.KEY_1, Answering.KEY_1), then);
    }

    private Tape call(List<Enum<?>> first, Enum<?>... then) {
        var all = new ArrayList<Enum<?>>(first);
        all.addAll(List.of(then));
        return world.call(LADDER, all.toArray(Enum<?>[]::new));
    }

    @Test
    void aYesIsRecordedAndToldAndTheTalkGoesOnWithMore() {
        Tape tape = afterTheFirstYes(Answering.KEY_1, Talking.FAR_END_HANGS_UP);

        assertThat(records(tape))
                .containsExactly(
                        "Served",
                        "Given [assistant]",
                        "AssistantOpened",
                        "Given [assistant, recording]",
                        "AssistantOpened",
                        "AssistantCut");
        assertThat(told(tape))
                .containsExactly("Asking recording", "Granted [assistant, recording]");
        assertThat(asked(tape)).contains(List.of("question.recording"));
        ConsentRecord.Given second = (ConsentRecord.Given) tape.written().get(3);
        assertThat(second.supersedes()).isEqualTo(tape.written().get(1).id());
        assertThat(tape.all(Tape.Happening.GateOpened.class)).hasSize(2);
    }

    /** As of a talk whose assistant has hung up. */
    @Test
    void nothingIsGivenForAnAssistantThatHasHungUpWhileItWasAsked() {
        world.hangsUpOnceAsked = true;
        Tape tape = afterTheFirstYes(Answering.KEY_1);

        assertThat(records(tape))
                .containsExactly("Served", "Given [assistant]", "AssistantOpened", "AssistantCut");
        assertThat(told(tape)).containsExactly("Asking recording");
        assertThat(tape.all(Tape.Happening.GateOpened.class)).hasSize(1);
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void itIsAskedForNoSecondTime() {
        world.hangsUpOnceAsked = true;
        Tape tape = afterTheFirstYes(Answering.SILENT);

        assertThat(records(tape)).containsSubsequence("AssistantOpened", "recording UNANSWERED");
        assertThat(asked(tape).stream().filter(List.of("question.recording")::equals)).hasSize(1);
    }

    @Test
    void itIsNotAskedForOneThatHungUpBehindItsWish() {
        world.wantedMore =
                () -> {
                    Objects.requireNonNull(world.targets).assistantHangsUp();
                    return Purpose.RECORDING;
                };
        assertThat(told(afterTheFirstYes())).isEmpty();
    }

    /** What the caller has agreed to by then stays agreed to. */
    @Test
    void noneIsOpenedToOneThatHasHungUpWhileItWasRecorded() {
        world.alsoTold =
                event -> {
                    if (event instanceof CallEvent.PurposeDecided) {
                        Objects.requireNonNull(world.targets).assistantHangsUp();
                    }
                };
        Tape tape = afterTheFirstYes(Answering.KEY_1);

        assertThat(records(tape))
                .containsExactly(
                        "Served",
                        "Given [assistant]",
                        "AssistantOpened",
                        "Given [assistant, recording]",
                        "AssistantCut");
        assertThat(told(tape)).containsExactly("Asking recording");
    }

    @Test
    void aNoIsFinalForTheCall() {
        Tape tape =
                afterTheFirstYes(
                        Answering.KEY_2, Talking.IS_ASKED_FOR_MORE, Talking.FAR_END_HANGS_UP);

        assertThat(told(tape))
                .containsExactly("Asking recording", "Declined REFUSED", "Declined REFUSED_BEFORE");
        assertThat(records(tape))
                .containsExactly(
                        "Served",
                        "Given [assistant]",
                        "AssistantOpened",
                        "recording REFUSED",
                        "AssistantCut");
    }

    @Test
    void whoSaidNoBeforeTheTalkIsNotAskedInIt() {
        Tape tape =
                world.call(
                        LADDER,
                        Answering.KEY_1,
                        Answering.KEY_1,
                        Answering.KEY_2,
                        Talking.IS_ASKED_FOR_MORE,
                        Talking.FAR_END_HANGS_UP);

        assertThat(told(tape)).containsExactly("Declined REFUSED_BEFORE");
    }

    @Test
    void silenceGrantsNothingAndNobodyIsAskedMoreThanTwice() {
        Tape tape =
                afterTheFirstYes(
                        Answering.SILENT,
                        Answering.SILENT,
                        Talking.IS_ASKED_FOR_MORE,
                        Answering.SILENT,
                        Answering.SILENT,
                        Talking.IS_ASKED_FOR_MORE,
                        Talking.FAR_END_HANGS_UP);

        assertThat(told(tape))
                .containsExactly(
                        "Asking recording",
                        "Declined UNANSWERED",
                        "Asking recording",
                        "Declined UNANSWERED",
                        "Declined ASKED_OFTEN_ENOUGH");
    }

    @Test
    void aPurposeThisLineHasNoWordsForIsNotAskedFor() {
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        Answering.KEY_1,
                        Talking.IS_ASKED_FOR_MORE,
                        Talking.FAR_END_HANGS_UP);

        assertThat(told(tape)).containsExactly("Declined NOT_OFFERED");
        assertThat(asked(tape)).doesNotContain(List.of("question.recording"));
    }

    @Test
    void onePurposeEndsAndTheTalkGoesOnWithTheRest() {
        Tape tape =
                afterThreeYeses(
                        Talking.ENDS_ONE_PURPOSE,
                        Talking.IS_ASKED_FOR_MORE,
                        Talking.ENDS_ONE_PURPOSE,
                        Talking.ENDS_ONE_PURPOSE,
                        Talking.FAR_END_HANGS_UP);

        assertThat(told(tape))
                .containsExactly(
                        "Ended, left [assistant, transcript]",
                        "Declined REFUSED_BEFORE",
                        "Ended, left [assistant]");
        assertThat(records(tape))
                .containsExactly(
                        "Served",
                        "Given [assistant, transcript, recording]",
                        "AssistantOpened",
                        "recording ENDED",
                        "transcript ENDED",
                        "AssistantCut");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    /** The line asks for a transcript first; this caller agreed to it last. */
    @Test
    void theKeyEndsWhatWasAgreedToLastAndNotWhatTheLineAsksForLast() {
        world.wantedMore = List.of(Purpose.RECORDING, Purpose.TRANSCRIPT).iterator()::next;
        Tape tape =
                afterTheFirstYes(
                        Answering.KEY_1,
                        Talking.IS_ASKED_FOR_MORE,
                        Answering.KEY_1,
                        Talking.ENDS_ONE_PURPOSE,
                        Talking.ENDS_ONE_PURPOSE,
                        Talking.ENDS_ONE_PURPOSE,
                        Talking.FAR_END_HANGS_UP);

        assertThat(told(tape))
                .containsExactly(
                        "Asking recording",
                        "Granted [assistant, recording]",
                        "Asking transcript",
                        "Granted [assistant, transcript, recording]",
                        "Ended, left [assistant, recording]",
                        "Ended, left [assistant]");
    }

    /** Recording is asked for in every call (§ 201 StGB), so behind what is remembered. */
    @Test
    void theKeyEndsWhatWasAgreedToInThisCallBeforeWhatIsRemembered() {
        Line line =
                TestWorld.line(
                        TestWorld.questions(Line.Dialog.MENU, Line.Remember.ASK),
                        TestWorld.LASTING,
                        lasting("voll", Purpose.ASSISTANT, Purpose.RECORDING),
                        lasting("komfort", Purpose.ASSISTANT, Purpose.TRANSCRIPT));
        world.call(line, Answering.KEY_3, Answering.KEY_1);
        Tape tape =
                world.call(
                        line,
                        Answering.KEY_1,
                        Answering.KEY_1,
                        Talking.ENDS_ONE_PURPOSE,
                        Talking.FAR_END_HANGS_UP);

        assertThat(asked(tape)).contains(List.of("known.komfort"), List.of("question.recording"));
        assertThat(told(tape)).containsExactly("Ended, left [assistant, transcript]");
    }

    private static Level lasting(String id, Purpose... purposes) {
        return TestWorld.level(id, ValidityPeriod.parse("P12M"), purposes);
    }

    @Test
    void whoWantsNothingKeptEndsAllForWhichTheTalkIsKept() {
        Tape tape =
                afterThreeYeses(
                        Talking.SAYS_KEEP_NOTHING,
                        Talking.SAYS_KEEP_NOTHING,
                        Talking.FAR_END_HANGS_UP);

        assertThat(told(tape))
                .containsExactly("Ended, left [assistant, transcript]", "Ended, left [assistant]");
        assertThat(records(tape))
                .containsExactly(
                        "Served",
                        "Given [assistant, transcript, recording]",
                        "AssistantOpened",
                        "recording ENDED",
                        "transcript ENDED",
                        "AssistantCut");
        assertThat(tape.parts())
                .as("answered, also where nothing is kept")
                .endsWith("confirm.basis", "confirm.basis");
    }

    /** Processing stops, and it may be forgotten: then what is remembered would bring it back. */
    @Test
    void thatAPurposeHasEndedIsOnlySaidWhereItIsOnSomeDisk() {
        Map<Talking, String> confirmed =
                Map.of(
                        Talking.ENDS_ONE_PURPOSE, "confirm.komfort",
                        Talking.SAYS_KEEP_NOTHING, "confirm.basis");
        for (Talking wish : confirmed.keySet()) {
            for (boolean full : List.of(false, true)) {
                Tape tape = new StepUpTest().endsAPurposeInAnOutage(full, wish);

                assertThat(told(tape)).first().isEqualTo("Ended, left [assistant, transcript]");
                assertThat(tape.parts().contains("apology")).isEqualTo(full);
                assertThat(tape.parts().contains(confirmed.get(wish))).isNotEqualTo(full);
                assertThat(tape.all(Tape.Happening.GateOpened.class)).hasSize(full ? 1 : 2);
                assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isEqualTo(full);
                assertThat(records(tape).contains("recording ENDED")).isNotEqualTo(full);
            }
        }
    }

    @Test
    void whatIsTalkedWithAHumanBehindAnEndThatIsOnNoDiskIsNotTheAssistants() {
        var joined = new ArrayList<Long>();
        var ended = new ArrayList<Long>();
        world.alsoTold =
                event -> {
                    switch (event) {
                        case CallEvent.Joined _ -> joined.add(world.time.getAsLong());
                        case CallEvent.Ended _ -> ended.add(world.time.getAsLong());
                        default -> {}
                    }
                };
        Tape tape = endsAPurposeInAnOutage(true, Talking.ENDS_ONE_PURPOSE);

        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        Duration human = Duration.ofSeconds(30); // as ScriptedCaller has it
        Duration together = Duration.ofNanos(ended.getFirst() - joined.getFirst());
        assertThat(((CallOutcome.Assisted) tape.outcome()).talk())
                .isPositive()
                .isLessThanOrEqualTo(together.minus(human));
    }

    @Test
    void thatTheTalkIsOverIsToldOnceHoweverItEnds() {
        for (Talking end : Talking.values()) {
            var story = new StepUpTest();
            var told = new ArrayList<CallEvent>();
            story.world.alsoTold =
                    event -> {
                        if (event instanceof CallEvent.AssistantGone
                                || event instanceof CallEvent.Ended) {
                            told.add(event);
                        }
                    };
            Tape _ = story.afterThreeYeses(end, Talking.FAR_END_HANGS_UP);

            assertThat(told).as(end.name()).hasSize(2);
            assertThat(told.getFirst()).isInstanceOf(CallEvent.AssistantGone.class);
        }
    }

    /** Its record is in memory alone, and so is all that this call has withdrawn. */
    @Test
    void whoWithdrawsBehindAPurposeWhoseEndIsOnNoDiskHearsNotThatAllIsDone() {
        var story = new StepUpTest();
        story.world.alsoTold =
                event -> {
                    if (event instanceof CallEvent.PurposeDecided) {
                        story.world.store.follow(
                                new FaultyStore.Plan(FaultyStore.Fault.FAILS, 0), new Tape());
                    }
                };
        story.world.late.fill();
        Tape tape = story.afterThreeYeses(Talking.ENDS_ONE_PURPOSE, Waiting.WITHDRAWS_WAITING);

        assertThat(tape.parts()).contains("apology").doesNotContain("withdrawn");
        assertThat(types(story.world.store.log())).contains("Withdrawn");
    }

    private Tape endsAPurposeInAnOutage(boolean full, Talking wish) {
        if (full) {
            world.late.fill();
        }
        return world.call(
                LADDER,
                world.knownCaller(),
                Script.of(
                        Answering.KEY_1,
                        Answering.KEY_1,
                        Answering.KEY_1,
                        wish,
                        Talking.FAR_END_HANGS_UP),
                new FaultyStore.Plan(FaultyStore.Fault.DIES, 4));
    }

    @Test
    void whoAsksForAHumanWhileAskedForMoreGetsOneAndTheAssistantIsGone() {
        for (Answering wish : List.of(Answering.KEY_0, Answering.ASKS_FOR_A_HUMAN)) {
            Tape tape = new StepUpTest().afterTheFirstYes(wish, Talking.FAR_END_HANGS_UP);

            assertThat(records(tape))
                    .containsExactly(
                            "Served",
                            "Given [assistant]",
                            "AssistantOpened",
                            "recording REFUSED",
                            "AssistantCut");
            assertThat(((ConsentRecord.AssistantCut) tape.written().getLast()).why())
                    .isEqualTo(ConsentRecord.Cut.HUMAN_WANTED);
            assertThat(told(tape)).containsExactly("Asking recording", "Declined REFUSED");
            assertThat(tape.all(Tape.Happening.GateOpened.class)).hasSize(1);
            assertThat(tape.first(Tape.Happening.TalkedToHuman.class))
                    .isLessThan(tape.all().size())
                    .isGreaterThan(tape.all().indexOf(new Tape.Happening.HungUp("assistant")));
            assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
        }
    }

    @Test
    void whoWithdrawsWhileAskedForMoreHasWithdrawnAll() {
        Tape tape = afterTheFirstYes(Answering.KEYS_STAR_9);

        assertThat(records(tape))
                .containsExactly(
                        "Served",
                        "Given [assistant]",
                        "AssistantOpened",
                        "Withdrawn",
                        "AssistantCut",
                        "HolderNotified");
    }

    /** On another telephone, by an operator, or by an erasure; whatever the caller does then. */
    @Test
    void anAssistantIsToldOfAnEndElsewhereThatCameWhileMoreWasAskedFor() {
        for (EndOfConsent.How how : List.of(EndOfConsent.How.WITHDRAWN, EndOfConsent.How.ERASED)) {
            for (Answering then :
                    List.of(
                            Answering.HANGS_UP_ANSWERING,
                            Answering.IS_DRAINED_ANSWERING,
                            Answering.KEY_0,
                            Answering.KEY_1)) {
                var story = new StepUpTest();
                Tape tape = story.endsElsewhereWhileAskedForMore(how, then);

                assertThat(tape.all(Tape.Happening.ToldOfEnd.class))
                        .as("%s, %s", how, then)
                        .containsExactly(new Tape.Happening.ToldOfEnd(how));
                assertThat(about(tape, AssistantCut.class, AssistantCut::why))
                        .containsExactly(ConsentRecord.Cut.valueOf(how.name()));
                assertThat(about(tape, HolderNotified.class, told -> told.end().how()))
                        .containsExactly(how);
            }
        }
    }

    private Tape endsElsewhereWhileAskedForMore(EndOfConsent.How how, Answering then) {
        world.wantedMore =
                () -> {
                    world.endElsewhere(how);
                    return Purpose.RECORDING;
                };
        return afterTheFirstYes(then, Talking.FAR_END_HANGS_UP);
    }

    /** The first confirmation is heard while it rings, this one before the talk goes on. */
    @Test
    void whatEndsElsewhereWhileItIsConfirmedIsToldToNoAssistantAsGranted() {
        world.endsWhileSaid = said -> said.parts().contains("confirm.basis");
        Tape tape = afterTheFirstYes(Answering.KEY_1, Talking.FAR_END_HANGS_UP);

        assertThat(told(tape)).containsExactly("Asking recording");
        assertThat(tape.all(Tape.Happening.ToldOfEnd.class))
                .containsExactly(new Tape.Happening.ToldOfEnd(EndOfConsent.How.WITHDRAWN));
    }

    @Test
    void whoAsksForAHumanBehindAnEndElsewhereHearsOfItAndGetsOne() {
        Tape tape = endsElsewhereWhileAskedForMore(EndOfConsent.How.WITHDRAWN, Answering.KEY_0);

        assertThat(tape.parts()).contains("withdrawn");
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
    }

    /** Is known, agrees again to what is remembered, and to one thing more in the talk. */
    private Tape knownAndAskedForMore(Enum<?>... then) {
        world.call(REMEMBERING_ALL, Answering.KEY_1, Answering.KEY_2, Answering.KEY_1);
        var all =
                new ArrayList<Enum<?>>(
                        List.of(
                                Answering.KEY_1,
                                Answering.SILENT,
                                Answering.SILENT,
                                Answering.SILENT,
                                Talking.IS_ASKED_FOR_MORE,
                                Answering.KEY_1));
        all.addAll(List.of(then));
        return world.call(REMEMBERING_ALL, all.toArray(Enum<?>[]::new));
    }

    /** What the records of this kind are about, such as the ids of their consents. */
    private static <R extends ConsentRecord, T> List<T> about(
            Tape tape, Class<R> kind, Function<R, T> what) {
        return tape.written().stream().filter(kind::isInstance).map(kind::cast).map(what).toList();
    }

    @Test
    void whatIsRememberedAndWhatWasAddedToItEndWithTheirTalk() {
        Tape tape = knownAndAskedForMore(Talking.FAR_END_HANGS_UP);

        assertThat(records(tape))
                .containsExactly(
                        "Served",
                        "Reaffirmed",
                        "AssistantOpened",
                        "Given [assistant, recording]",
                        "AssistantOpened",
                        "AssistantCut",
                        "AssistantCut");
        assertThat(about(tape, AssistantCut.class, AssistantCut::grant))
                .isEqualTo(about(tape, AssistantOpened.class, AssistantOpened::grant))
                .doesNotHaveDuplicates();
    }

    /** Whoever is said to be told of one is a task for nobody. */
    @Test
    void theAssistantIsToldOnceOfTheEndAndThatIsNotedForEachConsentThatEnded() {
        for (Talking end : List.of(Talking.PRESSES_STAR_9, Talking.WITHDRAWS_ELSEWHERE)) {
            Tape tape = new StepUpTest().knownAndAskedForMore(end);
            List<UUID> opened = about(tape, AssistantOpened.class, AssistantOpened::grant);

            assertThat(opened).hasSize(2);
            assertThat(tape.all(Tape.Happening.ToldOfEnd.class)).hasSize(1);
            assertThat(about(tape, AssistantCut.class, AssistantCut::grant)).isEqualTo(opened);
            assertThat(about(tape, HolderNotified.class, told -> told.end().grant()))
                    .isEqualTo(opened);
        }
    }

    @Test
    void whatIsRememberedAndEndsInTheTalkIsToldAtItsEndThoughMoreWasAdded() {
        world.alsoTold =
                event -> {
                    if (event instanceof CallEvent.PurposeDecided) {
                        world.time.pass(Duration.ofDays(366));
                    }
                };
        Tape tape = knownAndAskedForMore(Talking.HANGS_UP_TALKING);

        UUID remembered = about(tape, AssistantOpened.class, AssistantOpened::grant).getFirst();
        assertThat(tape.all(Tape.Happening.ToldOfEnd.class))
                .containsExactly(new Tape.Happening.ToldOfEnd(EndOfConsent.How.EXPIRED));
        assertThat(about(tape, AssistantCut.class, AssistantCut::grant)).hasSize(2);
        assertThat(about(tape, HolderNotified.class, told -> told.end().grant()))
                .containsExactly(remembered);
    }

    /** What is left of it has ended by more than its time. */
    @Test
    void anEndElsewhereOutranksWhatHasEndedByItsTime() {
        world.alsoTold =
                event -> {
                    if (event instanceof CallEvent.PurposeDecided) {
                        world.time.pass(Duration.ofDays(366));
                    }
                };
        var wanted = List.of(Purpose.RECORDING, Purpose.TRANSCRIPT).iterator();
        world.wantedMore =
                () -> {
                    Purpose next = wanted.next();
                    if (!wanted.hasNext()) {
                        world.endElsewhere(EndOfConsent.How.WITHDRAWN);
                    }
                    return next;
                };
        Tape tape = knownAndAskedForMore(Talking.IS_ASKED_FOR_MORE, Answering.HANGS_UP_ANSWERING);

        assertThat(asked(tape)).contains(List.of("question.transcript"));
        assertThat(about(tape, AssistantCut.class, AssistantCut::why))
                .containsExactly(ConsentRecord.Cut.WITHDRAWN, ConsentRecord.Cut.WITHDRAWN);
    }

    @Test
    void whatWasReplacedInTheTalkHasEndedWithThat() {
        Tape tape = afterTheFirstYes(Answering.KEY_1, Talking.PRESSES_STAR_9);

        UUID last = about(tape, AssistantOpened.class, AssistantOpened::grant).getLast();
        assertThat(about(tape, AssistantCut.class, AssistantCut::grant)).containsExactly(last);
        assertThat(about(tape, HolderNotified.class, told -> told.end().grant()))
                .containsExactly(last);
    }

    /** Else the next call would be asked "as last time", with what was ended. */
    @Test
    void aPurposeEndsInWhatIsRememberedThoughMoreWasAdded() {
        world.call(
                REMEMBERING_ALL,
                Answering.KEY_1,
                Answering.KEY_1,
                Answering.KEY_2,
                Answering.KEY_1);
        Tape tape =
                world.call(
                        REMEMBERING_ALL,
                        Answering.KEY_1,
                        Answering.SILENT,
                        Answering.SILENT,
                        Answering.SILENT,
                        Talking.IS_ASKED_FOR_MORE,
                        Answering.KEY_1,
                        Talking.ENDS_ONE_PURPOSE,
                        Talking.ENDS_ONE_PURPOSE,
                        Talking.FAR_END_HANGS_UP);

        List<UUID> opened = about(tape, AssistantOpened.class, AssistantOpened::grant);
        assertThat(opened).hasSize(2);
        assertThat(about(tape, PurposeDecided.class, PurposeDecided::grant))
                .as("of recording the new one alone, of transcript both")
                .containsExactly(opened.getLast(), opened.getFirst(), opened.getLast());
        assertThat(world.call(REMEMBERING_ALL, Answering.KEY_1).parts())
                .doesNotContain("known.komfort");
    }
}
