package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.RecordingTargets.Kind.SIP;
import static org.consentgateway.call.RecordingTargets.Kind.SOCKET;
import static org.consentgateway.call.TestWorld.*;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.call.ScriptedCaller.Answering;
import org.consentgateway.call.ScriptedCaller.Resting;
import org.consentgateway.call.Tape.Happening;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.PurposeDecided.Outcome;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Purpose;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What must hold in every call: over all short scripts on every kind of line, with a store that is
 * healthy, slow, late, failing or dying at every operation, with both kinds of assistants; over
 * short ones that begin late in a call, and those of callers who do the same at every question; and
 * over long scripts by seed. The calls are made once; each test names one law and looks at all of
 * them. All are made with -Dnightly, a third of the short and a fifth of the long ones where the
 * module or a mutation is tested, and half of these in the run of each change.
 */
class InvariantsTest {
    private static final int DEPTH_WITH_HEALTHY_STORE = 4;
    private static final int DEPTH_WITH_FAULTY_STORE = 3;
    private static final boolean NIGHTLY = System.getProperty("nightly") != null;

    /** All of them take a minute of the processor, a tenth of all tests of a change. */
    private static final int FEWER = System.getProperty("each.run") == null ? 1 : 2;

    private static final int LONG_SCRIPTS = NIGHTLY ? 40_000 : 8_000 / FEWER;

    /** One of so many is tried, of all pairs of a line and a history. */
    private static final int PAIRS = NIGHTLY ? 1 : 3 * FEWER;

    /** Waits that a short script does not reach from the first ring on. */
    private static final List<Class<? extends Enum<?>>> LATE_WAITS =
            List.of(
                    Resting.class,
                    ScriptedCaller.Recording.class,
                    RecordingTargets.Reached.class,
                    ScriptedCaller.Waiting.class,
                    ScriptedCaller.Talking.class);

    /** History twice, Served, a grant or its use, opened, cut or withdrawn, told, one to spare. */
    private static final int OPERATIONS = 9;

    private static final Set<String> AFTERWARDS_ASKED =
            Set.of(
                    Parts.SATISFACTION,
                    Parts.HELPED,
                    Parts.CALL_BACK,
                    Parts.CALL_BACK_RIGHT,
                    Parts.COMPLAINT);

    /** Two questions after a talk; whether to call back, asked twice and after each request. */
    private static final int AFTERWARDS = 2 + 2 * (2 + Question.MAX_REQUESTS) + CallBack.TRIES;

    private static final List<FaultyStore.Fault> FAULTS = List.of(FaultyStore.Fault.values());

    /** What a caller pressed who clearly agreed, or chose from a menu. */
    private static final Map<Enum<?>, Integer> CLEAR_KEYS =
            Map.of(
                    Answering.KEY_1, 1,
                    Answering.SAYS_YES_WITH_KEY_1, 1,
                    Answering.HOLDS_THEN_KEY_1, 1,
                    Answering.KEY_2, 2,
                    Answering.KEY_1_IMPATIENTLY_THEN_2, 2,
                    Answering.KEY_3, 3);

    /** The kinds of callers whose earlier consent was not ended when they call. */
    private static final Set<String> STORED =
            Set.of(
                    "valid",
                    "renewal due",
                    "text changed",
                    "of the future",
                    "shared",
                    "shared, text changed");

    /** The same, where it may be used. */
    private static final Set<String> IN_FORCE = Set.of("valid", "renewal due");

    /** The kinds of callers from whose number somebody refused before. */
    private static final Set<String> REFUSED = Set.of("shared", "shared, text changed", "refused");

    private static final Set<Enum<?>> NO_AT_ONCE =
            Set.of(
                    ScriptedCaller.Hearing.PRESSES_2_MEANWHILE,
                    ScriptedCaller.Hearing.PRESSES_0_MEANWHILE,
                    ScriptedCaller.Hearing.SAYS_NO_MEANWHILE);

    /** Agrees to what is asked first, and to more in the talk. */
    private static final Enum<?>[] MORE = {
        Answering.KEY_1, ScriptedCaller.Talking.IS_ASKED_FOR_MORE, Answering.KEY_1
    };

    /** An assistant asks for more three times, and nobody answers that. */
    private static final Enum<?>[] URGED = {
        ScriptedCaller.Talking.IS_ASKED_FOR_MORE,
        Answering.SILENT,
        Answering.SILENT,
        ScriptedCaller.Talking.IS_ASKED_FOR_MORE,
        Answering.SILENT,
        Answering.SILENT,
        ScriptedCaller.Talking.IS_ASKED_FOR_MORE
    };

    /** Laws, and the first call that broke each. */
    private static final Map<String, Predicate<Made>> LAWS = new LinkedHashMap<>();

    private static final Map<String, String> BROKEN = new LinkedHashMap<>();

    /** The only law that is asked, where a change to the product is to break it; else none. */
    private static final String ONLY = System.getProperty("law", "").replaceFirst("^.*#", "");

    private static int calls;

    /** A call that was made. */
    private record Made(
            Tape tape,
            Line line,
            String kind,
            FaultyStore.Plan plan,
            int openLegs,
            List<ConsentRecord> before,
            boolean evidenceKept) {

        boolean healthy() {
            return plan.fault() == FaultyStore.Fault.NONE || plan.fault() == FaultyStore.Fault.SLOW;
        }

        boolean answered() {
            return tape.has(Happening.Answered.class);
        }

        boolean left() {
            return tape.has(Happening.CallerLeft.class);
        }

        /** Those before anybody heard the caller; what is added in the talk is none of them. */
        List<ConsentRecord> decisions() {
            return tape.written().stream()
                    .filter(r -> isDecision(r) && !isTakenBack(r, tape.written()))
                    .filter(r -> !inTheTalk(r))
                    .toList();
        }

        boolean inTheTalk(ConsentRecord record) {
            List<Happening> all = tape.all();
            return all.subList(tape.first(Happening.GateOpened.class), all.size()).stream()
                    .map(InvariantsTest::written)
                    .anyMatch(record::equals);
        }
    }

    private static @Nullable ConsentRecord written(Happening happening) {
        return switch (happening) {
            case Happening.Committed committed -> committed.record();
            case Happening.Kept kept -> kept.record();
            default -> null;
        };
    }

    /** Written too late to count, and ended in the same breath. */
    private static boolean isTakenBack(ConsentRecord record, List<ConsentRecord> written) {
        return written.stream()
                .anyMatch(r ->
                        r instanceof ConsentRecord.Withdrawn w
                                && w.reason() == ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE
                                && w.grant().equals(record.id()));
    }

