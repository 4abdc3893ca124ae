package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.TestWorld.*;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.consentgateway.call.CallOutcome.Path;
import org.consentgateway.call.RecordingTargets.Reached;
import org.consentgateway.call.ScriptedCaller.Answering;
import org.consentgateway.call.ScriptedCaller.Hearing;
import org.consentgateway.call.ScriptedCaller.Resting;
import org.consentgateway.call.ScriptedCaller.Ringing;
import org.consentgateway.call.ScriptedCaller.Talking;
import org.consentgateway.call.ScriptedCaller.Waiting;
import org.consentgateway.call.Tape.Happening;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.spoken.Variants;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.TimeOrderedIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConsentCallTest {
    private final TestWorld world = new TestWorld();

    @Test
    void whoIsWantedIsDialledFirstAndSpokenOfMeanwhile() {
        List<Happening> yes = new TestWorld().call(SHORT_LADDER, Answering.KEY_1).all();
        List<Happening> no = new TestWorld().call(SHORT_LADDER, Answering.KEY_2).all();

        assertThat(yes.indexOf(new Happening.Dialled("assistant")))
                .isBetween(0, spoken(yes, "confirm.basis"));
        assertThat(no.indexOf(new Happening.Dialled("human")))
                .isBetween(0, spoken(no, Parts.REFUSED));
    }

    private static int spoken(List<Happening> all, String part) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof Happening.Spoken said && said.parts().contains(part)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void aCallerWhoPressesOneIsRecordedAndThenHeardByTheAssistant() {
        Tape tape = world.call(SHORT_LADDER, KEY_1);

        assertThat(tape.parts()).startsWith("opening", "question.assistant", "confirm.basis");
        assertThat(types(tape.committed()))
                .containsExactly("Served", "Given", "AssistantOpened", "AssistantCut");
        assertThat(given(tape).grant().level()).isEqualTo(BASIS);
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    /** Which may surface a moment later. */
    @Test
    void theAssistantIsCutWhenTheCallerHangsUp() {
        Tape tape = world.call(SHORT_LADDER, KEY_1, Talking.HANGS_UP_TALKING);

        var opened = (ConsentRecord.AssistantOpened) tape.committed().get(2);
        var cut = (ConsentRecord.AssistantCut) tape.committed().get(3);
        assertThat(Duration.between(opened.at(), cut.at())).isLessThan(ScriptedCaller.LAST_WORDS);
    }

    @Test
    void theRecordShowsTheQuestionTheKeyAndHowLongItTook() {
        ConsentRecord.Given given = given(world.call(SHORT_LADDER, SILENT, KEY_1));

        assertThat(given.grant().evidence())
                .extracting(Evidence::part, Evidence::attempt, Evidence::result, Evidence::method)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "question.assistant", 1, Evidence.Result.NO_INPUT, Method.NONE),
                        org.assertj.core.groups.Tuple.tuple(
                                "repeat-1.assistant", 2, Evidence.Result.AGREED, Method.KEY));
        assertThat(given.grant().evidence().getLast().key()).isEqualTo('1');
        assertThat(given.grant().evidence().getLast().model()).as("nothing was heard").isEmpty();
        assertThat(given.grant().evidence().getLast().latency()).hasMillis(2000);
        assertThat(given.notice().version()).isEqualTo("2026-01");
        assertThat(given.call().answeredAt()).isNotNull();
    }

    @Test
    void aSpokenYesIsRecordedWithItsWordsConfidenceAndModel() {
        Evidence evidence = given(world.call(SHORT_LADDER, SAYS_YES)).grant().evidence().getFirst();

        assertThat(Objects.requireNonNull(evidence.words()).entry()).isEqualTo("jawohl");
        assertThat(evidence.confidence()).isEqualTo(0.9);
        assertThat(evidence.model()).isEqualTo("22");
        assertThat(evidence.method()).isEqualTo(Method.SPEECH);
    }

    @Test
    void aKeyAndTheSameWordsAreOneAnswerByBoth() {
        Evidence evidence =
                given(world.call(SHORT_LADDER, SAYS_YES_WITH_KEY_1)).grant().evidence().getFirst();

        assertThat(evidence.method()).isEqualTo(Method.BOTH);
    }

    @Test
    void theLadderKeepsWhatWasGrantedBeforeTheFirstNo() {
        Tape tape = world.call(LADDER, KEY_1, KEY_1, KEY_2);

        assertThat(given(tape).grant().level()).isEqualTo(KOMFORT);
        assertThat(tape.parts()).contains("question.recording", "confirm.komfort");
    }

    @Test
    void everyPurposeIsAskedForByItselfAndNoMoreThanTheLineAllows() {
        Line line =
                TestWorld.line(
                        new Line.QuestionPlan(Line.Dialog.LADDER, 2, 1, Line.Remember.ASK),
                        KOMFORT,
                        VOLL);
        Tape tape = world.call(line, KEY_1, KEY_1);

        assertThat(tape.parts())
                .startsWith(
                        "opening", "question.assistant", "question.transcript", "confirm.komfort");
        assertThat(given(tape).grant().level().purposes())
                .containsExactly(Purpose.ASSISTANT, Purpose.TRANSCRIPT);
    }

    @Test
    void silenceAfterAYesKeepsThatYesAndAddsNothing() {
        Tape tape = world.call(LADDER, KEY_1, SILENT, SILENT, SILENT);

        assertThat(given(tape).grant().level()).isEqualTo(BASIS);
    }

    @Test
    void whoAsksForAHumanOnTheWayUpGetsOneAndGrantsNothing() {
        Tape tape = world.call(LADDER, KEY_1, ASKS_FOR_A_HUMAN);

        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Refused.class);
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        assertThat(tape.has(Tape.Happening.GateOpened.class)).isFalse();
    }

    @Test
    void hangingUpOnTheWayUpGrantsNothing() {
        Tape tape = world.call(LADDER, KEY_1, HANGS_UP_ANSWERING);

        assertThat(types(tape.committed())).containsExactly("Served", "Unanswered");
        assertThat(tape.all(Tape.Happening.Abandoned.class))
                .containsExactly(new Tape.Happening.Abandoned(Unclear.HANGUP_DURING_QUESTION));
    }

    @Test
    void theMenuGrantsTheLevelThatIsChosen() {
        assertThat(given(world.call(MENU, KEY_3)).grant().level()).isEqualTo(VOLL);
        assertThat(given(new TestWorld().call(MENU, SAYS_TWO)).grant().level()).isEqualTo(KOMFORT);
    }

    @Test
    void zeroInTheMenuIsNo() {
        assertThat(world.call(MENU, KEY_0).outcome()).isInstanceOf(CallOutcome.Refused.class);
    }

    @Test
    void aBareYesIsNoAnswerToAMenu() {
        Tape tape = world.call(MENU, SAYS_YES, SAYS_YES, SAYS_YES);

        assertThat(tape.outcome())
                .isInstanceOfSatisfying(
                        CallOutcome.Unanswered.class,
                        u -> assertThat(u.reason()).isEqualTo(Unclear.NO_MATCH));
    }

    @Test
    void whoSaysNoIsConnectedToAHuman() {
        Tape tape = world.call(SHORT_LADDER, KEY_2);

        assertThat(tape.parts()).endsWith("refused", "to-human");
        assertThat(types(tape.committed())).containsExactly("Served", "Refused");
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        assertThat(((CallOutcome.Refused) tape.outcome()).then()).isEqualTo(Path.HUMAN);
    }

    @Test
    void whoSaysNoWhereThereIsNoHumanHearsAGoodbye() {
        Tape tape = world.call(NO_HUMAN, KEY_2);

        assertThat(tape.parts()).endsWith("refused", "goodbye");
        assertThat(((CallOutcome.Refused) tape.outcome()).then()).isEqualTo(Path.GOODBYE);
    }

    @Test
    void silenceIsAskedTwiceMoreAndThenTheHumanIsDialled() {
        Tape tape = world.call(SHORT_LADDER, SILENT, SILENT, SILENT);

        assertThat(tape.parts())
                .containsExactly(
                        "opening",
                        "question.assistant",
                        "repeat-1.assistant",
                        "repeat-2.assistant",
                        "unanswered",
                        "to-human");
        assertThat(((CallOutcome.Unanswered) tape.outcome()).reason()).isEqualTo(Unclear.NO_INPUT);
    }

    @Test
    void aYesAgainstAKeyTwoIsAskedAgain() {
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        SAYS_YES_WITH_KEY_2,
                        SAYS_YES,
                        Resting.PRESSES_2_AFTER_ALL,
                        SAYS_YES_WITH_KEY_2);

        assertThat(((CallOutcome.Unanswered) tape.outcome()).reason()).isEqualTo(Unclear.CONFLICT);
    }

    @Test
    void whoAsksForARepeatHearsTheQuestionAgainWithoutUsingUpAnAttempt() {
        Tape tape = world.call(SHORT_LADDER, ASKS_FOR_A_REPEAT, ASKS_FOR_A_REPEAT, KEY_1);

        assertThat(tape.parts())
                .startsWith(
                        "opening",
                        "question.assistant",
                        "question.assistant",
                        "question.assistant");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void nobodyCanRepeatAQuestionForEver() {
        Enum<?>[] again = Collections.nCopies(9, ASKS_FOR_A_REPEAT).toArray(Enum<?>[]::new);
        Tape tape = world.call(SHORT_LADDER, again);

        assertThat(tape.all(Tape.Happening.Asked.class))
                .hasSize(Question.MAX_REQUESTS + 1 + Line.MAX_REPEATS);
        assertThat(((CallOutcome.Unanswered) tape.outcome()).reason()).isEqualTo(Unclear.NO_MATCH);
    }

    @Test
    void zeroLeadsToAHuman() {
        Tape tape = world.call(LADDER, KEY_1, KEY_0);

        assertThat(tape.parts()).endsWith("refused", "to-human");
        assertThat(types(tape.committed())).containsExactly("Served", "Refused");
    }

    @Test
    void helpExplainsAndAsksAgain() {
        Tape tape = world.call(SHORT_LADDER, ASKS_FOR_HELP, KEY_1);

        assertThat(tape.parts())
                .startsWith("opening", "question.assistant", "help", "question.assistant");
    }

    @Test
    void theStarKeySpeaksTheOpeningAndTheQuestionInTheOtherLanguage() {
        Tape tape = world.call(SHORT_LADDER, KEY_STAR, KEY_1);

        assertThat(tape.all(Tape.Happening.Spoken.class).get(1).language()).isEqualTo("en");
        assertThat(tape.all(Tape.Happening.Asked.class))
                .extracting(Tape.Happening.Asked::language)
                .startsWith("de", "en");
        assertThat(given(tape).notice().language()).isEqualTo("en");
    }

    @Test
    void theStarKeyChangesTheLanguageOfAMenuToo() {
        Tape tape = world.call(MENU, KEY_STAR, KEY_2);

        assertThat(tape.all(Tape.Happening.Asked.class))
                .extracting(Tape.Happening.Asked::language)
                .startsWith("de", "en");
        assertThat(given(tape).grant().level()).isEqualTo(KOMFORT);
    }

    @Test
    void whereThereIsOneLanguageTheStarKeyMeansNothing() {
        Tape tape = world.call(inGermanOnly(SHORT_LADDER), KEY_STAR, KEY_1);

        assertThat(tape.parts()).startsWith("opening", "question.assistant", "repeat-1.assistant");
        assertThat(given(tape).grant().evidence().getFirst().result())
                .isEqualTo(Evidence.Result.NO_MATCH);
    }

    private static Line inGermanOnly(Line line) {
        return new Line(
                line.id(),
                line.numbers(),
                line.notice(),
                List.of("de"),
                line.questions(),
                line.levels(),
                line.assistant(),
                line.humans(),
                line.privacy(),
                line.confirmation(),
                line.service(),
                line.withdrawalKeys(),
                line.renewalWindow(),
                line.zone(),
                line.timing());
    }

    @Test
    void nobodyCanChangeTheLanguageForEver() {
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        KEY_STAR,
                        KEY_STAR,
                        KEY_STAR,
                        KEY_STAR,
                        KEY_STAR,
                        KEY_STAR,
                        KEY_STAR,
                        KEY_STAR);

        assertThat(tape.all(Tape.Happening.Asked.class))
                .hasSize(ConsentCall.MAX_LANGUAGE_CHANGES + 1 + Line.MAX_REPEATS);
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Unanswered.class);
    }

    @Test
    void withoutARecogniserTheQuestionsNameKeysOnly() {
        world.questionPlaces = () -> false;
        Tape tape = world.call(SHORT_LADDER, SILENT, SAYS_YES, KEY_1);

        assertThat(tape.parts())
                .startsWith(
                        "opening",
                        "question-keys.assistant",
                        "repeat-1-keys.assistant",
                        "repeat-2-keys.assistant");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void keysAndWordsDuringTheOpeningAnswerNothing() {
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        Ringing.ANSWERED,
                        Hearing.PRESSES_1_AND_SAYS_YES_MEANWHILE,
                        SILENT,
                        SILENT,
                        SILENT);

        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Unanswered.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Hearing.class,
            names = {"HOLDS", "SENDS_NOTHING", "LOSES_THE_PROMPT"})
    void anOpeningThatIsNotHeardWholeIsPlayedOnceMore(Hearing once) {
        Tape tape = world.call(SHORT_LADDER, Ringing.ANSWERED, once, Hearing.HEARS, KEY_1);

        assertThat(tape.parts()).startsWith("opening", "opening", "question.assistant");
        assertThat(served(tape)).containsExactly(false, true);
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void anOpeningThatIsNeverHeardWholeIsNoConsent() {
        Tape tape =
                world.call(SHORT_LADDER, Ringing.ANSWERED, Hearing.HOLDS, Hearing.SENDS_NOTHING);

        assertThat(((CallOutcome.Unanswered) tape.outcome()).reason())
                .isEqualTo(Unclear.PROMPT_INCOMPLETE);
        assertThat(tape.all(Tape.Happening.Asked.class)).isEmpty();
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
    }

    @Test
    void hangingUpDuringTheOpeningLeavesHowFarItCameAndWhy() {
        Tape tape = world.call(SHORT_LADDER, Ringing.ANSWERED, Hearing.HANGS_UP);

        assertThat(types(tape.committed())).containsExactly("Served", "Unanswered");
        var served = (ConsentRecord.Served) tape.committed().getFirst();
        assertThat(served.playing().samplesSent()).isEqualTo(16_000);
        assertThat(served.playing().interruptedBy()).isEqualTo("hang-up");
        assertThat(((ConsentRecord.Unanswered) tape.committed().getLast()).reason())
                .isEqualTo(Unclear.HANGUP_DURING_OPENING);
    }

    @Test
    void aCallThatIsCancelledBeforeTheAnswerLeavesNoRecord() {
        Tape tape = world.call(SHORT_LADDER, Ringing.CANCELS);

        assertThat(tape.written()).isEmpty();
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.NeverAnswered.class);
    }

    @Test
    void aCallThatIsNeverAcknowledgedIsNeitherAskedNorDialledNorRecorded() {
        Tape tape = world.call(SHORT_LADDER, Ringing.NEVER_ACKNOWLEDGES);

        assertThat(tape.written()).isEmpty();
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.NeverAnswered.class);
        assertThat(tape.has(Tape.Happening.Abandoned.class)).isFalse();
        assertThat(tape.has(Tape.Happening.Dialled.class)).isFalse();
    }

    @Test
    void whoHangsUpBeforeTheAnswerIsAcknowledgedHasHeardNothingAndLeavesNoRecord() {
        Tape tape = world.call(SHORT_LADDER, Ringing.HANGS_UP_UNACKNOWLEDGED);

        assertThat(tape.written()).isEmpty();
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.NeverAnswered.class);
    }

    @Test
    void theAnswerThatAgreedIsNotTheNoThatFollowedIt() {
        Evidence agreed =
                Objects.requireNonNull(given(world.call(LADDER, KEY_1, KEY_2)).grant().agreed());

        assertThat(agreed.part()).isEqualTo("question.assistant");
        assertThat(agreed.key()).isEqualTo('1');
        assertThat(agreed.attempt()).isEqualTo(1);
    }

    @Test
    void whereTheAssistantDoesNotAnswerAHumanDoes() {
        Tape tape = world.call(SHORT_LADDER, KEY_1, Reached.IS_BUSY);

        assertThat(tape.parts()).endsWith("assistant-unreachable", "to-human");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.AssistantUnreachable.class);
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
    }

    @Test
    void whereNobodyAnswersTheCallerHearsAGoodbye() {
        Tape tape = world.call(SHORT_LADDER, KEY_1, Reached.IS_BUSY, Reached.IS_BUSY);

        assertThat(tape.parts()).endsWith("assistant-unreachable", "to-human", "goodbye");
    }

    @Test
    void whereTheAssistantIsLostTheCallGoesOnWithAHuman() {
        Tape tape = world.call(SHORT_LADDER, KEY_1, Talking.LOSES_FAR_END);

        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        assertThat(tape.committed().getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.AssistantCut.class,
                        cut -> assertThat(cut.why()).isEqualTo(ConsentRecord.Cut.ASSISTANT_LOST));
    }

    /** A node that finds this one dead would write the same. */
    @Test
    void theEndOfATalkHasTheIdUnderWhichOthersWouldWriteIt() {
        Tape tape = world.call(SHORT_LADDER, KEY_1);

        ConsentRecord.Given given = given(tape);
        assertThat(tape.committed().getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.AssistantCut.class,
                        cut ->
                                assertThat(cut.id())
                                        .isEqualTo(
                                                TimeOrderedIds.ofPair(
                                                        given.call().callId(), given.id()))
                                        .extracting(UUID::version)
                                        .isEqualTo(7));
    }

    @Test
    void anAssistantThatHandsOverIsCutAndToldWhetherTheHumanAnswered() {
        Tape reached = world.call(SHORT_LADDER, KEY_1, Talking.IS_HANDED_OVER);

        assertThat(reached.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        assertThat(reached.parts()).endsWith("to-human");
        assertThat(reached.committed().getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.AssistantCut.class,
                        cut -> assertThat(cut.why()).isEqualTo(ConsentRecord.Cut.HANDED_OVER));
        assertThat(reached.all(Tape.Happening.Told.class))
                .containsExactly(new Tape.Happening.Told(true));
        assertThat(reached.first(Tape.Happening.Told.class))
                .as("it does not wait for the end of that talk")
                .isLessThan(reached.first(Tape.Happening.TalkedToHuman.class));
        assertThat(reached.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void anAssistantThatHandsOverToNobodyIsTold() {
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        KEY_1,
                        Reached.PICKS_UP,
                        Talking.IS_HANDED_OVER,
                        Reached.IS_BUSY);

        assertThat(tape.parts()).endsWith("to-human", "goodbye");
        assertThat(tape.all(Tape.Happening.Told.class))
                .containsExactly(new Tape.Happening.Told(false));
    }

    @ParameterizedTest
    @EnumSource(
            value = Talking.class,
            names = {"PRESSES_STAR_9", "SAYS_WITHDRAW"})
    void aWithdrawalStopsTheAssistantThenIsRecordedThenConfirmed(Talking how) {
        Tape tape = world.call(SHORT_LADDER, KEY_1, how);

        assertThat(tape.parts()).endsWith("withdrawn", "to-human");
        assertThat(types(tape.committed()))
                .containsExactly(
                        "Served",
                        "Given",
                        "AssistantOpened",
                        "Withdrawn",
                        "AssistantCut",
                        "HolderNotified");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        var withdrawn = (ConsentRecord.Withdrawn) tape.committed().get(3);
        assertThat(withdrawn.grant()).isEqualTo(given(tape).id());
        assertThat(withdrawn.mediaCutAt()).isAfter(withdrawn.withdrawnAt());
    }

    @Test
    void whoWithdrawsAndHangsUpHasWithdrawn() {
        Tape tape = world.call(SHORT_LADDER, KEY_1, Talking.PRESSES_STAR_9_AND_HANGS_UP);

        assertThat(types(tape.committed())).endsWith("Withdrawn", "AssistantCut", "HolderNotified");
        assertThat(((CallOutcome.Withdrew) tape.outcome()).then()).isEqualTo(Path.HUNG_UP);
    }

    @Test
    void theRecordOfAHangUpSaysWhatWasBeingAsked() {
        Tape tape = world.call(LADDER, KEY_1, SILENT, HANGS_UP_ANSWERING);

        var unanswered = (ConsentRecord.Unanswered) tape.committed().getLast();
        Evidence last = unanswered.evidence().getLast();
        assertThat(last.part()).isEqualTo("repeat-1.transcript");
        assertThat(last.attempt()).isEqualTo(2);
        assertThat(last.result()).isEqualTo(Evidence.Result.HUNG_UP);
    }

    @Test
    void whoPressesOneImpatientlyAgreesToNothingThatWasNotAsked() {
        Tape tape = world.call(LADDER, KEY_1_IMPATIENTLY, KEY_1_IMPATIENTLY, KEY_1_IMPATIENTLY);

        assertThat(((CallOutcome.Unanswered) tape.outcome()).reason()).isEqualTo(Unclear.NO_INPUT);
        assertThat(tape.committed()).noneMatch(ConsentRecord.Given.class::isInstance);
    }

    @Test
    void aSpokenYesRestsBeforeItIsRecordedAndAKeyDoesNot() {
        List<Happening> said = world.call(SHORT_LADDER, SAYS_YES).all();
        Tape pressed = new TestWorld().call(SHORT_LADDER, KEY_1);

        assertThat(said.stream().filter(Happening.Rests.class::isInstance)).hasSize(1);
        assertThat(first(said, Happening.Rests.class))
                .isLessThan(said.indexOf(new Happening.Dialled("assistant")));
        assertThat(pressed.has(Happening.Rests.class)).isFalse();
    }

    private static int first(List<Happening> all, Class<?> type) {
        return all.indexOf(all.stream().filter(type::isInstance).findFirst().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(
            value = Resting.class,
            names = {
                "SAYS_SOMETHING_MORE",
                "HEDGES_AFTER_ALL",
                "PRESSES_2_AFTER_ALL",
                "RECOGNISER_CRASHES_RESTING",
                "TALKS_ON_AND_ON"
            })
    void aYesThatIsFollowedByMoreIsAskedAgain(Resting more) {
        Tape tape = world.call(SHORT_LADDER, SAYS_YES, more, KEY_2);

        assertThat(tape.parts()).startsWith("opening", "question.assistant", "repeat-1.assistant");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Refused.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Resting.class,
            names = {"SAYS_NO_AFTER_ALL", "PRESSES_0_AFTER_ALL", "ASKS_FOR_A_HUMAN_AFTER_ALL"})
    void aYesThatIsFollowedByANoIsARefusal(Resting no) {
        Tape tape = world.call(SHORT_LADDER, SAYS_YES, no);

        assertThat(tape.all(Happening.Asked.class)).hasSize(1);
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Refused.class);
        assertThat(tape.committed()).noneMatch(ConsentRecord.Given.class::isInstance);
    }

    @Test
    void whatComesNextIsSpokenWhileAYesRests() {
        Tape tape = world.call(LADDER, SAYS_YES, SAYS_YES, SAYS_NO);

        assertThat(tape.all(Happening.Rests.class))
                .startsWith(
                        new Happening.Rests(List.of("question.transcript")),
                        new Happening.Rests(List.of("question.recording")));
        assertThat(new TestWorld().call(SHORT_LADDER, SAYS_YES, KEY_2).all(Happening.Rests.class))
                .hasSize(1);
    }

    @Test
    void theLastYesRestsUnderWhatConfirmsIt() {
        Tape tape = world.call(SHORT_LADDER, world.withheldCaller(), Script.of(SAYS_YES));

        assertThat(tape.all(Happening.Rests.class))
                .containsExactly(new Happening.Rests(List.of("confirm.basis")));
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void aNoRightAfterAYesTakesThatYesBackAndNotTheNextQuestion() {
        Tape tape = world.call(LADDER, SAYS_YES, Resting.SAYS_NO_AFTER_ALL, KEY_1, KEY_2);

        assertThat(tape.parts())
                .startsWith(
                        "opening",
                        "question.assistant",
                        "repeat-1.assistant",
                        "question.transcript");
        assertThat(given(tape).grant().level()).isEqualTo(BASIS);
    }

    @Test
    void aWeakYesIsAskedBackOnceAndASecondOneIsNone() {
        Tape clear = world.call(SHORT_LADDER, SAYS_A_WEAK_YES, SAYS_YES);
        Tape weak = new TestWorld().call(SHORT_LADDER, SAYS_A_WEAK_YES, SAYS_A_WEAK_YES, KEY_2);
        Tape silent = new TestWorld().call(SHORT_LADDER, SAYS_A_WEAK_YES, SILENT, KEY_2);

        assertThat(clear.parts())
                .startsWith("opening", "question.assistant", Parts.SAID_YES, "confirm.basis");
        assertThat(given(clear).grant().evidence())
                .extracting(Evidence::result)
                .containsExactly(Evidence.Result.NO_MATCH, Evidence.Result.AGREED);
        assertThat(List.of(weak.parts(), silent.parts()))
                .allSatisfy(parts ->
                        assertThat(parts)
                                .startsWith(
                                        "opening",
                                        "question.assistant",
                                        Parts.SAID_YES,
                                        "repeat-1.assistant",
                                        "refused"));
    }

    /** "Haben Sie Ja gesagt?" does not ask which. */
    @Test
    void aWeakNumberIsNotUnderstoodAndTheMenuIsSpokenAgain() {
        Tape tape = world.call(MENU, SAYS_A_WEAK_THREE, KEY_1);

        assertThat(tape.parts())
                .startsWith("opening", Parts.MENU, Parts.MENU_REPEAT_1, "confirm.basis");
    }

    @Test
    void whoWasNotUnderstoodOnceIsAskedForAKeyInTheEnd() {
        assertThat(world.call(SHORT_LADDER, MUMBLES, SILENT, KEY_1).parts())
                .startsWith(
                        "opening",
                        "question.assistant",
                        "repeat-1.assistant",
                        "repeat-2-keys.assistant");
        assertThat(new TestWorld().call(SHORT_LADDER, SILENT, SILENT, KEY_1).parts())
                .startsWith(
                        "opening",
                        "question.assistant",
                        "repeat-1.assistant",
                        "repeat-2.assistant");
    }

    @Test
    void aPhraseIsOnlySpottedWhereTheLevelAllowsIt() {
        Level deaf =
                Level.of("basis", BASIS.purposes(), BASIS.validity(), BASIS.retention(), false);
        Line line = TestWorld.line(Line.Dialog.LADDER, "human", false, deaf);

        assertThat(world.call(line, KEY_1, Talking.SAYS_WITHDRAW).outcome())
                .isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void aWithdrawalWhileTheAssistantRingsCancelsIt() {
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        KEY_1,
                        RecordingTargets.Reached.IS_BUSY,
                        Waiting.WITHDRAWS_WAITING);

        assertThat(types(tape.committed())).containsExactly("Served", "Given", "Withdrawn");
        assertThat(tape.all()).contains(new Tape.Happening.Cancelled("assistant"));
        assertThat(tape.has(Tape.Happening.GateOpened.class)).isFalse();
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
    }

    @Test
    void aWithdrawalBeforeTheAssistantThatHasAnsweredHearsAnythingIsTold() {
        Tape tape = world.call(SHORT_LADDER, KEY_1, Waiting.WITHDRAWS_WAITING);

        assertThat(types(tape.committed()))
                .containsExactly("Served", "Given", "Withdrawn", "HolderNotified");
        assertThat(tape.all(Tape.Happening.ToldOfEnd.class))
                .containsExactly(new Tape.Happening.ToldOfEnd(EndOfConsent.How.WITHDRAWN));
        assertThat(tape.has(Tape.Happening.GateOpened.class)).isFalse();
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
    }

    @Test
    void afterTheAssistantHungUpTheCallerMayRateTheCall() {
        Tape tape = world.call(ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, KEY_4);

        assertThat(tape.all(Tape.Happening.Satisfied.class))
                .containsExactly(new Tape.Happening.Satisfied(4));
        assertThat(tape.parts()).endsWith("satisfaction", "helped", "thanks");
    }

    @Test
    void whoHangsUpInsteadOfRatingWasStillAssisted() {
        Tape tape = world.call(ASKING_BACK, KEY_1, Talking.FAR_END_HANGS_UP, HANGS_UP_ANSWERING);

        assertThat(tape.all(Tape.Happening.Satisfied.class)).isEmpty();
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void whileDrainingACallEndsWithAGoodbye() {
        Tape tape = world.call(SHORT_LADDER, KEY_1, Talking.IS_DRAINED_TALKING);

        assertThat(tape.parts()).endsWith("goodbye");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Drained.class);
        assertThat(tape.all(Tape.Happening.CallerHungUp.class))
                .containsExactly(new Tape.Happening.CallerHungUp(Ending.DRAINED));
    }

    @Test
    void aMistakeOfOursStillLeadsToAHuman() {
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        world.knownCaller(),
                        new Script() {
                            private boolean failed;

                            @Override
                            public <E extends Enum<E>> E next(List<E> possible) {
                                if (!failed
                                        && possible.getFirst()
                                                instanceof ScriptedCaller.Answering) {
                                    failed = true;
                                    throw new IllegalStateException("a mistake");
                                }
                                return possible.getFirst();
                            }
                        });

        assertThat(tape.parts()).endsWith("apology", "to-human");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Failed.class);
        assertThat(types(tape.committed())).containsExactly("Served", "Unanswered");
    }

    @Test
    void aCallerWithoutANumberGrantsForThisCallOnly() {
        CallFacts facts = world.withheldCaller();
        Tape tape = world.call(SHORT_LADDER, facts, Script.of(KEY_1));

        assertThat(given(tape).grant().until()).isNull();
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void variantsAreChosenByWeightAndRecorded() {
        world.notices.useVariants(2);
        var counted = new java.util.TreeMap<String, Integer>();
        var byChance = new Variants(new java.util.Random(3));
        for (int i = 0; i < 3000; i++) {
            var variants = world.notices.inForce("demo", "de", java.time.LocalDate.EPOCH);
            Notice chosen = byChance.choose(variants, world.knownCaller(), world.time.instant());
            counted.merge(chosen.variant(), 1, Integer::sum);
        }

        assertThat(counted.get("a")).isBetween(900, 1100);
        assertThat(counted.get("b")).isBetween(1900, 2100);
        assertThat(given(world.call(SHORT_LADDER, KEY_1)).notice().variant()).isIn("a", "b");
    }

    static List<String> types(List<ConsentRecord> records) {
        return records.stream().map(r -> r.getClass().getSimpleName()).toList();
    }

    static ConsentRecord.Given given(Tape tape) {
        return tape.committed().stream()
                .filter(ConsentRecord.Given.class::isInstance)
                .map(ConsentRecord.Given.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing was given in " + tape));
    }

    private static List<Boolean> served(Tape tape) {
        return tape.committed().stream()
                .filter(ConsentRecord.Served.class::isInstance)
                .map(r -> ((ConsentRecord.Served) r).playing().completed())
                .toList();
    }
}
