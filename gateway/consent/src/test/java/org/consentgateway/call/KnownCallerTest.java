package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ConsentCallTest.given;
import static org.consentgateway.call.ConsentCallTest.types;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.TestWorld.*;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.call.ScriptedCaller.Hearing;
import org.consentgateway.call.ScriptedCaller.Ringing;
import org.consentgateway.call.ScriptedCaller.Talking;
import org.consentgateway.call.ScriptedCaller.Waiting;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.Expiries;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnownCallerTest {
    private final TestWorld world = new TestWorld();

    /** What was told of the calls since somebody agreed again in another one. */
    private final List<CallEvent> told = new ArrayList<>();

    /** In an earlier call somebody agreed, and agreed to be remembered. */
    private ConsentRecord.Given remembered() {
        return given(world.call(REMEMBERING, KEY_1, KEY_1));
    }

    @Test
    void whetherAConsentIsRememberedIsAskedInWordsAndOnlyAYesToThatIsAYes() {
        Tape yes = world.call(REMEMBERING, KEY_1, KEY_1);
        assertThat(yes.parts())
                .startsWith("opening", "question.assistant", "remember", "confirm.basis");
        assertThat(given(yes).grant().until()).isEqualTo("2027-11-24T12:00:09.510Z");
        assertThat(Objects.requireNonNull(given(yes).grant().agreed()).part())
                .isEqualTo("question.assistant");

        Tape no = new TestWorld().call(REMEMBERING, KEY_1, KEY_2);
        assertThat(given(no).grant().until()).isNull();
        assertThat(no.has(Tape.Happening.GateOpened.class)).as("it is a yes to this call").isTrue();
    }

    @Test
    void silenceOnBeingRememberedIsAskedOnceMoreAndThenIsNoYesToThat() {
        Tape tape = world.call(REMEMBERING, KEY_1, SILENT, SILENT);

        assertThat(tape.parts())
                .containsSubsequence("remember", "remember-repeat", "confirm.basis");
        assertThat(given(tape).grant().until()).isNull();
        assertThat(world.call(REMEMBERING).parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void whoAsksForAHumanWhenAskedToBeRememberedGetsOneAndGrantsNothing() {
        Tape tape = world.call(REMEMBERING, KEY_1, ASKS_FOR_A_HUMAN);

        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Refused.class);
        assertThat(tape.has(Tape.Happening.GateOpened.class)).isFalse();
    }

    @Test
    void nobodyIsAskedToBeRememberedWhereNothingLastsOrNobodyIsKnown() {
        assertThat(world.call(SHORT_LADDER, KEY_1).parts()).doesNotContain("remember");
        assertThat(world.call(NEVER_REMEMBERING, KEY_1).parts()).doesNotContain("remember");
        assertThat(world.call(REMEMBERING, world.claimedCaller(), Script.of(KEY_1)).parts())
                .doesNotContain("remember");
        assertThat(world.call(REMEMBERING, world.withheldCaller(), Script.of(KEY_1)).parts())
                .doesNotContain("remember");
        assertThat(world.store.log().stream().flatMap(r -> untilOf(r).stream())).isEmpty();
    }

    private static Optional<Instant> untilOf(ConsentRecord record) {
        return record instanceof ConsentRecord.Given given
                ? Optional.ofNullable(given.grant().until())
                : Optional.empty();
    }

    @Test
    void aRememberedConsentShortensTheQuestionAndAYesIsRecorded() {
        ConsentRecord.Given given = remembered();
        Tape second = world.call(REMEMBERING, KEY_1);

        assertThat(second.parts()).startsWith("opening-known", "known.basis", "confirm.basis");
        assertThat(second.parts()).doesNotContain("question.assistant", "remember");
        assertThat(types(second.committed()))
                .containsExactly("Served", "Reaffirmed", "AssistantOpened", "AssistantCut");
        assertThat(second.committed().get(1))
                .isInstanceOfSatisfying(
                        ConsentRecord.Reaffirmed.class,
                        again -> {
                            assertThat(again.reaffirms()).isEqualTo(given.id());
                            assertThat(again.grant().level().purposes())
                                    .containsExactly(Purpose.ASSISTANT);
                            assertThat(again.grant().evidence().getLast().part())
                                    .isEqualTo("known.basis");
                            assertThat(again.grant().until()).isEqualTo(given.grant().until());
                        });
        assertThat(((CallOutcome.Assisted) second.outcome()).basis())
                .isEqualTo(CallOutcome.Basis.REAFFIRMED);
    }

    @ParameterizedTest
    @EnumSource(
            value = ScriptedCaller.Answering.class,
            names = {"KEY_2", "KEY_0", "SAYS_NO", "ASKS_FOR_A_HUMAN", "SILENT", "MUMBLES"})
    void whoDoesNotAgreeAgainIsNotHeardAndEndsNothing(ScriptedCaller.Answering answer) {
        remembered();
        Tape second = world.call(REMEMBERING, answer, answer, answer);

        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
        assertThat(second.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        assertThat(types(second.committed())).doesNotContain("Used", "Reaffirmed", "Withdrawn");
        assertThat(world.standing().status())
                .isInstanceOfAny(ConsentStatus.Valid.class, ConsentStatus.Shared.class);
    }

    /** A no alone ends nothing that is stored, and no more does one that corrects a yes. */
    @Test
    void whoCorrectsAYesToWhatIsRememberedEndsNothing() {
        remembered();
        Tape second =
                world.call(REMEMBERING, KEY_1, ScriptedCaller.Resting.PRESSES_2_AFTER_ALL, KEY_2);

        assertThat(second.outcome()).isInstanceOf(CallOutcome.Refused.class);
        assertThat(types(second.committed())).doesNotContain("Used", "Reaffirmed", "Withdrawn");
        assertThat(second.all()).doesNotContain(new Tape.Happening.Dialled("assistant"));
        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Shared.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Hearing.class,
            names = {"PRESSES_2_MEANWHILE", "PRESSES_0_MEANWHILE", "SAYS_NO_MEANWHILE"})
    void aNoCountsInTheShortDisclosureToo(Hearing no) {
        remembered();
        Tape second = world.call(REMEMBERING, Ringing.ANSWERED, no);

        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
        assertThat(second.outcome()).isInstanceOf(CallOutcome.Refused.class);
        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Shared.class);
    }

    @Test
    void aNumberOnWhichSomebodyRefusedIsAskedInFullAndNeverRememberedAgain() {
        ConsentRecord.Given given = remembered();
        Tape refused = world.call(REMEMBERING, KEY_2);
        assertThat(((ConsentRecord.Refused) refused.committed().getLast()).inForce())
                .isEqualTo(given.id());

        for (int call = 0; call < 2; call++) {
            Tape asked = world.call(REMEMBERING, KEY_1);
            assertThat(asked.parts())
                    .startsWith("opening", "question.assistant", "confirm.basis")
                    .doesNotContain("remember");
            assertThat(given(asked).grant().until()).isNull();
            assertThat(given(asked).supersedes()).as("ends nothing stored").isNull();
        }
        world.time.pass(Duration.ofDays(366));
        assertThat(world.call(REMEMBERING, KEY_1, KEY_1).parts())
                .as("that consent is over")
                .startsWith("opening", "why-expired", "question.assistant", "remember");
    }

    @Test
    void aNewTextMakesNotOnePersonOfTwo() {
        remembered();
        world.call(REMEMBERING, KEY_2);
        world.notices.bump("2026-12", true);
        Tape asked = world.call(REMEMBERING, KEY_1);

        assertThat(asked.parts())
                .startsWith("opening", "question.assistant", "confirm.basis")
                .doesNotContain("what-changed", "remember");
        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Shared.class);
    }

    @Test
    void aNoThatWaitsForTheStoreMarksTheNumberAlready() {
        remembered();
        // history, Served, and then the store dies
        Tape no =
                world.call(
                        REMEMBERING,
                        world.knownCaller(),
                        Script.of(KEY_2),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 2));
        assertThat(types(no.kept())).containsExactly("Refused");
        assertThat(world.store.operations()).as("nobody waits for it twice").isEqualTo(3);

        world.store.follow(FaultyStore.Plan.HEALTHY, new Tape());
        assertThat(world.call(REMEMBERING, KEY_1).parts())
                .startsWith("opening", "question.assistant");
    }

    @Test
    void aNoToAnEarlierConsentMarksNoLaterOne() {
        ConsentRecord.Given first = remembered();
        world.call(REMEMBERING, KEY_2);
        world.store.put(world.withdrawn(first.id()));
        world.call(REMEMBERING, KEY_1, KEY_1);
        world.store.put(refusedWhile(first));

        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Valid.class);
    }

    /** What the call was told at its beginning need not be what there is when the no is said. */
    @Test
    void aNoIsSaidToWhatIsRememberedThoughTheStoreWasDownWhenTheCallBegan() {
        ConsentRecord.Given given = remembered();
        var failsOnce = new FaultyStore.Plan(FaultyStore.Fault.FAILS, 0);
        Tape no = world.call(REMEMBERING, world.knownCaller(), Script.of(KEY_2), failsOnce);

        assertThat(saidTo(no)).isEqualTo(given.id());
        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Shared.class);
    }

    @Test
    void aNoIsSaidToWhatWasAgreedToInAnotherCallMeanwhile() {
        var other = new TestWorld(VirtualTime.START.minusSeconds(60));
        ConsentRecord.Given given = given(other.call(REMEMBERING, KEY_1, KEY_1));
        world.store.onceServed(() -> world.store.put(given));
        Tape no = world.call(REMEMBERING, KEY_2);

        assertThat(saidTo(no)).isEqualTo(given.id());
        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Shared.class);
    }

    @Test
    void aNoIsSaidToWhatWasRenewedInAnotherCallMeanwhile() {
        ConsentRecord.Given given = remembered();
        ConsentRecord.Renewed renewed = renewed(given);
        world.store.onceServed(() -> world.store.put(renewed));
        Tape no = world.call(REMEMBERING, KEY_2);

        assertThat(saidTo(no)).isEqualTo(renewed.id());
        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Shared.class);
    }

    private static @Nullable UUID saidTo(Tape no) {
        return ((ConsentRecord.Refused) no.committed().getLast()).inForce();
    }

    private ConsentRecord.Refused refusedWhile(ConsentRecord.Given inForce) {
        return new ConsentRecord.Refused(
                world.ids.get(),
                world.time.instant(),
                world.knownCaller(),
                inForce.notice(),
                List.of(),
                inForce.id());
    }

    @Test
    void whoCorrectsAKeyAtOnceIsAskedAgain() {
        Tape tape = world.call(LADDER, KEY_1, ScriptedCaller.Resting.PRESSES_2_AFTER_ALL, KEY_2);

        assertThat(tape.parts()).startsWith("opening", "question.assistant", "repeat-1.assistant");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Refused.class);
        assertThat(tape.all()).doesNotContain(new Tape.Happening.Dialled("assistant"));
    }

    /** In a menu there is no yes and no: each other key is another level. */
    @Test
    void whoCorrectsALevelAtOnceIsAskedAgain() {
        Tape tape = world.call(MENU, KEY_1, ScriptedCaller.Resting.PRESSES_2_AFTER_ALL, KEY_2);

        assertThat(tape.parts()).startsWith("opening", "menu", "menu-repeat-1");
        assertThat(given(tape).grant().level().id()).isEqualTo("komfort");
    }

    @Test
    void whoPressesTheKeyOfALevelTwiceHasChosenIt() {
        Tape tape = world.call(MENU, KEY_2, ScriptedCaller.Resting.PRESSES_2_AFTER_ALL);

        assertThat(given(tape).grant().level().id()).isEqualTo("komfort");
        assertThat(types(tape.committed())).doesNotContain("Withdrawn");
    }

    @Test
    void whoPressesZeroBehindALevelHasChosenNone() {
        Tape tape = world.call(MENU, KEY_2, ScriptedCaller.Resting.PRESSES_0_AFTER_ALL);

        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Refused.class);
        assertThat(types(tape.committed())).doesNotContain("Given");
    }

    @Test
    void whoWithdrawsInAFurtherQuestionHasAgreedToNothing() {
        Tape tape = world.call(LADDER, KEY_1, KEYS_STAR_9);

        assertThat(types(tape.committed())).containsExactly("Served", "Refused");
        assertThat(((ConsentRecord.Refused) tape.committed().getLast()).evidence().getLast().part())
                .isEqualTo("question.transcript");
        assertThat(tape.all()).doesNotContain(new Tape.Happening.Dialled("assistant"));
        assertThat(tape.parts()).endsWith("refused", "to-human");
    }

    @Test
    void whoAgreesAndWithdrawsInTheOpeningOfAnotherLanguageHasAgreedToNothing() {
        Tape tape = world.call(LADDER, KEY_1, KEY_STAR, Hearing.WITHDRAWS_MEANWHILE);

        assertThat(types(tape.committed())).containsExactly("Served", "Served", "Refused");
        assertThat(((ConsentRecord.Refused) tape.committed().getLast()).evidence().getLast().part())
                .isEqualTo("opening");
        assertThat(tape.all()).doesNotContain(new Tape.Happening.Dialled("assistant"));
        assertThat(tape.parts()).endsWith("refused", "to-human");
    }

    @Test
    void whoHasNotAgreedBeforeAndRefusesLeavesNoSharedNumber() {
        world.call(REMEMBERING, KEY_2);

        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.None.class);
        assertThat(world.call(REMEMBERING, KEY_1, KEY_1).parts()).contains("remember");
    }

    @Test
    void recordingIsAskedForInEveryCall() {
        Tape first = world.call(REMEMBERING_ALL, KEY_1, KEY_1, KEY_1, KEY_1);
        assertThat(given(first).grant().level().purposes())
                .containsExactly(Purpose.ASSISTANT, Purpose.TRANSCRIPT, Purpose.RECORDING);

        Tape no = world.call(REMEMBERING_ALL, KEY_1, KEY_2);
        assertThat(no.parts())
                .startsWith("opening-known", "known.komfort", "question.recording")
                .contains("confirm.komfort");
        assertThat(reaffirmed(no).grant().level().purposes())
                .containsExactly(Purpose.ASSISTANT, Purpose.TRANSCRIPT);

        Tape yes = world.call(REMEMBERING_ALL, KEY_1, KEY_1);
        assertThat(reaffirmed(yes).grant().level().purposes()).contains(Purpose.RECORDING);
        assertThat(yes.parts()).contains("confirm.voll");
    }

    private static ConsentRecord.Reaffirmed reaffirmed(Tape tape) {
        return tape.committed().stream()
                .filter(ConsentRecord.Reaffirmed.class::isInstance)
                .map(ConsentRecord.Reaffirmed.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whereTheLineSaysSoAConsentThatStoresNothingIsUsedUnasked() {
        ConsentRecord.Given given = given(world.call(UNASKED, KEY_1, KEY_2, KEY_1));
        Tape second = world.call(UNASKED, KEY_2);

        assertThat(second.parts()).startsWith("opening-known", "confirm.basis");
        assertThat(types(second.committed()))
                .containsExactly("Served", "Used", "AssistantOpened", "AssistantCut");
        assertThat(((ConsentRecord.Used) second.committed().get(1)).grant()).isEqualTo(given.id());
        assertThat(((CallOutcome.Assisted) second.outcome()).basis())
                .isEqualTo(CallOutcome.Basis.KNOWN);
    }

    @Test
    void whatIsStoredIsNeverUsedUnasked() {
        world.call(UNASKED, KEY_1, KEY_1, KEY_1);

        assertThat(world.call(UNASKED, SILENT, SILENT, SILENT).parts())
                .startsWith("opening-known", "known.komfort");
    }

    @Test
    void aLineThatNeverRemembersAsksInFullWhateverAnotherOneHasStored() {
        remembered();

        assertThat(world.call(NEVER_REMEMBERING, KEY_1).parts())
                .startsWith("opening", "question.assistant", "confirm.basis");
        world.time.pass(Duration.ofDays(340));
        assertThat(world.call(NEVER_REMEMBERING, KEY_1).parts())
                .as("and speaks of no renewal")
                .startsWith("opening", "question.assistant", "confirm.basis");
    }

    @Test
    void theShortQuestionIsAskedInTheLanguageThatTheCallerWants() {
        remembered();
        Tape second = world.call(REMEMBERING, KEY_STAR, KEY_1);

        assertThat(second.all(Tape.Happening.Asked.class))
                .extracting(Tape.Happening.Asked::language)
                .startsWith("de", "en");
        assertThat(types(second.committed())).contains("Reaffirmed");
    }

    @Test
    void aClaimedNumberIsNotAKnownCaller() {
        remembered();
        Tape second = world.call(REMEMBERING, world.claimedCaller(), Script.of(KEY_2));

        assertThat(second.parts()).startsWith("opening", "question.assistant");
        assertThat(second.outcome()).isInstanceOf(CallOutcome.Refused.class);
    }

    @Test
    void whoClaimsANumberCannotEndTheConsentOfItsOwner() {
        remembered();
        world.call(REMEMBERING, world.claimedCaller(), Script.of(KEY_2));

        assertThat(world.call(REMEMBERING).parts()).startsWith("opening-known");
    }

    @Test
    void aWithheldNumberIsNotAKnownCaller() {
        remembered();
        Tape second = world.call(REMEMBERING, world.withheldCaller(), Script.of(KEY_1));

        assertThat(second.parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void aNumberThatIsWithheldAndToldAllTheSameIsNotAKnownCaller() {
        remembered();
        CallFacts told =
                new CallFacts(
                        world.ids.get(), "5a", "trunk", "demo", null, CALLER, true, true, true);
        Tape second = world.call(REMEMBERING, told, Script.of(KEY_1));

        assertThat(second.parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void afterAWithdrawalTheNextCallAsksAgain() {
        world.call(REMEMBERING, KEY_1, Talking.PRESSES_STAR_9);
        Tape second = world.call(REMEMBERING, KEY_1);

        assertThat(second.parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void aKnownCallerCanWithdrawAndTheGrantOfTheEarlierCallEnds() {
        ConsentRecord.Given given = remembered();
        Tape second = world.call(REMEMBERING, Talking.PRESSES_STAR_9);

        assertThat(second.committed())
                .anySatisfy(r ->
                        assertThat(r)
                                .isInstanceOfSatisfying(
                                        ConsentRecord.Withdrawn.class,
                                        w -> assertThat(w.grant()).isEqualTo(given.id())));
        assertThat(world.call(REMEMBERING).parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void whoWithdrawsElsewhereWhileTheDisclosureIsSpokenIsAskedAgain() {
        remembered();
        world.store.onceServed(world::withdrawElsewhere);
        Tape second = world.call(REMEMBERING, KEY_1, KEY_2);

        assertThat(second.parts())
                .containsSubsequence("opening-known", "opening", "question.assistant");
        assertThat(types(second.committed())).doesNotContain("Reaffirmed");
        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
    }

    @Test
    void whoWithdrawsElsewhereWhileTheDisclosureIsSpokenIsAskedWhereNobodyElseIs() {
        world.call(UNASKED, KEY_1, KEY_2, KEY_1);
        world.store.onceServed(world::withdrawElsewhere);
        Tape second = world.call(UNASKED, KEY_2);

        assertThat(second.parts())
                .containsSubsequence("opening-known", "opening", "question.assistant");
        assertThat(types(second.committed())).doesNotContain("Used");
        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
    }

    @Test
    void whoWithdrawsElsewhereWhileARenewalIsAskedIsNotServedByTheOldConsent() {
        world.call(UNASKED, KEY_1, KEY_2, KEY_1);
        world.time.pass(Duration.ofDays(340));
        world.store.onceServed(world::withdrawElsewhere);
        Tape second = world.call(UNASKED, SILENT, SILENT, SILENT);

        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
        assertThat(second.outcome()).isInstanceOf(CallOutcome.Unanswered.class);
    }

    @Test
    void aWithdrawalInAnotherCallEndsTheConversationAndIsRecordedOnce() {
        remembered();
        Tape second = world.call(REMEMBERING, Talking.WITHDRAWS_ELSEWHERE);

        assertThat(types(second.committed()))
                .containsExactly(
                        "Served",
                        "Reaffirmed",
                        "AssistantOpened",
                        "Withdrawn",
                        "AssistantCut",
                        "HolderNotified");
        assertThat(second.parts()).endsWith("withdrawn", "to-human");
        assertThat(second.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    /** The end of one purpose, on another telephone or by an operator, ends the talk as a whole. */
    @Test
    void aConsentOfWhichAPurposeEndedElsewhereIsStillWithdrawnInTheCall() {
        ConsentRecord.Given given = given(world.call(REMEMBERING_ALL, KEY_1, KEY_1, KEY_2, KEY_1));
        world.elsewhere = () -> endsElsewhere(given, Purpose.TRANSCRIPT);
        Tape tape =
                world.call(
                        REMEMBERING_ALL,
                        KEY_1,
                        KEY_2,
                        Talking.WITHDRAWS_ELSEWHERE,
                        Waiting.WITHDRAWS_WAITING);

        assertThat(ended(tape)).containsExactly(given.id());
        assertThat(tape.parts()).endsWith("withdrawn", "to-human", "withdrawn", "to-human");
        assertThat(world.call(REMEMBERING_ALL, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    /** Where the store cannot say what there is to withdraw, nobody is told that it has ended. */
    @Test
    void whereTheStoreDiesBehindAnEndElsewhereTheCallersWithdrawalIsNotSaidToBeDone() {
        ConsentRecord.Given given = given(world.call(REMEMBERING_ALL, KEY_1, KEY_1, KEY_2, KEY_1));
        world.elsewhere =
                () -> {
                    endsElsewhere(given, Purpose.TRANSCRIPT);
                    world.store.follow(new FaultyStore.Plan(FaultyStore.Fault.DIES, 0), new Tape());
                };
        Tape tape =
                world.call(
                        REMEMBERING_ALL,
                        KEY_1,
                        KEY_2,
                        Talking.WITHDRAWS_ELSEWHERE,
                        Waiting.WITHDRAWS_WAITING);

        assertThat(tape.parts()).containsOnlyOnce("withdrawn").endsWith("apology", "to-human");
    }

    private void endsElsewhere(ConsentRecord.Given given, Purpose purpose) {
        Durability where =
                world.journal.writeNowOrLater(
                        new ConsentRecord.PurposeDecided(
                                world.ids.get(),
                                world.time.instant(),
                                given.call(),
                                given.id(),
                                purpose,
                                ConsentRecord.PurposeDecided.Outcome.ENDED,
                                Method.NONE,
                                List.of()));
        assertThat(where).isEqualTo(Durability.STORED);
    }

    @Test
    void aWithdrawalInAnotherCallEndsTheRinging() {
        Tape tape =
                world.call(
                        REMEMBERING,
                        KEY_1,
                        RecordingTargets.Reached.IS_BUSY,
                        Waiting.WITHDRAWS_ELSEWHERE_WAITING);

        assertThat(types(tape.committed())).containsExactly("Served", "Given", "Withdrawn");
        assertThat(tape.all()).contains(new Tape.Happening.Cancelled("assistant"));
        assertThat(tape.parts()).endsWith("withdrawn", "to-human");
    }

    @Test
    void whoHasAnsweredIsToldThatItWasWithdrawnInAnotherCallMeanwhile() {
        Tape tape = world.call(REMEMBERING, KEY_1, Waiting.WITHDRAWS_ELSEWHERE_WAITING);

        assertThat(types(tape.committed()))
                .containsExactly("Served", "Given", "Withdrawn", "HolderNotified");
        assertThat(tape.all(Tape.Happening.ToldOfEnd.class))
                .containsExactly(new Tape.Happening.ToldOfEnd(EndOfConsent.How.WITHDRAWN));
        assertThat(tape.parts()).endsWith("withdrawn", "to-human");
    }

    /** While the next call goes on somebody with the same number agrees again, in another one. */
    private ConsentRecord.Renewed renewsMeanwhile(ConsentRecord.Given given) {
        ConsentRecord.Renewed renewed = renewed(given);
        world.alsoTold =
                event -> {
                    if (told.stream().noneMatch(CallEvent.Joined.class::isInstance)
                            && event instanceof CallEvent.Joined) {
                        renews(renewed);
                    }
                    told.add(event);
                };
        return renewed;
    }

    private ConsentRecord.Renewed renewed(ConsentRecord.Given given) {
        Instant now = world.time.instant();
        Grant grant = given.grant();
        return new ConsentRecord.Renewed(
                world.ids.get(),
                now,
                world.knownCaller(),
                given.notice(),
                new Grant(
                        grant.level(),
                        now,
                        now.plus(Duration.ofDays(365)),
                        now.plus(Duration.ofDays(335)),
                        grant.evidence()),
                given.id());
    }

    private void renews(ConsentRecord.Renewed renewed) {
        try {
            assertThat(world.journal.renew(renewed).record()).isEqualTo(renewed.id());
        } catch (JournalUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoWithdrawsTheOldConsentHasWithdrawnWhatWasRenewedMeanwhileToo() {
        ConsentRecord.Given given = remembered();
        ConsentRecord.Renewed renewed = renewsMeanwhile(given);
        Tape tape = world.call(REMEMBERING, KEY_1, Talking.PRESSES_STAR_9);

        assertThat(ended(tape)).containsExactly(given.id(), renewed.id());
        assertThat(tape.parts()).endsWith("withdrawn", "to-human");
        assertThat(told).filteredOn(CallEvent.Withdrawn.class::isInstance).hasSize(1);
        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    @Test
    void whereTheStoreDiesOverThatTheRenewedConsentCountsNoMoreAllTheSame() {
        ConsentRecord.Given given = remembered();
        ConsentRecord.Renewed renewed = renewsMeanwhile(given);
        // history, Served, history, Reaffirmed, Renewed, AssistantOpened, and the store dies
        Tape tape =
                world.call(
                        REMEMBERING,
                        world.knownCaller(),
                        Script.of(KEY_1, Talking.PRESSES_STAR_9),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 6));
        assertThat(types(tape.kept()))
                .containsExactly("Withdrawn", "AssistantCut", "HolderNotified");
        world.store.follow(FaultyStore.Plan.HEALTHY, new Tape());
        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .as("while it is kept here")
                .startsWith("opening", "question.assistant");
        assertThat(world.journal.writeKept()).isZero();

        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .startsWith("opening", "question.assistant");
        Tape again = world.call(REMEMBERING, KEYS_STAR_9);
        assertThat(ended(again)).as("there is still a record to end").contains(renewed.id());
    }

    @Test
    void aWithdrawalOfTheRenewedConsentEndsTheCallUnderTheOldOne() {
        ConsentRecord.Given given = remembered();
        ConsentRecord.Renewed renewed = renewsMeanwhile(given);
        Tape tape = world.call(REMEMBERING, KEY_1, Talking.WITHDRAWS_ELSEWHERE);

        assertThat(ended(tape)).containsExactly(renewed.id());
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
        assertThat(tape.all(Tape.Happening.ToldOfEnd.class))
                .containsExactly(new Tape.Happening.ToldOfEnd(EndOfConsent.How.WITHDRAWN));
    }

    @Test
    void theWithdrawalKeysWorkAtTheQuestionAfterTheConversationToo() {
        Line askingBack = with(REMEMBERING, ASKING_BACK.service());
        Tape tape = world.call(askingBack, KEY_1, KEY_1, KEYS_STAR_9);

        assertThat(types(tape.committed()))
                .containsExactly("Served", "Given", "AssistantOpened", "AssistantCut", "Withdrawn");
        assertThat(tape.parts())
                .containsSubsequence("satisfaction", "withdrawn", "to-human")
                .doesNotContain("thanks");
        assertThat(tape.all(Tape.Happening.Satisfied.class)).isEmpty();
        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    /** No verb is under way any more, and none comes. */
    @Test
    void theWithdrawalKeysWorkWhileTheEndOfTheTalkIsRecorded() {
        ConsentRecord.Given given = remembered();
        world.whileTheCutIsWritten(ScriptedCaller::withdrawsBetweenVerbs);
        Tape tape = world.call(REMEMBERING, KEY_1);

        assertThat(ended(tape)).containsExactly(given.id());
        assertThat(tape.parts()).endsWith("withdrawn", "to-human");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
        world.alsoTold = _ -> {};
        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .startsWith("opening", "question.assistant");
    }

    /** It is told of the first one, and would rather keep the consent. */
    @Test
    void theyWorkThoughTheAssistantHangsUpBetweenThem() {
        ConsentRecord.Given given = remembered();
        world.whileTheCutIsWritten(ScriptedCaller::beginsToWithdraw);
        Tape tape = world.call(REMEMBERING, KEY_1);

        assertThat(ended(tape)).containsExactly(given.id());
        assertThat(tape.parts()).endsWith("withdrawn", "to-human");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
    }

    @Test
    void theyWorkThoughTheGatewayShutsDownInThatInstant() {
        ConsentRecord.Given given = remembered();
        world.whileTheCutIsWritten(caller -> {
            caller.isDrainedBetweenVerbs();
            caller.withdrawsBetweenVerbs();
        });

        assertThat(ended(world.call(REMEMBERING, KEY_1))).containsExactly(given.id());
    }

    @Test
    void aShutdownWhileTheEndOfTheTalkIsRecordedChangesNothing() {
        world.whileTheCutIsWritten(ScriptedCaller::isDrainedBetweenVerbs);
        Tape tape = world.call(REMEMBERING, KEY_1, KEY_1);

        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
        assertThat(tape.parts()).doesNotContain("goodbye");
    }

    @Test
    void whoHangsUpWhileTheEndOfTheTalkIsRecordedHasTalked() {
        world.whileTheCutIsWritten(ScriptedCaller::hangsUpBetweenVerbs);
        Tape tape = world.call(REMEMBERING, KEY_1, KEY_1);

        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
        assertThat(types(tape.committed()))
                .containsExactly("Served", "Given", "AssistantOpened", "AssistantCut");
    }

    @Test
    void anExpiredConsentIsAskedForAgainAndTheReasonIsSaid() {
        remembered();
        world.time.pass(Duration.ofDays(366));
        Tape second = world.call(REMEMBERING, KEY_1);

        assertThat(second.parts()).startsWith("opening", "why-expired", "question.assistant");
        assertThat(types(second.committed())).contains("Renewed");
        assertThat(((CallOutcome.Assisted) second.outcome()).basis())
                .isEqualTo(CallOutcome.Basis.RENEWED);
        assertThat(world.call(REMEMBERING).parts()).startsWith("opening-known");
    }

    @Test
    void aConsentHoldsUntilTheSecondItEnds() {
        ConsentRecord.Given given = given(world.call(withoutRenewal(REMEMBERING), KEY_1));
        Instant until = java.util.Objects.requireNonNull(given.grant().until());
        world.time.setWall(until.minusSeconds(20));
        Line neverRenewed = withoutRenewal(REMEMBERING);
        assertThat(world.call(neverRenewed).parts()).startsWith("opening-known");

        world.time.setWall(until);
        assertThat(world.call(neverRenewed, KEY_2).parts()).startsWith("opening", "why-expired");
    }

    @Test
    void aConsentThatEndsWhileTheDisclosureIsSpokenIsAskedForAgain() {
        ConsentRecord.Given given = given(world.call(withoutRenewal(REMEMBERING), KEY_1));
        Instant until = java.util.Objects.requireNonNull(given.grant().until());
        world.time.setWall(until.minusSeconds(2));
        Tape second = world.call(withoutRenewal(REMEMBERING), KEY_1, KEY_2);

        assertThat(second.parts())
                .containsSubsequence(
                        "opening-known",
                        "known.basis",
                        "opening",
                        "why-expired",
                        "question.assistant");
        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
    }

    @Test
    void withinTheRenewalWindowAYesToBeingRememberedRenewsIt() {
        ConsentRecord.Given given = remembered();
        world.time.pass(Duration.ofDays(340));
        Tape second = world.call(REMEMBERING, KEY_1, KEY_1);

        assertThat(second.parts())
                .startsWith("opening-known", "why-renewal", "known.basis", "remember");
        assertThat(second.committed().get(1))
                .isInstanceOfSatisfying(
                        ConsentRecord.Renewed.class,
                        renewed -> assertThat(renewed.renews()).isEqualTo(given.id()));
        assertThat(((CallOutcome.Assisted) second.outcome()).basis())
                .isEqualTo(CallOutcome.Basis.RENEWED);
        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Valid.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = ScriptedCaller.Answering.class,
            names = {"KEY_2", "SILENT"})
    void noneToBeingRememberedAgainLeavesTheWholeOldConsentInForce(
            ScriptedCaller.Answering answer) {
        ConsentRecord.Given given = given(world.call(REMEMBERING_ALL, KEY_1, KEY_1, KEY_2, KEY_1));
        world.time.pass(Duration.ofDays(340));
        Tape second =
                world.call(REMEMBERING_ALL, KEY_1, SILENT, SILENT, SILENT, answer, answer, answer);

        assertThat(types(second.committed()))
                .containsExactly("Served", "Reaffirmed", "AssistantOpened", "AssistantCut");
        assertThat(world.standing().status())
                .isInstanceOfSatisfying(
                        ConsentStatus.RenewalDue.class,
                        due -> {
                            assertThat(due.grant()).isEqualTo(given.id());
                            assertThat(due.level().purposes())
                                    .containsExactly(Purpose.ASSISTANT, Purpose.TRANSCRIPT);
                        });
    }

    @Test
    void silenceToARenewalIsNoYes() {
        remembered();
        world.time.pass(Duration.ofDays(340));
        Tape second = world.call(REMEMBERING, SILENT, SILENT, SILENT);

        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
        assertThat(types(second.committed())).containsExactly("Served", "Unanswered");
        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.RenewalDue.class);
    }

    @Test
    void whereNobodyNeedsToBeAskedSilenceToARenewalLeavesTheConsentAsItIs() {
        world.call(UNASKED, KEY_1, KEY_2, KEY_1);
        world.time.pass(Duration.ofDays(340));
        assertThat(types(world.call(UNASKED, SILENT, SILENT, SILENT).committed()))
                .containsExactly("Served", "Unanswered", "Used", "AssistantOpened", "AssistantCut");

        assertThat(world.call(UNASKED, SILENT, KEY_9, SILENT).has(Tape.Happening.GateOpened.class))
                .as("who pressed a key is not silent")
                .isFalse();
    }

    @Test
    void aNoToARenewalEndsNothing() {
        remembered();
        world.time.pass(Duration.ofDays(340));
        Tape second = world.call(REMEMBERING, KEY_2);

        assertThat(second.has(Tape.Happening.GateOpened.class)).isFalse();
        assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Shared.class);
    }

    @Test
    void aMateriallyChangedTextIsAskedAgainAndAnImmaterialOneIsNot() {
        remembered();
        world.notices.bump("2026-02", false);
        assertThat(world.call(REMEMBERING).parts()).startsWith("opening-known");

        world.notices.bump("2026-03", true);
        Tape third = world.call(REMEMBERING, KEY_1, KEY_1);
        assertThat(third.parts()).startsWith("opening", "what-changed", "question.assistant");
        assertThat(given(third).supersedes()).isNotNull();
        assertThat(world.call(REMEMBERING).parts()).startsWith("opening-known");
    }

    @Test
    void aPurposeThatWasAddedIsNamedWhenItIsAskedFor() {
        remembered();
        Level wider =
                TestWorld.level("basis", LASTING.validity(), Purpose.ASSISTANT, Purpose.TRANSCRIPT);
        Line line = TestWorld.line(Line.Dialog.LADDER, "human", false, wider);
        Tape second = world.call(line, KEY_1, KEY_2);

        assertThat(second.parts())
                .startsWith(
                        "opening",
                        "question.assistant",
                        "new-purpose.transcript",
                        "question.transcript");
        assertThat(given(second).grant().level().purposes()).containsExactly(Purpose.ASSISTANT);
    }

    @Test
    void aPurposeThatWasRefusedBeforeIsNotNew() {
        world.call(REMEMBERING_ALL, KEY_1, KEY_2, KEY_1);
        Level wider =
                TestWorld.level("basis", LASTING.validity(), Purpose.ASSISTANT, Purpose.TRANSCRIPT);
        Line line = TestWorld.line(Line.Dialog.LADDER, "human", false, wider);

        assertThat(world.call(line, KEY_1).parts()).startsWith("opening-known", "known.basis");
    }

    @Test
    void aConsentForThisCallIsAskedForInTheNext() {
        Level brief = TestWorld.level("basis", new ValidityPeriod.ThisCall(), Purpose.ASSISTANT);
        Line line = TestWorld.line(Line.Dialog.LADDER, "human", false, brief);
        world.call(line, KEY_1);

        assertThat(world.call(line, KEY_1).parts()).startsWith("opening", "question.assistant");
    }

    @Test
    void aConsentThatEndsDuringATalkHoldsToItsEndAndTheAssistantIsToldThen()
            throws JournalUnavailable {
        Level brief = TestWorld.level("basis", ValidityPeriod.parse("PT1S"), Purpose.ASSISTANT);
        Line line = TestWorld.line(Line.Dialog.LADDER, "human", false, brief);

        Tape tape = world.call(line, KEY_1, KEY_1, Talking.HANGS_UP_TALKING);

        assertThat(tape.all(Tape.Happening.ToldOfEnd.class))
                .containsExactly(new Tape.Happening.ToldOfEnd(EndOfConsent.How.EXPIRED));
        assertThat(new Expiries(world.store, world.journal, world.ids).write(world.time.instant()))
                .isEqualTo(1);
        assertThat(types(world.store.log()))
                .containsExactly(
                        "Served",
                        "Given",
                        "AssistantOpened",
                        "AssistantCut",
                        "HolderNotified",
                        "Expired");
    }

    @Test
    void anExpiredEntryIsWrittenOnceAlsoWhenNobodyCalls() throws JournalUnavailable {
        ConsentRecord.Given given = remembered();
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
        remembered();
        world.time.pass(Duration.ofDays(366));
        int written =
                new Expiries(world.store, world.journal, world.ids).write(world.time.instant());
        assertThat(written).isEqualTo(1);
        world.time.setWall(VirtualTime.START.plusSeconds(3600));

        assertThat(world.call(REMEMBERING, KEY_2).parts()).startsWith("opening", "why-expired");
    }

    /** Somebody set the machine's clock, which may be right and is not believed yet. */
    @Test
    void whereItMayBeAYearLaterAConsentIsNotHonouredAndCanBeWithdrawn() {
        ConsentRecord.Given given = remembered();
        world.time.mayBeAhead(Duration.ofDays(366));

        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .startsWith("opening", "why-expired", "question.assistant");
        Tape withdraws = world.call(REMEMBERING, KEYS_STAR_9);
        assertThat(withdraws.committed().getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.Withdrawn.class,
                        end -> assertThat(end.grant()).isEqualTo(given.id()));
    }

    @Test
    void aYesHoldsAsLongAsEverWhereItMayBeAYearLater() {
        world.time.mayBeAhead(Duration.ofDays(366));
        ConsentRecord.Given given = remembered();
        world.time.mayBeAhead(Duration.ZERO);

        assertThat(given.grant().until()).isEqualTo("2027-11-24T12:00:09.510Z");
        assertThat(world.call(REMEMBERING).parts()).startsWith("opening-known");
        world.time.setWall(Objects.requireNonNull(given.grant().until()));
        assertThat(world.call(REMEMBERING, KEY_2).parts()).startsWith("opening", "why-expired");
    }

    @Test
    void aConsentOfTheFutureIsNotHonouredAndCanBeWithdrawn() {
        ConsentRecord.Given given = remembered();
        world.time.setWall(VirtualTime.START.minus(Duration.ofDays(1)));

        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .startsWith("opening", "question.assistant");
        Tape withdraws = world.call(REMEMBERING, KEYS_STAR_9);
        assertThat(withdraws.committed().getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.Withdrawn.class,
                        end -> assertThat(end.grant()).isEqualTo(given.id()));
    }

    @Test
    void whileTheStoreIsDownAWithdrawalIsKeptHereAndWrittenWhenItIsBack() {
        remembered();
        // history, Served, history, Reaffirmed, AssistantOpened, and then the store dies
        Tape second =
                world.call(
                        REMEMBERING,
                        world.knownCaller(),
                        Script.of(Talking.PRESSES_STAR_9),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 5));
        assertThat(types(second.kept()))
                .containsExactly("Withdrawn", "AssistantCut", "HolderNotified");
        assertThat(second.parts()).endsWith("withdrawn", "to-human");
        assertThat(world.journal.writeKept()).as("each kept once").isEqualTo(3);

        world.store.follow(FaultyStore.Plan.HEALTHY, new Tape());
        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .as("counts before it is in the store")
                .startsWith("opening", "question.assistant");
        assertThat(world.journal.writeKept()).isZero();
        assertThat(types(world.store.log())).contains("Withdrawn");
        assertThat(world.late.kept()).isEmpty();
    }

    @Test
    void whoWithdrawsThoughTheStoreWasDownWhenTheCallBeganIsLookedUpOnceMore() {
        ConsentRecord.Given given = remembered();
        var failsOnce = new FaultyStore.Plan(FaultyStore.Fault.FAILS, 0);
        Tape back = world.call(REMEMBERING, world.knownCaller(), Script.of(KEYS_STAR_9), failsOnce);

        assertThat(back.committed().getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.Withdrawn.class,
                        end -> assertThat(end.grant()).isEqualTo(given.id()));
        assertThat(back.parts()).endsWith("withdrawn", "to-human");
    }

    @Test
    void nobodyIsToldOfAWithdrawalThatTheStoreKnowsNothingOf() {
        remembered();
        Tape down =
                world.call(
                        REMEMBERING,
                        world.knownCaller(),
                        Script.of(Hearing.WITHDRAWS_MEANWHILE),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 0));

        assertThat(down.parts()).endsWith("apology", "to-human").doesNotContain("withdrawn");
        assertThat(down.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
    }

    /** Another node is silent, and may have its withdrawal: nothing is relied on, all can end. */
    @Test
    void whatMayNotBeReliedOnEndsByAWithdrawalAllTheSame() {
        for (List<Enum<?>> events :
                List.<List<Enum<?>>>of(
                        List.of(KEY_1, Talking.PRESSES_STAR_9), List.of(KEYS_STAR_9))) {
            ConsentRecord.Given given = remembered();
            world.store.lacks(FaultyStore.Gap.ELSEWHERE);
            Tape tape = world.call(REMEMBERING, events.toArray(Enum<?>[]::new));

            assertThat(tape.parts())
                    .startsWith("opening", "question.assistant")
                    .endsWith("withdrawn", "to-human")
                    .doesNotContain("remember");
            assertThat(ended(tape)).contains(given.id());
            world.store.lacks(FaultyStore.Gap.NONE);
            assertThat(world.standing().status()).isInstanceOf(ConsentStatus.Withdrawn.class);
        }
    }

    @Test
    void aNoToWhatMayNotBeReliedOnMarksTheNumberAllTheSame() {
        ConsentRecord.Given given = remembered();
        world.store.lacks(FaultyStore.Gap.ELSEWHERE);
        Tape no = world.call(REMEMBERING, KEY_2);

        assertThat(((ConsentRecord.Refused) no.committed().getLast()).inForce())
                .isEqualTo(given.id());
        assertThat(world.call(REMEMBERING, KEY_1).parts()).doesNotContain("remember");
    }

    @Test
    void whereAnEntryDoesNotOpenAllThatDoesEndsAndNobodyIsToldThatItIsAll() {
        ConsentRecord.Given given = remembered();
        world.store.lacks(FaultyStore.Gap.UNREADABLE);
        Tape tape = world.call(REMEMBERING, KEY_1, Talking.PRESSES_STAR_9);

        assertThat(tape.parts())
                .startsWith("opening", "question.assistant", "confirm.basis")
                .endsWith("apology", "to-human")
                .doesNotContain("withdrawn");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
        assertThat(ended(tape)).hasSize(2).contains(given.id());
    }

    private static List<UUID> ended(Tape tape) {
        return tape.committed().stream()
                .filter(ConsentRecord.Withdrawn.class::isInstance)
                .map(record -> ((ConsentRecord.Withdrawn) record).grant())
                .toList();
    }

    @Test
    void nobodyIsAskedForAnythingWhileTheStoreIsNotToBeBelieved() {
        remembered();
        world.store.doubt();
        for (CallFacts caller : List.of(world.knownCaller(), world.withheldCaller())) {
            Tape tape = world.call(REMEMBERING, caller, Script.of(KEY_1, KEY_1));
            assertThat(tape.parts()).containsExactly("apology", "to-human");
            assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
            assertThat(tape.has(Tape.Happening.GateOpened.class)).isFalse();
        }
    }

    @Test
    void aYesGrantsNothingOnceTheStoreIsNotToBeBelieved() {
        world.store.onceServed(world.store::doubt);
        Tape tape = world.call(REMEMBERING, KEY_1, KEY_1);

        assertThat(tape.parts()).endsWith("apology", "to-human").doesNotContain("confirm.basis");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
        assertThat(types(tape.committed())).containsExactly("Served", "Unanswered");
        assertThat(tape.has(Tape.Happening.GateOpened.class)).isFalse();
    }

    @Test
    void aWithdrawalIsHeldInMemoryWhenTheDiskIsFullToo() {
        world.late.fill();
        Tape tape =
                world.call(
                        REMEMBERING,
                        world.knownCaller(),
                        Script.of(KEY_1, Talking.PRESSES_STAR_9),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 4));
        assertThat(tape.parts()).as("it may be lost yet").doesNotContain("withdrawn");
        assertThat(tape.parts()).contains("apology");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);

        world.store.follow(FaultyStore.Plan.HEALTHY, new Tape());
        assertThat(world.journal.writeKept()).isZero();
        assertThat(types(world.store.log())).contains("Withdrawn");
        assertThat(world.journal.lost()).isZero();
    }

    @Test
    void aGrantThatReachedTheDiskTooLateIsTakenBack() {
        Tape tape =
                world.call(
                        REMEMBERING,
                        world.knownCaller(),
                        Script.of(KEY_1),
                        new FaultyStore.Plan(FaultyStore.Fault.LATE, 2));
        assertThat(tape.parts()).contains("apology");
        assertThat(types(world.store.log())).contains("Given");
        assertThat(types(tape.kept())).containsExactly("Given", "Withdrawn");
        assertThat(types(tape.committed())).containsExactly("Served", "Unanswered");

        assertThat(world.call(REMEMBERING, KEY_2).parts())
                .startsWith("opening", "question.assistant");
        assertThat(world.journal.writeKept()).isZero();
        assertThat(world.call(REMEMBERING, KEY_2).parts())
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
                line.service(),
                line.withdrawalKeys(),
                java.time.Period.ZERO,
                line.zone(),
                line.timing());
    }
}