    private static boolean isDecision(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Given _,
                    ConsentRecord.Renewed _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Refused _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _ ->
                    true;
            default -> false;
        };
    }

    static {
        law(
                "noCallerAudioReachesTheAssistantBeforeTheRecordIsDurable",
                made -> {
                    int gate = made.tape().first(Happening.GateOpened.class);
                    int audio = made.tape().first(Happening.AudioToAssistant.class);
                    int dialled = made.tape().all().indexOf(new Happening.Dialled("assistant"));
                    int durable = grantOrUse(made.tape());
                    if (audio == made.tape().all().size()) {
                        return dialled < 0 || durable < dialled;
                    }
                    return durable < dialled && dialled < gate && gate < audio;
                });
        law(
                "theGateOpensOnlyWithTheGrantThatWasRecorded",
                made ->
                        made.tape().all(Happening.GateOpened.class).stream()
                                .allMatch(gate ->
                                        made.tape().committed().stream()
                                                .anyMatch(r -> proves(r, gate.grant()))));
        law(
                "refusalSilenceOrHangUpLeavesOneRecordAndNoForwardedFrame",
                made ->
                        switch (made.tape().outcome()) {
                            case CallOutcome.Refused _, CallOutcome.Unanswered _ ->
                                    made.decisions().size() == 1
                                            && !made.tape().has(Happening.AudioToAssistant.class)
                                            && !made.tape()
                                                    .all()
                                                    .contains(new Happening.Dialled("assistant"));
                            default -> true;
                        });
        law(
                "everyAnsweredCallLeavesOneDecisionOrOneUse",
                made -> {
                    if (made.line().privacy()) {
                        return true;
                    }
                    long decisions =
                            made.decisions().stream()
                                    .filter(r -> !(r instanceof ConsentRecord.Used))
                                    .count();
                    long uses = made.decisions().size() - decisions;
                    if (!made.answered()) {
                        return made.tape().written().isEmpty();
                    }
                    if (decisions + uses == 0) {
                        // Who withdraws before deciding has decided.
                        return withdrawals(made) == 1;
                    }
                    boolean renewal = made.kind().equals("renewal due");
                    return decisions == 1 ? uses == 0 || renewal : decisions == 0 && uses == 1;
                });
        law(
                "ledgerFailureIsHeardAsAnApologyNotAsConsent",
                made -> {
                    List<Happening> all = made.tape().all();
                    int failed = firstFailedGrant(all);
                    List<Happening> after = all.subList(failed, all.size());
                    return after.isEmpty()
                            || (after.stream().anyMatch(h -> speaks(h, Parts.APOLOGY))
                                    && after.stream().noneMatch(h -> speaks(h, "confirm"))
                                    && after.stream()
                                            .noneMatch(Happening.GateOpened.class::isInstance));
                });
        law(
                "withdrawalStopsAudioWithinOneFrame",
                made ->
                        noAudioAfter(made, Happening.Withdrew.class)
                                && noAudioAfter(made, Happening.ConsentEnded.class));
        law(
                "withdrawalIsHeardInEveryState",
                made -> {
                    List<Happening> all = made.tape().all();
                    for (int i = 0; i < all.size(); i++) {
                        if (all.get(i) instanceof Happening.TriesToWithdraw
                                && consentCanEnd(made, all.subList(0, i))
                                && !withdrawsAndIsServed(made, all.subList(i, all.size()))) {
                            return false;
                        }
                    }
                    return true;
                });
        law(
                "theAssistantIsGoneBeforeAWithdrawalIsWritten",
                made -> {
                    List<Happening> all = made.tape().all();
                    int withdrew = made.tape().first(Happening.Withdrew.class);
                    boolean there = answeredAndThere(all.subList(0, withdrew), "assistant");
                    boolean elsewhere = made.tape().first(Happening.ConsentEnded.class) < withdrew;
                    if (withdrew == all.size() || !there || elsewhere) {
                        return true;
                    }
                    int gone = all.indexOf(new Happening.HungUp("assistant"));
                    List<Happening> before = all.subList(0, Math.max(gone, 0));
                    return gone >= 0 && before.stream().noneMatch(InvariantsTest::withdraws);
                });
        law(
                "aWithdrawalElsewhereEndsTheCallsUnderItAndIsRecordedOnce",
                made ->
                        !made.tape().has(Happening.ConsentEnded.class)
                                || (eachIsWithdrawnOnce(made)
                                        && switch (made.tape().outcome()) {
                                            case CallOutcome.Withdrew _, CallOutcome.Drained _ ->
                                                    true;
                                            // Behind it the caller withdrew the rest as well.
                                            case CallOutcome.StoreDown _ ->
                                                    !made.healthy()
                                                            && made.tape()
                                                                    .has(Happening.Withdrew.class);
                                            default -> false;
                                        }));
        law(
                "whoHeardTheCallerIsToldThatTheConsentHasEnded",
                made -> {
                    List<Class<?>> written = writtenInOrder(made.tape());
                    int told = made.tape().all(Happening.ToldOfEnd.class).size();
                    int notified = written.indexOf(ConsentRecord.HolderNotified.class);
                    if (!endedInATalk(made)) {
                        return endedBeforeATalk(made) || (told == 0 && nobodyWasReached(made));
                    }
                    return told == 1
                            && notified > written.indexOf(ConsentRecord.AssistantCut.class)
                            && toldOfEach(made);
                });
        law(
                "whoHasAnsweredAndNotYetHeardTheCallerIsToldAsWell",
                made ->
                        !endedBeforeATalk(made)
                                || (made.tape().all(Happening.ToldOfEnd.class).size() == 1
                                        && isNotedOnceBehindTheEnd(made)));
        law(
                "aWithdrawalIsWrittenOrKeptWhateverTheStoreDoes",
                made ->
                        !made.tape().has(Happening.Withdrew.class)
                                || made.tape().written().stream()
                                        .anyMatch(r ->
                                                r instanceof ConsentRecord.Withdrawn
                                                        || r instanceof ConsentRecord.Refused)
                                || !saysWhatIsStored(made));
        law(
                "whoHasWithdrawnOrLeftIsNoMoreDialledFor",
                made -> {
                    List<Happening> all = made.tape().all();
                    int dialled = all.lastIndexOf(new Happening.Dialled("assistant"));
                    return dialled < made.tape().first(Happening.Withdrew.class)
                            && dialled < made.tape().first(Happening.ConsentEnded.class)
                            && dialled < made.tape().first(Happening.CallerLeft.class);
                });
        law(
                "noGrantIsWithdrawnThatIsNotRecordedBefore",
                made -> {
                    List<ConsentRecord> written = made.tape().written();
                    return written.stream()
                            .filter(r ->
                                    r instanceof ConsentRecord.Withdrawn w
                                            && w.reason()
                                                    == ConsentRecord.Withdrawn.Reason
                                                            .GRANT_CAME_LATE)
                            .allMatch(w -> {
                                var grant = ((ConsentRecord.Withdrawn) w).grant();
                                return written.subList(0, written.indexOf(w)).stream()
                                        .anyMatch(r -> r.id().equals(grant));
                            });
                });
        law(
                "everyCallEndsOnceAndReturnsItsPorts",
                made ->
                        made.tape().all(Happening.Ended.class).size() == 1
                                && made.tape().all(Happening.CallerHungUp.class).size() == 1
                                && made.openLegs() == 0);
        law(
                "nobodyIsHeardByTheAssistantWithoutTheDisclosure",
                made ->
                        !made.tape().has(Happening.AudioToAssistant.class)
                                || made.tape().all(Happening.Spoken.class).stream()
                                        .anyMatch(s ->
                                                s.heard()
                                                        && s.parts()
                                                                .getFirst()
                                                                .startsWith("opening")));
        law(
                "onlyAClearYesGrantsAndNoMoreLevelsThanThereWereYeses",
                made ->
                        made.tape().committed().stream()
                                .allMatch(r ->
                                        switch (r) {
                                            case ConsentRecord.Given given ->
                                                    clear(made, given, given.grant());
                                            case ConsentRecord.Renewed again ->
                                                    clear(made, again, again.grant());
                                            case ConsentRecord.Reaffirmed again ->
                                                    clear(made, again, again.grant());
                                            default -> true;
                                        }));
        law(
                "nobodyIsBoundByAnotherPersonsYes",
                made ->
                        proofs(made).stream()
                                        .allMatch(proof ->
                                                proof instanceof ConsentRecord.Used
                                                        ? mayBeUsedUnasked(made, proof)
                                                        : clear(
                                                                made,
                                                                proof,
                                                                grantOf(proof).orElseThrow()))
                                && (!(made.tape().outcome() instanceof CallOutcome.Refused)
                                        || made.tape().has(Happening.Withdrew.class)
                                        || made.tape().written().stream()
                                                .noneMatch(InvariantsTest::endsSomething)));
        law(
                "noPurposeWithoutSpokenWords",
                made ->
                        proofs(made).stream()
                                .allMatch(proof ->
                                        grantOf(proof)
                                                .map(grant -> eachWasAsked(made, grant))
                                                .orElse(true)));
        law(
                "aChangedTextNeverCarriesAnOldConsent",
                made -> !made.kind().equals("text changed") || !buildsOnAnEarlierConsent(made));
        law(
                "whoRefusedIsForgotten",
                made ->
                        !REFUSED.contains(made.kind())
                                || (!buildsOnAnEarlierConsent(made)
                                        && made.tape().parts().stream()
                                                .noneMatch(p ->
                                                        p.startsWith(Parts.OPENING_KNOWN)
                                                                || p.startsWith("known"))));
        law(
                "nothingIsRememberedOfASharedNumber",
                made ->
                        !made.kind().startsWith("shared")
                                || made.tape().written().stream()
                                        .flatMap(r -> grantOf(r).stream())
                                        .allMatch(grant -> grant.until() == null));
        law(
                "nothingIsRememberedThatWasNotAgreedToInWords",
                made ->
                        made.tape().written().stream()
                                .allMatch(r ->
                                        r instanceof ConsentRecord.Reaffirmed
                                                || grantOf(r).stream()
                                                        .allMatch(grant ->
                                                                grant.until() == null
                                                                        || agreed(
                                                                                grant,
                                                                                e ->
                                                                                        e.part()
                                                                                                .startsWith(
                                                                                                        Parts
                                                                                                                .REMEMBER)))));
        law(
                "noIsHeardFromTheFirstSampleOn",
                made -> {
                    List<Enum<?>> script = made.tape().script();
                    boolean no =
                            script.size() > 1
                                    && script.getFirst() == ScriptedCaller.Ringing.ANSWERED
                                    && NO_AT_ONCE.contains(script.get(1))
                                    && (script.get(1) != ScriptedCaller.Hearing.PRESSES_2_MEANWHILE
                                            || !choosesByKey2(made));
                    return !no
                            || made.line().privacy()
                            || (!made.tape().has(Happening.AudioToAssistant.class)
                                    && firstQuestion(made) == made.tape().all().size()
                                    && made.tape().written().stream()
                                            .anyMatch(ConsentRecord.Refused.class::isInstance));
                });
        law(
                "onlyAConsentInForceIsUsed",
                made ->
                        IN_FORCE.contains(made.kind())
                                || made.tape().committed().stream()
                                        .noneMatch(r ->
                                                r instanceof ConsentRecord.Used
                                                        || r instanceof ConsentRecord.Reaffirmed));
        law(
                "noQuestionIsPutMoreOftenThanItsRepeatsAndRequestsAllow",
                made ->
                        made.tape().all(Happening.Asked.class).size() <= mostQuestions(made)
                                && (made.line().privacy()
                                        || mostInARow(made) <= perQuestion(made)));
        law(
                "whoStaysEndsWithTheAssistantAHumanOrAGoodbye",
                made ->
                        !made.answered()
                                || made.left()
                                || made.line().privacy()
                                || made.tape().has(Happening.GateOpened.class)
                                || made.tape().has(Happening.TalkedToHuman.class)
                                || saysGoodbye(made));
        law(
                "nothingIsSaidToBeNotedThatIsNotOnDisk",
                made -> {
                    List<Happening> all = made.tape().all();
                    int left = made.tape().first(Happening.TaskLeft.class);
                    return all.subList(0, left).stream()
                            .noneMatch(h ->
                                    speaks(h, Parts.CALL_BACK_NOTED)
                                            || speaks(h, Parts.COMPLAINT_NOTED));
                });
        law(
                "aHealthyStoreLosesAndDelaysNothing",
                made -> !made.healthy() || made.tape().kept().isEmpty());
        law(
                "everyQuestionFollowsAnOpeningThatWasRecordedAsServed",
                made -> {
                    int asked = firstQuestion(made);
                    return made.line().privacy()
                            || asked == made.tape().all().size()
                            || made.tape().all().subList(0, asked).stream()
                                    .anyMatch(h ->
                                            h
                                                            instanceof
                                                            Happening.Committed(
                                                                    ConsentRecord.Served served)
                                                    && served.playing().completed());
                });
        law(
                "aPrivacyLineNeverDialsAnAssistant",
                made ->
                        !made.line().privacy()
                                || !made.tape().all().contains(new Happening.Dialled("assistant")));
        law(
                "privacyLineNeverGrantsOrDestroysEvidence",
                made ->
                        !made.line().privacy()
                                || (made.evidenceKept()
                                        && made.tape().written().stream()
                                                .allMatch(
                                                        ConsentRecord.Withdrawn.class
                                                                ::isInstance)));
        law(
                "anAssistantHearsOnlyThroughTheGateWithTheGrantOfThisVeryCall",
                made ->
                        hearings(made, "assistant").stream()
                                        .allMatch(hears -> hears.whom().equals(hears.grantOf()))
                                && hearings(made, "assistant").size()
                                        == made.tape().all(Happening.GateOpened.class).size());
        law(
                "aPersonIsNeverGivenToConverse",
                made ->
                        hearings(made, "human").stream()
                                .allMatch(hears -> hears.grantOf() == null));
        law(
                "nobodyElseHearsTheCaller",
                made -> {
                    List<Happening> all = made.tape().all();
                    for (int i = 0; i < all.size(); i++) {
                        if (all.get(i) instanceof Happening.Hears hears
                                && !answeredAndThere(all.subList(0, i), hears.who())) {
                            return false;
                        }
                    }
                    return true;
                });
        law(
                "aPurposeIsAddedOnlyByTheCallersOwnYesAndOnDisk",
                made -> {
                    List<Happening> all = made.tape().all();
                    for (int i = 0; i < all.size(); i++) {
                        if (all.get(i) instanceof Happening.ToldOfPurpose(var news)
                                && news instanceof PurposeNews.Granted(Purpose purpose, var grant)
                                && all.subList(0, i).stream()
                                        .noneMatch(h ->
                                                h instanceof Happening.Committed(var record)
                                                        && record
                                                                instanceof ConsentRecord.Given given
                                                        && given.id().equals(grant.record())
                                                        && agreed(
                                                                given.grant(),
                                                                e ->
                                                                        e.about()
                                                                                .equals(
                                                                                        purpose
                                                                                                .id())))) {
                            return false;
                        }
                    }
                    return true;
                });
        law(
                "theGateOpensForNoPurposeThatWasNotAgreedToOrHasEnded",
                made -> {
                    List<Happening> all = made.tape().all();
                    for (int i = 0; i < all.size(); i++) {
                        if (all.get(i) instanceof Happening.GateOpened(var grant, var purposes)) {
                            var proof =
                                    made.tape().committed().stream()
                                            .filter(r -> proves(r, grant))
                                            .reduce((_, last) -> last)
                                            .orElseThrow();
                            var allowed =
                                    grantOf(proof)
                                            .map(g -> g.level().purposes())
                                            .map(List::copyOf)
                                            .orElseGet(() -> List.copyOf(purposes));
                            if (!allowed.containsAll(purposes)
                                    || told(PurposeNews.Ended.class, all.subList(0, i)).stream()
                                            .anyMatch(purposes::contains)) {
                                return false;
                            }
                        }
                    }
                    return true;
                });
        law(
                "anAssistantAsksTwiceAtMostAndANoIsFinal",
                made -> {
                    List<Happening> all = made.tape().all();
                    List<Purpose> asked = told(PurposeNews.AskedNow.class, all);
                    List<Purpose> refused =
                            made.tape().written().stream()
                                    .filter(ConsentRecord.PurposeDecided.class::isInstance)
                                    .map(ConsentRecord.PurposeDecided.class::cast)
                                    .filter(r -> r.outcome() != Outcome.UNANSWERED)
                                    .map(ConsentRecord.PurposeDecided::purpose)
                                    .toList();
                    return asked.size() <= StepUp.MOST_QUESTIONS
                            && refused.stream().distinct().count() == refused.size();
                });
        law(
                "whoAsksForAHumanInTheTalkIsHeardByTheAssistantNoMore",
                made -> {
                    List<Happening> all = made.tape().all();
                    for (int i = 0; i < all.size(); i++) {
                        if (written(all.get(i)) instanceof ConsentRecord.PurposeDecided decided
                                && wantsAHuman(decided)) {
                            List<Happening> after = all.subList(i, all.size());
                            if (after.stream().anyMatch(Happening.GateOpened.class::isInstance)
                                    || !(made.left()
                                            || made.tape().has(Happening.TalkedToHuman.class)
                                            || saysGoodbye(made))) {
                                return false;
                            }
                        }
                    }
                    return true;
                });
        law(
                "aPurposeThatEndsIsToldBeforeItIsWrittenAndTheTalkGoesOn",
                made -> {
                    List<Happening> all = made.tape().all();
                    for (int i = 0; i < all.size(); i++) {
                        if (written(all.get(i)) instanceof ConsentRecord.PurposeDecided ended
                                && ended.outcome() == Outcome.ENDED) {
                            boolean gone =
                                    all.subList(0, i).contains(new Happening.HungUp("assistant"));
                            if (gone
                                    || !told(PurposeNews.Ended.class, all.subList(0, i))
                                            .contains(ended.purpose())) {
                                return false;
                            }
                        }
                    }
                    return true;
                });
        law(
                "noAssistantIsToldOfAGrantThatHasEnded",
                made -> {
                    List<Happening> all = made.tape().all();
                    int ended = made.tape().first(Happening.ConsentEnded.class);
                    return told(PurposeNews.Granted.class, all.subList(ended, all.size()))
                            .isEmpty();
                });
        law(
                "noMistakeOfOursEndsACall",
                made -> !(made.tape().outcome() instanceof CallOutcome.Failed));
    }

    /** By key; a word for it is not told from a spoken no here. */
    private static boolean wantsAHuman(ConsentRecord.PurposeDecided decided) {
        return !decided.evidence().isEmpty()
                && Objects.equals(decided.evidence().getLast().key(), '0');
    }

    /** A menu follows, in which 2 is a level. */
    private static boolean choosesByKey2(Made made) {
        return made.line().questions().dialog() == Line.Dialog.MENU
                && !made.tape().parts().getFirst().equals(Parts.OPENING_KNOWN);
    }

    /** What the record says of how the gate of this call was opened. */
    private static List<ConsentRecord> proofs(Made made) {
        return made.tape().all(Happening.GateOpened.class).stream()
                .map(gate ->
                        made.tape().committed().stream()
                                .filter(r -> proves(r, gate.grant()))
                                .findFirst()
                                .orElseThrow())
                .toList();
    }

    /** What the assistant was told of purposes until there, of one kind. */
    private static <N extends PurposeNews> List<Purpose> told(
            Class<N> kind, List<Happening> until) {
        return until.stream()
                .filter(Happening.ToldOfPurpose.class::isInstance)
                .map(h -> ((Happening.ToldOfPurpose) h).news())
                .filter(kind::isInstance)
                .map(PurposeNews::purpose)
                .toList();
    }

    private static boolean mayBeUsedUnasked(Made made, ConsentRecord used) {
        return made.line().questions().remember() == Line.Remember.BASIS
                && earlier(made, ((ConsentRecord.Used) used).grant()).level().purposes().stream()
                        .filter(made.line().purposes()::contains)
                        .allMatch(p -> p.storesNothing() || p.everyCall());
    }

    private static boolean endsSomething(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Withdrawn _, ConsentRecord.Expired _ -> true;
            case ConsentRecord.Given given -> given.supersedes() != null;
            case ConsentRecord.Renewed _ -> true;
            default -> false;
        };
    }

    private static boolean buildsOnAnEarlierConsent(Made made) {
        return made.tape().written().stream()
                .anyMatch(r ->
                        r instanceof ConsentRecord.Used
                                || r instanceof ConsentRecord.Reaffirmed
                                || r instanceof ConsentRecord.Renewed);
    }

    private static Optional<Grant> grantOf(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Given given -> Optional.of(given.grant());
            case ConsentRecord.Renewed again -> Optional.of(again.grant());
            case ConsentRecord.Reaffirmed again -> Optional.of(again.grant());
            default -> Optional.empty();
        };
    }

    /** What was agreed to before this call. */
    private static Grant earlier(Made made, UUID record) {
        return made.before().stream()
                .filter(r -> r.id().equals(record))
                .flatMap(r -> grantOf(r).stream())
                .findFirst()
                .orElseThrow();
    }

    /** Each purpose was agreed to in a part that was spoken in this call. */
    private static boolean eachWasAsked(Made made, Grant grant) {
        boolean allSpoken =
                grant.evidence().stream().allMatch(e -> made.tape().parts().contains(e.part()));
        return allSpoken
                && grant.level().purposes().stream()
                        .allMatch(purpose -> wasAsked(made, grant, purpose));
    }

    private static boolean wasAsked(Made made, Grant grant, Purpose purpose) {
        return agreed(grant, e -> e.about().equals(purpose.id()))
                || agreed(grant, e -> e.part().startsWith(Parts.MENU))
                || (!purpose.everyCall()
                        && agreed(grant, e -> e.part().startsWith("known"))
                        && made.before().stream()
                                .flatMap(r -> grantOf(r).stream())
                                .anyMatch(g ->
                                        g.until() != null
                                                && g.level().purposes().contains(purpose)));
    }

    private static boolean agreed(Grant grant, Predicate<Evidence> how) {
        return grant.evidence().stream()
                .filter(e ->
                        e.result() == Evidence.Result.AGREED
                                || e.result() == Evidence.Result.CHOSEN)
                .anyMatch(how);
    }

    private static void law(String name, Predicate<Made> holds) {
        LAWS.put(name, holds);
    }

    private static List<Happening.Hears> hearings(Made made, String who) {
        return made.tape().all(Happening.Hears.class).stream()
                .filter(hears -> hears.who().equals(who))
                .toList();
    }

    /** Whether this target has answered and is not hung up again. */
    private static boolean answeredAndThere(List<Happening> before, String who) {
        return before.lastIndexOf(new Happening.Connected(who))
                > before.lastIndexOf(new Happening.HungUp(who));
    }

    /** What was committed or kept, in the order in which it was. */
    private static List<ConsentRecord> recordsInOrder(Tape tape) {
        return tape.all().stream()
                .<ConsentRecord>mapMulti((happening, records) -> {
                    switch (happening) {
                        case Happening.Committed(ConsentRecord r) -> records.accept(r);
                        case Happening.Kept(ConsentRecord r) -> records.accept(r);
                        default -> {}
                    }
                })
                .toList();
    }

    private static List<Class<?>> writtenInOrder(Tape tape) {
        return recordsInOrder(tape).stream().<Class<?>>map(Object::getClass).toList();
    }

    /** That an assistant was told stands behind what it was told of, and no talk is cut. */
    private static boolean isNotedOnceBehindTheEnd(Made made) {
        List<UUID> ended = new ArrayList<>();
        int notified = 0;
        for (ConsentRecord record : recordsInOrder(made.tape())) {
            switch (record) {
                case ConsentRecord.Withdrawn end -> ended.add(end.grant());
                case ConsentRecord.HolderNotified told when ended.contains(told.end().grant()) ->
                        notified++;
                case ConsentRecord.HolderNotified _, ConsentRecord.AssistantCut _ -> {
                    return false;
                }
                default -> {
                    // about something else
                }
            }
        }
        return notified == 1;
    }

    /** Whether the consent ended while an assistant was there and heard the caller. */
    private static boolean endedInATalk(Made made) {
        int ended = endOfConsent(made);
        return endedWithAnAssistant(made, ended)
                && made.tape().first(Happening.GateOpened.class) < ended;
    }

    /** The same of one that had answered while the consent was confirmed. */
    private static boolean endedBeforeATalk(Made made) {
        int ended = endOfConsent(made);
        return endedWithAnAssistant(made, ended)
                && made.tape().first(Happening.GateOpened.class) > ended;
    }

    private static int endOfConsent(Made made) {
        return Math.min(
                made.tape().first(Happening.Withdrew.class),
                made.tape().first(Happening.ConsentEnded.class));
    }

    private static boolean endedWithAnAssistant(Made made, int ended) {
        List<Happening> all = made.tape().all();
        return ended < all.size() && answeredAndThere(all.subList(0, ended), "assistant");
    }

    /** It is noted once for each consent under which the assistant heard the caller to the end. */
    private static boolean toldOfEach(Made made) {
        List<UUID> cut = new ArrayList<>();
        List<UUID> notified = new ArrayList<>();
        for (ConsentRecord record : made.tape().written()) {
            switch (record) {
                case ConsentRecord.AssistantCut end -> cut.add(end.grant());
                case ConsentRecord.HolderNotified told -> notified.add(told.end().grant());
                default -> {
                    // about something else
                }
            }
        }
        return notified.equals(cut) && Set.copyOf(cut).size() == cut.size();
    }

    /** One that is gone cannot be told, and no record says that it was. */
    private static boolean nobodyWasReached(Made made) {
        return made.tape().written().stream()
                .noneMatch(r -> r instanceof ConsentRecord.HolderNotified told && told.delivered());
    }

    private static boolean noAudioAfter(Made made, Class<? extends Happening> end) {
        List<Happening> all = made.tape().all();
        return all.subList(Math.min(made.tape().first(end), all.size()), all.size()).stream()
                .noneMatch(Happening.AudioToAssistant.class::isInstance);
    }

    /** Whether a consent of this caller is stored, or was given in this call, and has not ended. */
    private static boolean consentCanEnd(Made made, List<Happening> before) {
        boolean stored = STORED.contains(made.kind()) && made.healthy() && !made.line().privacy();
        boolean given =
                before.stream()
                        .anyMatch(h ->
                                h instanceof Happening.Committed(ConsentRecord record)
                                        && (record instanceof ConsentRecord.Given
                                                || record instanceof ConsentRecord.Renewed
                                                || record instanceof ConsentRecord.Used));
        return (stored || ((given || agreedToSomething(before)) && !made.line().privacy()))
                && before.stream()
                        .noneMatch(h ->
                                h instanceof Happening.Withdrew
                                        || h instanceof Happening.ConsentEnded);
    }

    /** Whether there is anything to withdraw, and the store says so in the end. */
    private static boolean saysWhatIsStored(Made made) {
        boolean failsAtFirst = !made.healthy() && made.plan().operation() == 0;
        return !failsAtFirst
                || (STORED.contains(made.kind()) && made.plan().fault() != FaultyStore.Fault.DIES);
    }

    /** A question was put that follows on a yes only, and nothing was decided since. */
    private static boolean agreedToSomething(List<Happening> before) {
        for (Happening happening : before.reversed()) {
            if (happening instanceof Happening.Asked(_, List<String> parts)
                    && FOLLOWS_A_YES.matcher(parts.getLast()).lookingAt()) {
                return true;
            }
            if (attempted(happening).filter(InvariantsTest::isDecision).isPresent()) {
                return false;
            }
        }
        return false;
    }

    private static final Pattern FOLLOWS_A_YES =
            Pattern.compile(Parts.REMEMBER + "|(question|repeat-.)[^.]*[.](transcript|recording)");

    /** It is seen at once and recorded; who stays and is not with a person already, gets to one. */
    private static boolean withdrawsAndIsServed(Made made, List<Happening> from) {
        List<Happening> soon = from.subList(0, Math.min(3, from.size()));
        return soon.stream().anyMatch(Happening.Withdrew.class::isInstance)
                && (withdrawals(made) > 0
                        || made.tape().written().stream()
                                .anyMatch(ConsentRecord.Refused.class::isInstance))
                && (made.left()
                        || made.tape().has(Happening.TalkedToHuman.class)
                        || saysGoodbye(made));
    }

    /** Where the first question about a consent stands, or the end of the tape. */
    private static int firstQuestion(Made made) {
        List<Happening> all = made.tape().all();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof Happening.Asked asked
                    && !AFTERWARDS_ASKED.contains(asked.parts().getLast())) {
                return i;
            }
        }
        return all.size();
    }

    private static boolean saysGoodbye(Made made) {
        List<String> parts = made.tape().parts();
        return parts.contains(Parts.GOODBYE)
                || parts.contains(Parts.CALL_BACK_NOTED)
                || parts.contains(Parts.THANKS);
    }

    /** Somebody has written, or tried to, that the caller withdrew. */
    private static boolean withdraws(Happening happening) {
        return attempted(happening).filter(ConsentRecord.Withdrawn.class::isInstance).isPresent();
    }

    /** What was written, kept, or would have been. */
    private static Optional<ConsentRecord> attempted(Happening happening) {
        return switch (happening) {
            case Happening.Committed committed -> Optional.of(committed.record());
            case Happening.AppendFailed failed -> Optional.of(failed.record());
            case Happening.Kept kept -> Optional.of(kept.record());
            default -> Optional.empty();
        };
    }

    /** On a shared number two consents may end in one call: the remembered one and its own. */
    private static boolean eachIsWithdrawnOnce(Made made) {
        return withdrawals(made) > 0
                && made.tape().written().stream()
                                .filter(ConsentRecord.Withdrawn.class::isInstance)
                                .map(r -> ((ConsentRecord.Withdrawn) r).grant())
                                .distinct()
                                .count()
                        == withdrawals(made);
    }

    private static long withdrawals(Made made) {
        return made.tape().written().stream()
                .filter(ConsentRecord.Withdrawn.class::isInstance)
                .count();
    }

    private static int firstFailedGrant(List<Happening> all) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof Happening.AppendFailed(ConsentRecord record)
                    && (record instanceof ConsentRecord.Given
                            || record instanceof ConsentRecord.Renewed
                            || record instanceof ConsentRecord.Reaffirmed
                            || record instanceof ConsentRecord.Used)) {
                return i;
            }
        }
        return all.size();
    }

    private static boolean speaks(Happening happening, String start) {
        List<String> parts =
                switch (happening) {
                    case Happening.Spoken spoken -> spoken.parts();
                    case Happening.Asked asked -> asked.parts();
                    default -> List.of();
                };
        return parts.stream().anyMatch(p -> p.startsWith(start));
    }

    private static int grantOrUse(Tape tape) {
        List<Happening> all = tape.all();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof Happening.Committed(ConsentRecord record)
                    && (record instanceof ConsentRecord.Given
                            || record instanceof ConsentRecord.Renewed
                            || record instanceof ConsentRecord.Reaffirmed
                            || record instanceof ConsentRecord.Used)) {
                return i;
            }
        }
        return Integer.MAX_VALUE;
    }

    private static boolean proves(ConsentRecord record, UUID grant) {
        return switch (record) {
            case ConsentRecord.Given given -> given.id().equals(grant);
            case ConsentRecord.Renewed again -> again.id().equals(grant);
            case ConsentRecord.Reaffirmed again -> again.reaffirms().equals(grant);
            case ConsentRecord.Used used -> used.grant().equals(grant);
            default -> false;
        };
    }

    /**
     * Each purpose that is new has a clear yes to its own question, or a clear choice of a level
     * that has it, since the last opening or the talk; what is to last has one to that, too.
     */
    private static boolean clear(Made made, ConsentRecord record, Grant grant) {
        List<Happening> all = made.tape().all();
        List<Happening> before = all.subList(0, all.indexOf(new Happening.Committed(record)));
        Set<Purpose> added = new HashSet<>(grant.level().purposes());
        int since = lastOpening(before);
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i) instanceof Happening.GateOpened gate) {
                since = i;
                added = new HashSet<>(grant.level().purposes());
                added.removeAll(gate.purposes());
            }
        }
        int from = since;
        List<Tape.Put> put =
                made.tape().questions().stream()
                        .filter(q -> q.at() > from && q.at() < before.size())
                        .toList();
        boolean lasts =
                from < made.tape().first(Happening.GateOpened.class)
                        && grant.until() != null
                        && !(record instanceof ConsentRecord.Reaffirmed);
        return added.stream().allMatch(p -> clear(made, put, p))
                && (!lasts || clearYes(put, part -> part.startsWith(Parts.REMEMBER)));
    }

    private static int lastOpening(List<Happening> all) {
        int last = -1;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) instanceof Happening.Spoken(_, List<String> parts, _)
                    && parts.getFirst().startsWith(Parts.OPENING)) {
                last = i;
            }
        }
        return last;
    }

    private static boolean clear(Made made, List<Tape.Put> put, Purpose purpose) {
        Pattern question = Pattern.compile("(question|repeat-.)(-keys)?[.]" + purpose.id());
        return clearYes(put, part -> question.matcher(part).matches())
                || (!purpose.everyCall() && clearYes(put, part -> part.startsWith("known")))
                || put.stream()
                        .filter(q -> q.part().startsWith(Parts.MENU))
                        .anyMatch(q -> chosen(made, q).contains(purpose));
    }

    /** Also where it was asked back whether it was one. */
    private static boolean clearYes(List<Tape.Put> put, Predicate<String> question) {
        for (int i = 0; i < put.size(); i++) {
            boolean askedBack = put.get(i).part().equals(Parts.SAID_YES) && i > 0;
            if (question.test(put.get(askedBack ? i - 1 : i).part()) && clearYes(put.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** What was said is clear only if it rested and nothing undid it. */
    private static boolean clearYes(Tape.Put put) {
        boolean said = put.answer() == Answering.SAYS_YES || put.answer() == Answering.TYPES_YES;
        return said ? stands(Resting.STANDS, put.rest()) : clearKey(put) == 1;
    }

    private static boolean stands(Set<Resting> after, @Nullable Enum<?> rest) {
        return rest instanceof Resting resting && after.contains(resting);
    }

    /** The key that was pressed, and nothing else behind it but the same once more; or 0. */
    private static int clearKey(Tape.Put put) {
        int key = put.answer() == null ? 0 : CLEAR_KEYS.getOrDefault(put.answer(), 0);
        boolean again =
                (key == 1 && put.rest() == Resting.PRESSES_1_TOO)
                        || (key == 2 && put.rest() == Resting.PRESSES_2_AFTER_ALL);
        return put.rest() == null || again || stands(Resting.KEY_STANDS, put.rest()) ? key : 0;
    }

    private static Set<Purpose> chosen(Made made, Tape.Put menu) {
        boolean two =
                menu.answer() == Answering.SAYS_TWO && stands(Resting.TWO_STANDS, menu.rest());
        int digit = two ? 2 : clearKey(menu);
        List<Level> levels = made.line().levels();
        return digit < 1 || digit > levels.size() ? Set.of() : levels.get(digit - 1).purposes();
    }

    private static int mostQuestions(Made made) {
        int questions =
                made.line().privacy() ? PrivacyDialog.MAX_WISHES : 4 + StepUp.MOST_QUESTIONS;
        return questions * perQuestion(made) * (1 + ConsentCall.MAX_LANGUAGE_CHANGES) + AFTERWARDS;
    }

    private static int perQuestion(Made made) {
        return 1 + made.line().questions().repeats() + Question.MAX_REQUESTS;
    }

    /** How often the same was asked with no opening between; whether it was a yes is another. */
    private static int mostInARow(Made made) {
        int most = 0;
        int row = 0;
        String asking = "";
        for (Happening happening : made.tape().all()) {
            if (happening instanceof Happening.Spoken(_, List<String> parts, _)
                    && !parts.getFirst().startsWith(Parts.INFORMATION)) {
                row = 0;
            }
            if (happening instanceof Happening.Asked(_, List<String> parts)
                    && !parts.getLast().equals(Parts.SAID_YES)) {
                String asked = SAME_QUESTION.matcher(parts.getLast()).replaceAll("");
                row = asked.equals(asking) ? row + 1 : 1;
                asking = asked;
                most = Math.max(most, row);
            }
        }
        return most;
    }

    /** What a question and its repeats do not share. */
    private static final Pattern SAME_QUESTION =
            Pattern.compile("^(question|repeat-.)|-repeat(-.)?|-keys");

    private static final List<Line> LINES =
            List.of(
                    LADDER,
                    SHORT_LADDER,
                    MENU,
                    NO_HUMAN,
                    ASKING_BACK,
                    CALLING_BACK,
                    REMINDING,
                    PRIVACY,
                    REMEMBERING_ALL,
                    REMEMBERING_MENU,
                    UNASKED);

    /** Who calls, with which history. */
    private static final Map<String, BiConsumer<TestWorld, Line>> KINDS = kinds();

    private static Map<String, BiConsumer<TestWorld, Line>> kinds() {
        var kinds = new LinkedHashMap<String, BiConsumer<TestWorld, Line>>();
        kinds.put("never called", (_, _) -> {});
        kinds.put("valid", InvariantsTest::agree);
        kinds.put(
                "renewal due",
                (world, line) -> {
                    agree(world, line);
                    world.time.pass(java.time.Duration.ofDays(350));
                });
        kinds.put(
                "expired",
                (world, line) -> {
                    agree(world, line);
                    world.time.pass(java.time.Duration.ofDays(366));
                });
        kinds.put(
                "text changed",
                (world, line) -> {
                    agree(world, line);
                    world.notices.bump("2026-12", true);
                });
        kinds.put(
                "withdrawn",
                (world, line) ->
                        world.call(
                                REMEMBERING,
                                Answering.KEY_1,
                                Answering.KEY_1,
                                ScriptedCaller.Talking.PRESSES_STAR_9));
        kinds.put("refused", (world, _) -> world.call(REMEMBERING, Answering.KEY_2));
        kinds.put(
                "shared",
                (world, line) -> {
                    agree(world, line);
                    world.call(REMEMBERING, Answering.KEY_2);
                });
        kinds.put(
                "shared, text changed",
                (world, line) -> {
                    agree(world, line);
                    world.call(REMEMBERING, Answering.KEY_2);
                    world.notices.bump("2026-12", true);
                });
        kinds.put(
                "of the future",
                (world, line) -> {
                    agree(world, line);
                    world.time.setWall(VirtualTime.START.minus(java.time.Duration.ofDays(1)));
                });
        return kinds;
    }

    /** Somebody agreed to talk to the assistant, and to be remembered. */
    private static void agree(TestWorld world, Line line) {
        world.call(REMEMBERING, Answering.KEY_1, Answering.KEY_1);
    }

    @BeforeAll
    static void makeAllCalls() {
        LINES.forEach(line -> KINDS.keySet().forEach(kind -> makeShortCuts(line, kind)));
        pairs().forEach(pair -> enumerate(pair.line(), pair.kind()));
        for (int seed = 0; seed < LONG_SCRIPTS; seed++) {
            var random = new Random(seed);
            var kinds = List.copyOf(KINDS.keySet());
            make(
                    LINES.get(random.nextInt(LINES.size())),
                    kinds.get(random.nextInt(kinds.size())),
                    Script.by(random),
                    new FaultyStore.Plan(
                            FAULTS.get(random.nextInt(FAULTS.size())), random.nextInt(OPERATIONS)),
                    seed % 2 == 0 ? SIP : SOCKET);
        }
    }

    private record Pair(Line line, String kind) {}

    /** Of lines and histories: each with each in a nightly run, else each with some of them. */
    private static List<Pair> pairs() {
        var pairs = new ArrayList<Pair>();
        var kinds = List.copyOf(KINDS.keySet());
        for (int line = 0; line < LINES.size(); line++) {
            for (int kind = 0; kind < kinds.size(); kind++) {
                if ((line + kind) % PAIRS == 0) {
                    pairs.add(new Pair(LINES.get(line), kinds.get(kind)));
                }
            }
        }
        return pairs;
    }

    /** Callers who do the same at every question, and what happens late in a call. */
    private static void makeShortCuts(Line line, String kind) {
        for (Answering stubborn : Answering.values()) {
            make(line, kind, Script.always(stubborn), FaultyStore.Plan.HEALTHY, SOCKET);
        }
        make(line, kind, Script.of(URGED), FaultyStore.Plan.HEALTHY, SIP);
        make(line, kind, Script.of(URGED), FaultyStore.Plan.HEALTHY, SOCKET);
        make(
                line,
                kind,
                Script.of(MORE),
                FaultyStore.Plan.HEALTHY,
                SOCKET,
                world -> world.endsWhileSaid = InvariantsTest::isConfirmation);
        for (RecordingTargets.Kind assistants : RecordingTargets.Kind.values()) {
            for (Class<? extends Enum<?>> wait : LATE_WAITS) {
                Choices.forEach(
                        2,
                        choices ->
                                make(
                                        line,
                                        kind,
                                        Script.from(wait, choices),
                                        FaultyStore.Plan.HEALTHY,
                                        assistants));
            }
        }
    }

    private static boolean isConfirmation(Utterance said) {
        return said.parts().stream().anyMatch(part -> part.startsWith("confirm."));
    }

    private static void enumerate(Line line, String kind) {
        boolean everything = kind.equals("never called");
        Choices.forEach(
                everything ? DEPTH_WITH_HEALTHY_STORE : DEPTH_WITH_FAULTY_STORE,
                choices -> make(line, kind, Script.by(choices), FaultyStore.Plan.HEALTHY, SIP));
        int depth = everything && line.equals(LADDER) ? DEPTH_WITH_FAULTY_STORE : 2;
        for (RecordingTargets.Kind assistants : RecordingTargets.Kind.values()) {
            Choices.Paths healthy =
                    Choices.remember(
                            depth,
                            choices ->
                                    make(
                                            line,
                                            kind,
                                            Script.by(choices),
                                            FaultyStore.Plan.HEALTHY,
                                            assistants));
            for (int operation = assistants == SIP ? 0 : 1;
                    operation < OPERATIONS;
                    operation += 2) {
                makeFaulty(line, kind, healthy, operation, depth);
            }
        }
    }

    /** A call that ends before the operation is the same as with a healthy store. */
    private static void makeFaulty(
            Line line, String kind, Choices.Paths healthy, int operation, int depth) {
        for (FaultyStore.Fault fault : FAULTS) {
            if (fault != FaultyStore.Fault.NONE) {
                var plan = new FaultyStore.Plan(fault, operation);
                Choices.forEachBeyond(
                        healthy,
                        operation,
                        depth,
                        choices ->
                                make(
                                        line,
                                        kind,
                                        Script.by(choices),
                                        plan,
                                        operation % 2 == 0 ? SIP : SOCKET));
            }
        }
    }

    /**
     * @return how many operations of the store there were
     */
    private static int make(
            Line line,
            String kind,
            Script script,
            FaultyStore.Plan plan,
            RecordingTargets.Kind assistants) {
        return make(line, kind, script, plan, assistants, _ -> {});
    }

    private static int make(
            Line line,
            String kind,
            Script script,
            FaultyStore.Plan plan,
            RecordingTargets.Kind assistants,
            Consumer<TestWorld> then) {
        if (BROKEN.containsKey(ONLY)) {
            return 0;
        }
        var world = new TestWorld();
        world.assistants = assistants;
        KINDS.getOrDefault(kind, (_, _) -> {}).accept(world, line);
        then.accept(world);
        List<ConsentRecord> before = world.store.log();
        Tape tape = world.call(line, world.knownCaller(), script, plan);
        calls++;
        int operations = world.store.operations();
        boolean kept = world.store.log().containsAll(before);
        var made = new Made(tape, line, kind, plan, world.openLegs, before, kept);
        LAWS.forEach((name, holds) -> {
            boolean asked = ONLY.isEmpty() || ONLY.equals(name);
            if (asked && !BROKEN.containsKey(name) && !holds(holds, made)) {
                BROKEN.put(
                        name, kind + ", " + assistants + ", " + plan + ", " + line + "\n" + tape);
            }
        });
        return operations;
    }

    /** What a law does not find in a call, such as the record that a gate was opened with. */
    private static boolean holds(Predicate<Made> law, Made made) {
        try {
            return law.test(made);
        } catch (NoSuchElementException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    @AfterAll
    static void everyLawHasItsTest() {
        assertThat(LAWS.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(InvariantsTest.class.getDeclaredMethods())
                                .filter(m -> m.isAnnotationPresent(Test.class))
                                .map(java.lang.reflect.Method::getName)
                                .filter(n -> !n.equals("manyCallsWereMade"))
                                .toList());
    }

    private static void holds(String law) {
        assertThat(BROKEN.get(law)).as("the first call that broke it").isNull();
    }

    @Test
    void manyCallsWereMade() {
        assertThat(calls).isGreaterThan(NIGHTLY ? 150_000 : 40_000 / FEWER);
    }

    @Test
    void noCallerAudioReachesTheAssistantBeforeTheRecordIsDurable() {
        holds("noCallerAudioReachesTheAssistantBeforeTheRecordIsDurable");
    }

    @Test
    void theGateOpensOnlyWithTheGrantThatWasRecorded() {
        holds("theGateOpensOnlyWithTheGrantThatWasRecorded");
    }

    @Test
    void refusalSilenceOrHangUpLeavesOneRecordAndNoForwardedFrame() {
        holds("refusalSilenceOrHangUpLeavesOneRecordAndNoForwardedFrame");
    }

    @Test
    void everyAnsweredCallLeavesOneDecisionOrOneUse() {
        holds("everyAnsweredCallLeavesOneDecisionOrOneUse");
    }

    @Test
    void ledgerFailureIsHeardAsAnApologyNotAsConsent() {
        holds("ledgerFailureIsHeardAsAnApologyNotAsConsent");
    }

    @Test
    void withdrawalStopsAudioWithinOneFrame() {
        holds("withdrawalStopsAudioWithinOneFrame");
    }

    @Test
    void withdrawalIsHeardInEveryState() {
        holds("withdrawalIsHeardInEveryState");
    }

    @Test
    void theAssistantIsGoneBeforeAWithdrawalIsWritten() {
        holds("theAssistantIsGoneBeforeAWithdrawalIsWritten");
    }

    @Test
    void whoHeardTheCallerIsToldThatTheConsentHasEnded() {
        holds("whoHeardTheCallerIsToldThatTheConsentHasEnded");
    }

    @Test
    void whoHasAnsweredAndNotYetHeardTheCallerIsToldAsWell() {
        holds("whoHasAnsweredAndNotYetHeardTheCallerIsToldAsWell");
    }

    @Test
    void aWithdrawalIsWrittenOrKeptWhateverTheStoreDoes() {
        holds("aWithdrawalIsWrittenOrKeptWhateverTheStoreDoes");
    }

    @Test
    void whoHasWithdrawnOrLeftIsNoMoreDialledFor() {
        holds("whoHasWithdrawnOrLeftIsNoMoreDialledFor");
    }

    @Test
    void aWithdrawalElsewhereEndsTheCallsUnderItAndIsRecordedOnce() {
        holds("aWithdrawalElsewhereEndsTheCallsUnderItAndIsRecordedOnce");
    }

    @Test
    void noGrantIsWithdrawnThatIsNotRecordedBefore() {
        holds("noGrantIsWithdrawnThatIsNotRecordedBefore");
    }

    @Test
    void everyCallEndsOnceAndReturnsItsPorts() {
        holds("everyCallEndsOnceAndReturnsItsPorts");
    }

    @Test
    void nobodyIsHeardByTheAssistantWithoutTheDisclosure() {
        holds("nobodyIsHeardByTheAssistantWithoutTheDisclosure");
    }

    @Test
    void onlyAClearYesGrantsAndNoMoreLevelsThanThereWereYeses() {
        holds("onlyAClearYesGrantsAndNoMoreLevelsThanThereWereYeses");
    }

    @Test
    void nobodyIsBoundByAnotherPersonsYes() {
        holds("nobodyIsBoundByAnotherPersonsYes");
    }

    @Test
    void noPurposeWithoutSpokenWords() {
        holds("noPurposeWithoutSpokenWords");
    }

    @Test
    void aChangedTextNeverCarriesAnOldConsent() {
        holds("aChangedTextNeverCarriesAnOldConsent");
    }

    @Test
    void whoRefusedIsForgotten() {
        holds("whoRefusedIsForgotten");
    }

    @Test
    void nothingIsRememberedOfASharedNumber() {
        holds("nothingIsRememberedOfASharedNumber");
    }

    @Test
    void nothingIsRememberedThatWasNotAgreedToInWords() {
        holds("nothingIsRememberedThatWasNotAgreedToInWords");
    }

    @Test
    void noIsHeardFromTheFirstSampleOn() {
        holds("noIsHeardFromTheFirstSampleOn");
    }

    @Test
    void onlyAConsentInForceIsUsed() {
        holds("onlyAConsentInForceIsUsed");
    }

    @Test
    void noQuestionIsPutMoreOftenThanItsRepeatsAndRequestsAllow() {
        holds("noQuestionIsPutMoreOftenThanItsRepeatsAndRequestsAllow");
    }

    @Test
    void whoStaysEndsWithTheAssistantAHumanOrAGoodbye() {
        holds("whoStaysEndsWithTheAssistantAHumanOrAGoodbye");
    }

    @Test
    void nothingIsSaidToBeNotedThatIsNotOnDisk() {
        holds("nothingIsSaidToBeNotedThatIsNotOnDisk");
    }

    @Test
    void aHealthyStoreLosesAndDelaysNothing() {
        holds("aHealthyStoreLosesAndDelaysNothing");
    }

    @Test
    void everyQuestionFollowsAnOpeningThatWasRecordedAsServed() {
        holds("everyQuestionFollowsAnOpeningThatWasRecordedAsServed");
    }

    @Test
    void aPrivacyLineNeverDialsAnAssistant() {
        holds("aPrivacyLineNeverDialsAnAssistant");
    }

    @Test
    void privacyLineNeverGrantsOrDestroysEvidence() {
        holds("privacyLineNeverGrantsOrDestroysEvidence");
    }

    @Test
    void anAssistantHearsOnlyThroughTheGateWithTheGrantOfThisVeryCall() {
        holds("anAssistantHearsOnlyThroughTheGateWithTheGrantOfThisVeryCall");
    }

    @Test
    void aPersonIsNeverGivenToConverse() {
        holds("aPersonIsNeverGivenToConverse");
    }

    @Test
    void nobodyElseHearsTheCaller() {
        holds("nobodyElseHearsTheCaller");
    }

    @Test
    void aPurposeIsAddedOnlyByTheCallersOwnYesAndOnDisk() {
        holds("aPurposeIsAddedOnlyByTheCallersOwnYesAndOnDisk");
    }

    @Test
    void theGateOpensForNoPurposeThatWasNotAgreedToOrHasEnded() {
        holds("theGateOpensForNoPurposeThatWasNotAgreedToOrHasEnded");
    }

    @Test
    void whoAsksForAHumanInTheTalkIsHeardByTheAssistantNoMore() {
        holds("whoAsksForAHumanInTheTalkIsHeardByTheAssistantNoMore");
    }

    @Test
    void anAssistantAsksTwiceAtMostAndANoIsFinal() {
        holds("anAssistantAsksTwiceAtMostAndANoIsFinal");
    }

    @Test
    void aPurposeThatEndsIsToldBeforeItIsWrittenAndTheTalkGoesOn() {
        holds("aPurposeThatEndsIsToldBeforeItIsWrittenAndTheTalkGoesOn");
    }

    @Test
    void noAssistantIsToldOfAGrantThatHasEnded() {
        holds("noAssistantIsToldOfAGrantThatHasEnded");
    }

    @Test
    void noMistakeOfOursEndsACall() {
        holds("noMistakeOfOursEndsACall");
    }
}
