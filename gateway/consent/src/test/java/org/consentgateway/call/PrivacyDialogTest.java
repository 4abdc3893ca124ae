package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ConsentCallTest.given;
import static org.consentgateway.call.ConsentCallTest.types;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.TestWorld.*;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.call.CallOutcome.Wish;
import org.consentgateway.call.ScriptedCaller.Answering;
import org.consentgateway.call.ScriptedCaller.Hearing;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.consent.request.SubjectRequest;
import org.junit.jupiter.api.Test;

class PrivacyDialogTest {
    private static final String OTHER_LINEAGE = "hotline";

    private final TestWorld world = new TestWorld();

    @Test
    void theCallerHearsThatThereIsAConsentAndNothingOfIt() {
        world.call(REMEMBERING_MENU, Answering.KEY_2, Answering.KEY_1);

        assertThat(world.call(PRIVACY, HANGS_UP_ANSWERING).parts())
                .containsExactly("privacy-opening", "privacy-consent", "privacy-menu");
    }

    @Test
    void aCallerWithoutAConsentHearsThatThereIsNone() {
        assertThat(world.call(PRIVACY, HANGS_UP_ANSWERING).parts())
                .containsExactly("privacy-opening", "privacy-none", "privacy-menu");
    }

    @Test
    void aConsentThatCanNoLongerBeUsedIsToldAndWithdrawnToo() {
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        world.notices.bump("2026-12", true);
        Tape tape = world.call(PRIVACY, KEY_1, HANGS_UP_ANSWERING);

        assertThat(tape.parts()).startsWith("privacy-opening", "privacy-consent");
        assertThat(types(tape.committed())).containsExactly("Withdrawn");
    }

    @Test
    void aConsentThatHasEndedIsNoLongerToldOf() {
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        world.time.pass(Duration.ofDays(366));

        assertThat(world.call(PRIVACY, HANGS_UP_ANSWERING).parts()).contains("privacy-none");
    }

    @Test
    void aCallerWhoseNumberIsNotShownHearsWhereToWriteAndMayHaveAPerson() {
        Tape silent = world.call(PRIVACY, world.withheldCaller(), Script.of());
        Tape asks = world.call(PRIVACY, world.withheldCaller(), Script.of(KEY_4, KEY_0));

        assertThat(silent.parts())
                .startsWith(
                        "privacy-opening",
                        "privacy-unknown-caller",
                        "privacy-contact",
                        "privacy-unknown-menu")
                .endsWith("thanks");
        assertThat(wish(silent)).isEqualTo(Wish.UNKNOWN_CALLER);
        assertThat(asks.parts())
                .containsSubsequence(
                        "privacy-unknown-menu",
                        "privacy-contact",
                        "privacy-unknown-menu",
                        "to-human");
        assertThat(asks.has(Tape.Happening.TalkedToHuman.class)).isTrue();
    }

    @Test
    void aNumberThatIsOnlyClaimedOpensNothing() {
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        Tape tape = world.call(PRIVACY, world.claimedCaller(), Script.of(KEY_1, KEY_2, KEY_3));

        assertThat(tape.parts()).contains("privacy-unknown-caller");
        assertThat(tape.written()).isEmpty();
        assertThat(tape.has(Tape.Happening.Requested.class)).isFalse();
    }

    @Test
    void oneWithdraws() {
        ConsentRecord.Given given = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        Tape tape = world.call(PRIVACY, KEY_1, HANGS_UP_ANSWERING);

        assertThat(types(tape.committed())).containsExactly("Withdrawn");
        assertThat(withdrawn(tape).getFirst().grant()).isEqualTo(given.id());
        assertThat(withdrawn(tape).getFirst().method()).isEqualTo(Method.KEY);
        assertThat(tape.parts()).containsSubsequence("privacy-withdrawn", "privacy-menu");
        assertThat(wish(tape)).isEqualTo(Wish.WITHDREW);
        assertThat(world.call(MENU, KEY_0).parts()).startsWith("opening", "menu");
    }

