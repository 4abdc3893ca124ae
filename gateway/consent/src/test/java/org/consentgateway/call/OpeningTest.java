package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ConsentCallTest.types;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.ScriptedCaller.Hearing.*;
import static org.consentgateway.call.TestWorld.*;

import java.util.Collections;
import java.util.List;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpeningTest {
    private final TestWorld world = new TestWorld();

    @ParameterizedTest
    @EnumSource(
            value = ScriptedCaller.Hearing.class,
            names = {"PRESSES_2_MEANWHILE", "PRESSES_0_MEANWHILE", "SAYS_NO_MEANWHILE"})
    void aNoDuringTheOpeningLeadsToAHumanAtOnce(ScriptedCaller.Hearing no) {
        Tape tape = world.call(SHORT_LADDER, no);

        assertThat(tape.parts()).containsExactly("opening", "refused", "to-human");
        assertThat(types(tape.committed())).containsExactly("Served", "Refused");
        var refused = (ConsentRecord.Refused) tape.committed().getLast();
        assertThat(refused.evidence()).hasSize(1);
        Evidence evidence = refused.evidence().getFirst();
        assertThat(evidence.part()).isEqualTo("opening");
        assertThat(evidence.result()).isEqualTo(Evidence.Result.DECLINED);
        assertThat(evidence.method())
                .isEqualTo(no == SAYS_NO_MEANWHILE ? Method.SPEECH : Method.KEY);
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Refused.class);
        assertThat(tape.has(Tape.Happening.TalkedToHuman.class)).isTrue();
        assertThat(tape.has(Tape.Happening.Asked.class)).isFalse();
    }

    @Test
    void howFarTheOpeningCameIsRecorded() {
        var served =
                (ConsentRecord.Served)
                        world.call(SHORT_LADDER, PRESSES_0_MEANWHILE).committed().getFirst();

        assertThat(served.playing().completed()).isFalse();
        assertThat(served.playing().interruptedBy()).isEqualTo("barge-in");
        assertThat(served.playing().samplesPlanned()).isEqualTo(32_000);
        assertThat(served.playing().samplesSent()).isEqualTo(8000);
    }

    @Test
    void aYesDuringTheOpeningDoesNothing() {
        Tape tape = world.call(SHORT_LADDER, PRESSES_1_AND_SAYS_YES_MEANWHILE, KEY_2);

        assertThat(tape.parts()).startsWith("opening", "question.assistant");
        assertThat(((ConsentRecord.Served) tape.committed().getFirst()).playing().completed())
                .isTrue();
    }

    @Test
    void aNoDuringTheOpeningNeedsNoStore() {
        Tape tape =
                world.call(
                        SHORT_LADDER,
                        world.knownCaller(),
                        Script.of(PRESSES_2_MEANWHILE),
                        new FaultyStore.Plan(FaultyStore.Fault.DIES, 1));

        assertThat(types(tape.kept())).containsExactly("Served", "Refused");
        assertThat(tape.parts()).containsExactly("opening", "refused", "to-human");
    }

    @Test
    void beforeAMenuTwoDoesNotRefuseButZeroDoes() {
        assertThat(world.call(MENU, PRESSES_2_MEANWHILE, KEY_0).parts())
                .startsWith("opening", "menu");
        assertThat(world.call(MENU, PRESSES_0_MEANWHILE).parts())
                .containsExactly("opening", "refused", "to-human");
    }

    @Test
    void starSpeaksTheOpeningInTheOtherLanguageAtOnce() {
        Tape tape = world.call(SHORT_LADDER, PRESSES_STAR_MEANWHILE, HEARS, KEY_1);

        assertThat(tape.all(Tape.Happening.Spoken.class))
                .extracting(Tape.Happening.Spoken::language)
                .startsWith("de", "en");
        assertThat(tape.parts()).startsWith("opening", "opening", "question.assistant");
        assertThat(ConsentCallTest.given(tape).notice().language()).isEqualTo("en");
    }

    @Test
    void nobodyCanChangeTheLanguageOfTheOpeningForEver() {
        Enum<?>[] stars = Collections.nCopies(9, PRESSES_STAR_MEANWHILE).toArray(Enum<?>[]::new);

        assertThat(world.call(SHORT_LADDER, stars).parts())
                .filteredOn("opening"::equals)
                .hasSize(ConsentCall.MAX_LANGUAGE_CHANGES + 1);
    }

    @Test
    void fourSpeaksTheInformationAndThenTheOpeningAgain() {
        Tape tape = world.call(SHORT_LADDER, PRESSES_4_MEANWHILE, HEARS, HEARS, KEY_1);

        assertThat(tape.parts())
                .startsWith("opening", "information", "opening", "question.assistant");
        assertThat(tape.committed())
                .filteredOn(ConsentRecord.Served.class::isInstance)
                .extracting(r -> ((ConsentRecord.Served) r).part())
                .containsExactly("opening", "information", "opening");
    }

    @Test
    void aNoDuringTheInformationCounts() {
        Tape tape = world.call(SHORT_LADDER, PRESSES_4_MEANWHILE, PRESSES_2_MEANWHILE);

        assertThat(tape.parts()).containsExactly("opening", "information", "refused", "to-human");
        var refused = (ConsentRecord.Refused) tape.committed().getLast();
        assertThat(refused.evidence().getFirst().part()).isEqualTo("information");
    }

    @Test
    void nobodyCanHearTheInformationForEver() {
        Enum<?>[] fours =
                Collections.nCopies(6 * Question.MAX_REQUESTS, PRESSES_4_MEANWHILE)
                        .toArray(Enum<?>[]::new);

        assertThat(world.call(SHORT_LADDER, fours).parts())
                .filteredOn("information"::equals)
                .hasSize(Question.MAX_REQUESTS);
    }

    @Test
    void theInformationIsThereInAQuestionToo() {
        Tape tape = world.call(SHORT_LADDER, KEY_4, KEY_1);

        assertThat(tape.parts())
                .startsWith("opening", "question.assistant", "information", "question.assistant");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.Assisted.class);
    }

    @Test
    void aNoDuringTheInformationAnswersTheQuestionItInterrupted() {
        Tape tape = world.call(SHORT_LADDER, HEARS, KEY_4, PRESSES_2_MEANWHILE);

        assertThat(tape.parts())
                .endsWith("question.assistant", "information", "refused", "to-human");
        assertThat(types(tape.committed())).containsExactly("Served", "Served", "Refused");
    }

    @Test
    void aCallBeginsInTheLanguageItAsksForWhereTheLineHasIt() {
        world.notices.offerLanguages();
        world.languages = List.of("tr", "en", "de");
        Tape tape = world.call(SHORT_LADDER, HEARS, KEY_1);

        assertThat(tape.all(Tape.Happening.Spoken.class))
                .extracting(Tape.Happening.Spoken::language)
                .startsWith("de", "en");
        assertThat(ConsentCallTest.given(tape).notice().language()).isEqualTo("en");
    }

    @Test
    void whoAsksForALanguageThatTheLineDoesNotHaveHearsItsFirst() {
        world.languages = List.of("tr");

        assertThat(
                        ConsentCallTest.given(world.call(SHORT_LADDER, HEARS, KEY_1))
                                .notice()
                                .language())
                .isEqualTo("de");
    }

    /** Found in the product before: every call of the line failed. */
    @Test
    void aLanguageThatHasNoTextYetIsNeitherOfferedNorReached() {
        world.notices.offerLanguages();
        world.notices.later("en");
        Tape tape =
                world.call(
                        TestWorld.in(SHORT_LADDER, "de", "en", "tr"),
                        PRESSES_STAR_MEANWHILE,
                        HEARS,
                        KEY_1);

        assertThat(tape.all(Tape.Happening.Spoken.class))
                .extracting(Tape.Happening.Spoken::language)
                .startsWith("tr", "de", "tr")
                .doesNotContain("en");
        assertThat(ConsentCallTest.given(tape).notice().language()).isEqualTo("tr");
    }

    @Test
    void whereTheFirstLanguageHasNoTextYetTheNextIsSpoken() {
        world.notices.later("de");
        world.languages = List.of("de");
        Tape tape = world.call(SHORT_LADDER, HEARS, KEY_STAR, KEY_1);

        assertThat(tape.parts()).startsWith("opening", "question.assistant", "repeat-1.assistant");
        assertThat(ConsentCallTest.given(tape).notice().language()).isEqualTo("en");
    }

    @Test
    void everyLineOffersItsOtherLanguageBeforeItsFirstSentence() {
        world.notices.offerLanguages();
        for (Line line : List.of(LADDER, MENU, REMEMBERING, TestWorld.PRIVACY)) {
            assertThat(world.call(line, SILENT, SILENT, SILENT).parts())
                    .as("%s, privacy %s", line.questions().dialog(), line.privacy())
                    .startsWith("language-offer");
        }
    }

    @Test
    void theOtherLanguageIsOfferedFirstInItsOwnWordsAndOnce() {
        world.notices.offerLanguages();
        Tape tape = world.call(SHORT_LADDER, PRESSES_STAR_MEANWHILE, HEARS, KEY_1);

        assertThat(tape.parts())
                .startsWith("language-offer", "opening", "opening", "question.assistant");
        assertThat(tape.all(Tape.Happening.Spoken.class))
                .extracting(Tape.Happening.Spoken::language)
                .startsWith("en", "de", "en");
    }

    @Test
    void aLineWithThreeOffersBothOthersWithTheStarsThatLeadThere() {
        world.notices.offerLanguages();
        Tape tape =
                world.call(
                        TestWorld.in(SHORT_LADDER, "de", "en", "tr"),
                        PRESSES_STAR_MEANWHILE,
                        PRESSES_STAR_MEANWHILE,
                        HEARS,
                        KEY_1);

        assertThat(tape.parts())
                .startsWith(
                        "language-offer",
                        "language-offer-2",
                        "opening",
                        "opening",
                        "opening",
                        "question.assistant");
        assertThat(tape.all(Tape.Happening.Spoken.class))
                .extracting(Tape.Happening.Spoken::language)
                .startsWith("en", "tr", "de", "en", "tr");
    }

    @Test
    void aFourthLanguageIsOfferedWhereItComesIntoReach() {
        world.notices.offerLanguages();
        Tape tape =
                world.call(
                        TestWorld.in(SHORT_LADDER, "de", "en", "fr", "tr"),
                        PRESSES_STAR_MEANWHILE,
                        HEARS,
                        KEY_1);

        assertThat(tape.parts())
                .startsWith(
                        "language-offer",
                        "language-offer-2",
                        "opening",
                        "language-offer-2",
                        "opening",
                        "question.assistant");
        assertThat(tape.all(Tape.Happening.Spoken.class))
                .extracting(Tape.Happening.Spoken::language)
                .startsWith("en", "fr", "de", "tr", "en");
    }
}
