package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ConsentCallTest.given;
import static org.consentgateway.call.ConsentCallTest.types;
import static org.consentgateway.call.ScriptedCaller.Answering.*;
import static org.consentgateway.call.TestWorld.*;

import org.consentgateway.call.CallOutcome.Wish;
import org.consentgateway.call.ScriptedCaller.Answering;
import org.consentgateway.consent.ConsentRecord;
import org.junit.jupiter.api.Test;

class PrivacyDialogTest {
    private final TestWorld world = new TestWorld();

    @Test
    void theCallerHearsTheCurrentChoiceAndUntilWhen() {
        world.call(MENU, Answering.KEY_2);
        Tape tape = world.call(PRIVACY, HANGS_UP_ANSWERING);

        assertThat(tape.parts())
                .containsExactly(
                        "privacy-opening",
                        "privacy-current.komfort",
                        "known-until.komfort",
                        "date-day.24",
                        "date-month.11",
                        "date-year.2027",
                        "privacy-menu");
    }

    @Test
    void aCallerWithoutAConsentHearsThatThereIsNone() {
        assertThat(world.call(PRIVACY, HANGS_UP_ANSWERING).parts())
                .containsExactly("privacy-opening", "privacy-none", "privacy-menu");
    }

    @Test
    void aCallerWhomWeCannotKnowHearsWhereToWrite() {
        Tape tape = world.call(PRIVACY, world.withheldCaller(), Script.of());

        assertThat(tape.parts())
                .containsExactly("privacy-opening", "privacy-unknown-caller", "privacy-contact");
        assertThat(wish(tape)).isEqualTo(Wish.UNKNOWN_CALLER);
    }

    @Test
    void twoWithdraws() {
        ConsentRecord.Given given = given(world.call(MENU, KEY_1));
        Tape tape = world.call(PRIVACY, KEY_2, HANGS_UP_ANSWERING);

        assertThat(types(tape.committed())).containsExactly("Withdrawn");
        assertThat(((ConsentRecord.Withdrawn) tape.committed().getFirst()).grant())
                .isEqualTo(given.id());
        assertThat(tape.parts()).containsSubsequence("withdrawn", "privacy-none", "privacy-menu");
        assertThat(wish(tape)).isEqualTo(Wish.WITHDREW);
        assertThat(world.call(MENU, KEY_0).parts()).startsWith("opening", "menu");
    }

    @Test
    void oneChangesTheLevelUpwards() {
        ConsentRecord.Given basis = given(world.call(MENU, KEY_1));
        Tape tape = world.call(PRIVACY, KEY_1, KEY_3, HANGS_UP_ANSWERING);

        assertThat(given(tape).grant().level()).isEqualTo(VOLL);
        assertThat(given(tape).supersedes()).isEqualTo(basis.id());
        assertThat(tape.parts())
                .containsSubsequence(
                        "opening", "menu", "confirm.voll", "privacy-current.voll", "privacy-menu");
        assertThat(((CallOutcome.Assisted) world.call(MENU).outcome()).level()).isEqualTo("voll");
    }

    @Test
    void oneChangesTheLevelDownwardsAndToNothing() {
        world.call(MENU, KEY_3);
        world.call(PRIVACY, KEY_1, KEY_1, HANGS_UP_ANSWERING);
        assertThat(((CallOutcome.Assisted) world.call(MENU).outcome()).level()).isEqualTo("basis");

        Tape tape = world.call(PRIVACY, KEY_1, KEY_0, HANGS_UP_ANSWERING);
        assertThat(tape.parts()).containsSubsequence("withdrawn", "privacy-none");
        assertThat(world.call(MENU, KEY_0).parts()).startsWith("opening", "menu");
    }

    @Test
    void silenceToTheChangeChangesNothing() {
        world.call(MENU, KEY_1);
        Tape tape = world.call(PRIVACY, KEY_1, SILENT, SILENT, SILENT, HANGS_UP_ANSWERING);

        assertThat(tape.parts()).containsSubsequence("menu-repeat-2", "privacy-current.basis");
        assertThat(((CallOutcome.Assisted) world.call(MENU).outcome()).level()).isEqualTo("basis");
    }

    @Test
    void threeErasesWhenAskedTwice() {
        world.call(MENU, KEY_1);
        Tape tape = world.call(PRIVACY, KEY_3, KEY_1, HANGS_UP_ANSWERING);

        assertThat(types(tape.committed())).containsExactly("Withdrawn", "Erased");
        assertThat(types(world.store.log())).containsExactly("Erased");
        assertThat(tape.parts())
                .containsSubsequence("privacy-erase-sure", "privacy-erased", "privacy-none");
        assertThat(wish(tape)).isEqualTo(Wish.ERASED);
    }

    @Test
    void nothingIsErasedWithoutAClearYes() {
        world.call(MENU, KEY_1);
        int entries = world.store.log().size();
        Tape tape =
                world.call(
                        PRIVACY, KEY_3, KEY_2, KEY_3, SILENT, SILENT, SILENT, HANGS_UP_ANSWERING);

        assertThat(tape.parts()).contains("privacy-not-erased").doesNotContain("privacy-erased");
        assertThat(world.store.log()).hasSize(entries);
    }

    @Test
    void whereTheStoreIsDownNothingIsSaidToBeErased() {
        world.call(MENU, KEY_1);
        // history, withdrawal, and the erasure fails
        Tape tape =
                world.call(
                        PRIVACY,
                        world.knownCaller(),
                        Script.of(KEY_3, KEY_1),
                        new FaultyStore.Plan(FaultyStore.Fault.FAILS, 2));

        assertThat(tape.parts()).contains("apology").doesNotContain("privacy-erased");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
    }

    @Test
    void fourTellsWhereToWriteAndStarChangesTheLanguage() {
        Tape tape = world.call(PRIVACY, KEY_4, KEY_STAR, HANGS_UP_ANSWERING);

        assertThat(tape.parts()).contains("privacy-contact");
        assertThat(tape.all(Tape.Happening.Asked.class).getLast().language()).isEqualTo("en");
    }

    @Test
    void nobodyStaysOnThePrivacyLineForEver() {
        var script = new Answering[50];
        java.util.Arrays.fill(script, KEY_4);

        assertThat(world.call(PRIVACY, (Enum<?>[]) script).all(Tape.Happening.Asked.class))
                .hasSize(PrivacyDialog.MAX_WISHES);
    }

    private static Wish wish(Tape tape) {
        return ((CallOutcome.PrivacyServed) tape.outcome()).wish();
    }
}