    /** Also to who presses the key twice: it is said before anything can be pressed again. */
    @Test
    void whatCameOfAWithdrawalIsSaidToItsEnd() {
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        Tape tape = world.call(PRIVACY, KEY_1, KEY_1, HANGS_UP_ANSWERING);

        assertThat(tape.all(Tape.Happening.Spoken.class))
                .extracting(Tape.Happening.Spoken::parts)
                .startsWith(List.of("privacy-withdrawn"), List.of("privacy-none"));
        assertThat(tape.all(Tape.Happening.Asked.class))
                .extracting(Tape.Happening.Asked::parts)
                .element(1)
                .isEqualTo(List.of("privacy-menu"));
    }

    /** Somebody set the machine's clock, which may be right and is not believed yet. */
    @Test
    void oneWithdrawsAlsoWhatMayHaveEndedByNow() {
        ConsentRecord.Given given = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        world.time.mayBeAhead(Duration.ofDays(366));
        Tape tape = world.call(PRIVACY, KEY_1, HANGS_UP_ANSWERING);

        assertThat(withdrawn(tape).getFirst().grant()).isEqualTo(given.id());
        assertThat(withdrawn(tape).getFirst().withdrawnAt())
                .isBefore(VirtualTime.START.plus(Duration.ofDays(1)));
    }

    @Test
    void aWithdrawalIsOnlySaidToBeDoneWhereItIsOnSomeDisk() {
        var storeDies = new FaultyStore.Plan(FaultyStore.Fault.DIES, 1);
        Script withdraws = Script.of(KEY_1, HANGS_UP_ANSWERING);
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        Tape kept = world.call(PRIVACY, world.knownCaller(), withdraws, storeDies);
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        world.late.fill();
        Tape held = world.call(PRIVACY, world.knownCaller(), withdraws, storeDies);

        assertThat(kept.parts()).contains("privacy-withdrawn");
        assertThat(held.parts()).doesNotContain("privacy-withdrawn").contains("to-human");
        assertThat(held.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
    }

    /** One disk for all, full or read-only: what is stored can be read, and nothing is written. */
    @Test
    void aWithdrawalThatIsInMemoryAloneIsNotSaidToBeDoneInTheNextCallEither() {
        var takesNothing = new FaultyStore.Plan(FaultyStore.Fault.TAKES_NOTHING, 0);
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        world.late.fill();
        for (int time = 0; time < 2; time++) {
            Tape tape =
                    world.call(
                            PRIVACY,
                            world.knownCaller(),
                            Script.of(KEY_1, HANGS_UP_ANSWERING),
                            takesNothing);

            assertThat(tape.parts())
                    .doesNotContain("privacy-withdrawn", "privacy-none")
                    .containsSubsequence("apology", "to-human");
            assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
        }
        assertThat(world.standing().status())
                .as("it counts")
                .isInstanceOf(ConsentStatus.Withdrawn.class);

        assertThat(world.journal.writeKept()).isZero();
        assertThat(world.call(PRIVACY, HANGS_UP_ANSWERING).parts()).contains("privacy-none");
    }

    /** The store takes others by then, and not yet this one. */
    @Test
    void whoWithdrawsSomethingElseIsNotToldThatAllIsDoneWhileAnotherEndIsInMemoryAlone() {
        ConsentRecord.Given first = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        world.late.fill();
        Tape _ =
                world.call(
                        PRIVACY,
                        world.knownCaller(),
                        Script.of(KEY_1, HANGS_UP_ANSWERING),
                        new FaultyStore.Plan(FaultyStore.Fault.TAKES_NOTHING, 0));
        world.store.put(toAnotherNotice(first));
        Tape tape = world.call(PRIVACY, KEY_1, HANGS_UP_ANSWERING);

        assertThat(tape.parts())
                .contains("privacy-consent")
                .doesNotContain("privacy-withdrawn")
                .containsSubsequence("apology", "to-human");
    }

    /** It may be a consent. */
    @Test
    void whoHasSomethingThatCannotBeReadIsNotToldThatThereIsNoneAndGetsAPerson() {
        world.store.lacks(FaultyStore.Gap.UNREADABLE);
        Tape tape = world.call(PRIVACY, HANGS_UP_ANSWERING);

        assertThat(tape.parts())
                .doesNotContain("privacy-none", "privacy-consent")
                .containsSubsequence("apology", "to-human");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
    }

    @Test
    void whatCanBeReadEndsAndAPersonIsToldOfTheRest() {
        ConsentRecord.Given here = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        ConsentRecord.Given there = toAnotherNotice(here);
        world.store.put(there);
        world.store.lacks(FaultyStore.Gap.UNREADABLE);
        Tape tape = world.call(PRIVACY, KEY_1, HANGS_UP_ANSWERING);

        assertThat(withdrawn(tape))
                .extracting(ConsentRecord.Withdrawn::grant)
                .containsExactlyInAnyOrder(here.id(), there.id());
        assertThat(types(tape.committed())).containsExactly("Withdrawn", "Withdrawn");
        assertThat(tape.parts())
                .startsWith("privacy-opening", "privacy-consent")
                .doesNotContain("privacy-withdrawn", "privacy-none")
                .containsSubsequence("apology", "to-human");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
    }

    /** Of a switchboard more than is read at once. */
    @Test
    void aWithdrawalEndsAlsoTheConsentsThatAreNotReadWhileTheCallBegins() {
        ConsentRecord.Given first = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        var all = new ArrayList<>(List.of(first.id()));
        for (int i = 0; i < 30; i++) {
            ConsentRecord.Given one = toAnotherNotice(first);
            world.store.put(one);
            all.add(one.id());
        }
        world.store.lacks(FaultyStore.Gap.CROWDED);
        for (Enum<?> withdraws : List.of(KEY_1, KEYS_STAR_9)) {
            Tape tape = world.call(PRIVACY, withdraws, HANGS_UP_ANSWERING);

            assertThat(withdrawn(tape))
                    .extracting(ConsentRecord.Withdrawn::grant)
                    .containsExactlyInAnyOrderElementsOf(all);
            assertThat(tape.parts()).contains("privacy-withdrawn").doesNotContain("apology");
            all.replaceAll(_ -> {
                ConsentRecord.Given one = toAnotherNotice(first);
                world.store.put(one);
                return one.id();
            });
        }
    }

    /** What has ended has ended, and a person is told of the rest. */
    @Test
    void aWithdrawalThatTheStoreDoesNotTakeToItsEndIsNotSaidToBeDone() {
        ConsentRecord.Given first = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        for (int i = 0; i < 30; i++) {
            world.store.put(toAnotherNotice(first));
        }
        world.store.lacks(FaultyStore.Gap.CROWDED);
        Tape tape =
                world.call(
                        PRIVACY,
                        world.knownCaller(),
                        Script.of(KEY_1, HANGS_UP_ANSWERING),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 3));

        assertThat(withdrawn(tape)).hasSize(1);
        assertThat(tape.parts())
                .doesNotContain("privacy-withdrawn")
                .containsSubsequence("apology", "to-human");
    }

    @Test
    void theWordAndTheKeysOfACallWithdrawToo() {
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        Tape word = world.call(PRIVACY, SAYS_WITHDRAW_ANSWERING, HANGS_UP_ANSWERING);
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        Tape keys = world.call(PRIVACY, KEYS_STAR_9, HANGS_UP_ANSWERING);

        assertThat(withdrawn(word))
                .extracting(ConsentRecord.Withdrawn::method)
                .containsExactly(Method.SPEECH);
        assertThat(withdrawn(keys))
                .extracting(ConsentRecord.Withdrawn::method)
                .containsExactly(Method.KEY);
    }

    @Test
    void aWithdrawalEndsTheConsentsToEveryNoticeOfTheGateway() {
        ConsentRecord.Given here = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        ConsentRecord.Given there = toAnotherNotice(here);
        world.store.put(there);
        Tape tape = world.call(PRIVACY, KEY_1, KEY_1, HANGS_UP_ANSWERING);

        assertThat(withdrawn(tape))
                .extracting(ConsentRecord.Withdrawn::grant)
                .containsExactlyInAnyOrder(here.id(), there.id());
        assertThat(withdrawn(tape))
                .extracting(ConsentRecord.Withdrawn::lineage)
                .containsExactlyInAnyOrder(TestNotices.LINEAGE, OTHER_LINEAGE);
        assertThat(tape.parts())
                .containsSubsequence("privacy-withdrawn", "privacy-menu", "privacy-none");
    }

    @Test
    void aConsentThatIsGivenOnThisNumberWhileThePrivacyLineSpeaksIsWithdrawnToo() {
        ConsentRecord.Given lasting = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        world.store.put(world.withdrawn(lasting.id()));
        ConsentRecord.Given since = toAnotherNotice(lasting);
        Script presses1 =
                new Script() {
                    private boolean pressed;

                    @Override
                    public <E extends Enum<E>> E next(List<E> possible) {
                        int event = possible.indexOf(KEY_1);
                        if (event < 0 || pressed) {
                            int leaves = possible.indexOf(HANGS_UP_ANSWERING);
                            return possible.get(Math.max(leaves, 0));
                        }
                        pressed = true;
                        world.store.put(since);
                        return possible.get(event);
                    }
                };
        Tape tape = world.call(PRIVACY, world.knownCaller(), presses1);

        assertThat(tape.parts()).startsWith("privacy-opening", "privacy-none");
        assertThat(withdrawn(tape))
                .extracting(ConsentRecord.Withdrawn::grant)
                .containsExactly(since.id());
        assertThat(tape.parts()).contains("privacy-withdrawn");
    }

    @Test
    void aConsentUnderWhichSomebodyTalksNowIsWithdrawnThoughItIsForThisCallAlone() {
        ConsentRecord.Given lasting = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        ConsentRecord.Given talk = forOneCall(lasting);
        world.store.put(talk);
        world.store.put(
                new ConsentRecord.AssistantOpened(
                        world.ids.get(),
                        world.time.instant(),
                        talk.call(),
                        talk.id(),
                        "assistant"));
        Tape tape = world.call(PRIVACY, KEY_1, HANGS_UP_ANSWERING);

        assertThat(withdrawn(tape))
                .extracting(ConsentRecord.Withdrawn::grant)
                .containsExactlyInAnyOrder(lasting.id(), talk.id());
    }

    @Test
    void aWithdrawalIsKeptWhereTheStoreFailsMeanwhile() {
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        Tape tape =
                world.call(
                        PRIVACY,
                        world.knownCaller(),
                        Script.of(KEY_1, HANGS_UP_ANSWERING),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 1));

        assertThat(types(tape.kept())).containsExactly("Withdrawn");
        assertThat(tape.parts()).containsSubsequence("privacy-withdrawn", "privacy-menu");
    }

    @Test
    void twoAsksForAccessAndTheCallerHearsANumberForIt() {
        Tape tape = world.call(PRIVACY, KEY_2, HANGS_UP_ANSWERING);

        SubjectRequest.Opened request = requests(tape).getFirst();
        assertThat(request.kind()).isEqualTo(SubjectRequest.Kind.ACCESS);
        assertThat(request.channel()).isEqualTo(SubjectRequest.Channel.PRIVACY_LINE);
        assertThat(request.subject()).isEqualTo(CALLER);
        String digits = request.reference().digits();
        List<String> spoken =
                digits.chars().mapToObj(digit -> "privacy-digit." + (char) digit).toList();
        assertThat(digits).hasSize(6);
        assertThat(tape.parts())
                .containsSequence("privacy-access", "privacy-reference")
                .containsSequence(spoken)
                .contains("privacy-reference-again");
        assertThat(wish(tape)).isEqualTo(Wish.ASKED_FOR_ACCESS);
    }

    @Test
    void threeAsksForErasureAndErasesNothing() {
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        List<ConsentRecord> before = world.store.log();
        Tape tape = world.call(PRIVACY, KEY_3, HANGS_UP_ANSWERING);

        assertThat(requests(tape))
                .extracting(SubjectRequest.Opened::kind)
                .containsExactly(SubjectRequest.Kind.ERASURE);
        assertThat(world.store.log()).isEqualTo(before);
        assertThat(tape.parts()).containsSubsequence("privacy-erasure", "privacy-menu");
        assertThat(wish(tape)).isEqualTo(Wish.ASKED_FOR_ERASURE);
    }

    @Test
    void theWordDeleteAsksForErasure() {
        assertThat(requests(world.call(PRIVACY, SAYS_DELETE, HANGS_UP_ANSWERING)))
                .extracting(SubjectRequest.Opened::kind)
                .containsExactly(SubjectRequest.Kind.ERASURE);
    }

    @Test
    void whoAsksAgainHearsTheNumberOfTheFirstTime() {
        Tape first = world.call(PRIVACY, KEY_2, KEY_3, HANGS_UP_ANSWERING);
        Tape again = world.call(PRIVACY, KEY_2, HANGS_UP_ANSWERING);

        assertThat(requests(first)).hasSize(2);
        assertThat(requests(again)).isEmpty();
        assertThat(digits(again)).isEqualTo(digits(first).subList(0, digits(again).size()));
    }

    @Test
    void whereItIsToBeConfirmedTheCallerHearsThatTheNumberIsCalledBack() {
        Tape tape = world.call(PRIVACY_CALLING_BACK, KEY_3, HANGS_UP_ANSWERING);

        assertThat(requests(tape).getFirst().awaitsCallBack()).isTrue();
        assertThat(world.store.callBacks())
                .extracting(SubjectRequest.CallBackDue::number)
                .containsExactly(NUMBER);
        assertThat(tape.parts())
                .containsSubsequence(
                        "privacy-erasure", "privacy-reference-again", "privacy-call-back");
    }

    @Test
    void aNumberThatIsToBeCalledBackIsNotCalledASecondTimeWhateverIsAskedFor() {
        Tape tape = world.call(PRIVACY_CALLING_BACK, KEY_3, KEY_3, KEY_2, HANGS_UP_ANSWERING);
        Tape again = world.call(PRIVACY_CALLING_BACK, KEY_2, HANGS_UP_ANSWERING);

        assertThat(requests(tape)).hasSize(1);
        assertThat(tape.parts().stream().filter("privacy-call-back-pending"::equals)).hasSize(2);
        assertThat(again.parts()).contains("privacy-call-back-pending");
        assertThat(world.store.callBacks()).hasSize(1);
    }

    @Test
    void aNumberIsCalledBackTwiceADayAtMost() {
        for (int i = 0; i < 2; i++) {
            world.call(PRIVACY_CALLING_BACK, KEY_3, HANGS_UP_ANSWERING);
            world.store.answerAll();
        }
        Tape third = world.call(PRIVACY_CALLING_BACK, KEY_3, HANGS_UP_ANSWERING);
        world.time.pass(Duration.ofDays(1));
        Tape nextDay = world.call(PRIVACY_CALLING_BACK, KEY_3, HANGS_UP_ANSWERING);

        assertThat(requests(third)).isEmpty();
        assertThat(third.parts()).containsSubsequence("privacy-call-back-limit", "privacy-contact");
        assertThat(requests(nextDay)).hasSize(1);
        assertThat(world.store.callBacks()).hasSize(3);
    }

    @Test
    void aNumberThatIsNotCalledBackHearsWhereToWrite() {
        Line elsewhere =
                with(
                        PRIVACY,
                        new Line.Service(false, false, null, new Line.CallingBack(List.of("+43"))));
        Tape tape = world.call(elsewhere, KEY_3, HANGS_UP_ANSWERING);

        assertThat(tape.parts()).contains("privacy-contact").doesNotContain("privacy-erasure");
        assertThat(world.store.callBacks()).isEmpty();
        assertThat(requests(tape)).isEmpty();
    }

    /** As easy as agreeing was (Art. 7(3) DSGVO). */
    @Test
    void aWithdrawalCountsAtOnceWhateverComesOfTheCallBack() {
        ConsentRecord.Given given = given(world.call(REMEMBERING_MENU, KEY_1, KEY_1));
        Tape tape = world.call(PRIVACY_CALLING_BACK, KEY_3, KEY_1, HANGS_UP_ANSWERING);

        assertThat(withdrawn(tape))
                .extracting(ConsentRecord.Withdrawn::grant)
                .containsExactly(given.id());
        assertThat(tape.parts()).containsSubsequence("privacy-call-back", "privacy-withdrawn");
        assertThat(requests(tape).getFirst().awaitsCallBack()).isTrue();
    }

    @Test
    void aRequestIsDueAfterAMonthAtTheEndOfItsLastDay() {
        Period month = Period.ofMonths(1);
        assertThat(due("2026-01-31T12:00:00Z", month)).isEqualTo("2026-02-28T23:00:00Z");
        assertThat(due("2026-06-30T23:30:00Z", month)).isEqualTo("2026-08-01T22:00:00Z");
    }

    @Test
    void aRequestIsDueWhenTheLawOfTheNoticeThatWasSpokenSaysSo() {
        world.notices.answerWithin(Period.ofDays(20));
        SubjectRequest.Opened request =
                requests(world.call(PRIVACY, KEY_2, HANGS_UP_ANSWERING)).getFirst();

        assertThat(request.at()).isBetween("2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z");
        assertThat(request.due()).isEqualTo("2026-12-14T23:00:00Z");
        assertThat(due("2026-01-31T12:00:00Z", Period.ofDays(30)))
                .isEqualTo("2026-03-02T23:00:00Z");
        var both =
                new AnswerDeadline(Set.of(Period.ofDays(30), Period.ofMonths(1)), PRIVACY.zone());
        assertThat(both.due(Instant.parse("2026-01-31T12:00:00Z")))
                .as("the earliest of all laws")
                .isEqualTo("2026-02-28T23:00:00Z");
    }

    private static Instant due(String asked, Period within) {
        return AnswerDeadline.of(within, PRIVACY.zone()).due(Instant.parse(asked));
    }

    @Test
    void whereTheStoreIsDownNothingIsSaidToBeNoted() {
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        // consents, requests before, and the request fails
        Tape tape =
                world.call(
                        PRIVACY,
                        world.knownCaller(),
                        Script.of(KEY_3),
                        new FaultyStore.Plan(FaultyStore.Fault.FAILS, 2));

        assertThat(tape.parts()).contains("apology").doesNotContain("privacy-erasure");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
    }

    @Test
    void fourTellsWhereToWriteStarChangesTheLanguageAndZeroConnects() {
        Tape tape = world.call(PRIVACY, KEY_4, KEY_STAR, KEY_0);

        assertThat(tape.parts())
                .containsSubsequence("privacy-contact", "privacy-menu", "privacy-opening");
        assertThat(tape.all(Tape.Happening.Asked.class).getLast().language()).isEqualTo("en");
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
    }

    @Test
    void starLeadsToNoLanguageThatHasNoTextYet() {
        world.notices.later("en");
        Tape tape = world.call(PRIVACY, KEY_STAR, KEY_0);

        assertThat(tape.all(Tape.Happening.Spoken.class))
                .extracting(Tape.Happening.Spoken::language)
                .doesNotContain("en");
        assertThat(tape.parts()).doesNotContain("apology");
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
    }

    /** Nobody knows of the star who has not been told of it in a language that they speak. */
    @Test
    void theOtherLanguagesAreOfferedBeforeTheFirstSentence() {
        world.notices.offerLanguages();
        for (CallFacts caller : List.of(world.knownCaller(), world.withheldCaller())) {
            Tape tape =
                    world.call(PRIVACY, caller, Script.of(Hearing.PRESSES_STAR_MEANWHILE, KEY_0));

            assertThat(tape.parts())
                    .startsWith("language-offer", "privacy-opening", "privacy-opening")
                    .containsOnlyOnce("language-offer");
            assertThat(tape.all(Tape.Happening.Spoken.class).getFirst().language()).isEqualTo("en");
            assertThat(tape.all(Tape.Happening.Asked.class).getLast().language()).isEqualTo("en");
        }
    }

    @Test
    void aWithdrawalCountsBeforeTheLineHasSaidWhoItIs() {
        world.notices.offerLanguages();
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        Tape tape = world.call(PRIVACY, Hearing.PRESSES_1_AND_SAYS_YES_MEANWHILE, KEY_0);

        assertThat(withdrawn(tape)).hasSize(1);
        assertThat(withdrawn(tape).getFirst().method()).isEqualTo(Method.KEY);
        assertThat(tape.parts()).containsSubsequence("privacy-opening", "privacy-withdrawn");
    }

    @Test
    void everyKeyCountsFromTheFirstWordOn() {
        world.call(REMEMBERING_MENU, KEY_1, KEY_1);
        Tape tape = world.call(PRIVACY, KEY_1_IMPATIENTLY, HANGS_UP_ANSWERING);

        assertThat(withdrawn(tape)).hasSize(1);
    }

    @Test
    void nobodyStaysOnThePrivacyLineForEver() {
        var script = new Answering[50];
        Arrays.fill(script, KEY_4);

        assertThat(world.call(PRIVACY, (Enum<?>[]) script).all(Tape.Happening.Asked.class))
                .hasSize(PrivacyDialog.MAX_WISHES);
    }

    private ConsentRecord.Given toAnotherNotice(ConsentRecord.Given given) {
        NoticeRef notice = given.notice();
        return new ConsentRecord.Given(
                world.ids.get(),
                given.at(),
                given.call(),
                new NoticeRef(
                        OTHER_LINEAGE,
                        notice.version(),
                        notice.language(),
                        notice.variant(),
                        notice.textSha256(),
                        notice.audioSha256(),
                        notice.controller()),
                given.grant(),
                null);
    }

    private ConsentRecord.Given forOneCall(ConsentRecord.Given given) {
        UUID id = world.ids.get();
        var grant =
                new org.consentgateway.consent.Grant(
                        given.grant().level(), given.at(), null, null, List.of());
        return new ConsentRecord.Given(id, given.at(), given.call(), given.notice(), grant, null);
    }

    private static List<ConsentRecord.Withdrawn> withdrawn(Tape tape) {
        return tape.written().stream()
                .filter(ConsentRecord.Withdrawn.class::isInstance)
                .map(ConsentRecord.Withdrawn.class::cast)
                .toList();
    }

    private static List<SubjectRequest.Opened> requests(Tape tape) {
        return tape.all(Tape.Happening.Requested.class).stream()
                .map(Tape.Happening.Requested::request)
                .toList();
    }

    private static List<String> digits(Tape tape) {
        return tape.parts().stream().filter(part -> part.startsWith("privacy-digit")).toList();
    }

    private static Wish wish(Tape tape) {
        return ((CallOutcome.PrivacyServed) tape.outcome()).wish();
    }
}
