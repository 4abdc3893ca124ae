package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ConsentCallTest.given;
import static org.consentgateway.call.ScriptedCaller.Answering.KEYS_STAR_9;
import static org.consentgateway.call.ScriptedCaller.Answering.KEY_1;
import static org.consentgateway.call.TestWorld.REMEMBERING;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.consentgateway.call.ScriptedCaller.Talking;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.NoticeRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Of a switchboard's number there are more consents than are read while a call waits: who withdraws
 * in an ordinary call ends all of its notice that were given for later calls.
 */
class CrowdedCallerTest {
    private static final int MANY = 30;

    // history, Served, history, Withdrawn, history, Withdrawn, and then the rest: ids, history
    private static final int READS_THE_REST = 7;
    private static final int WRITES_THE_REST = 8;

    private final TestWorld world = new TestWorld();
    private final List<UUID> all = new ArrayList<>();
    private ConsentRecord.@Nullable Given first;

    @Test
    void aWithdrawalEndsAlsoWhatIsNotReadWhileTheCallBegins() {
        for (List<Enum<?>> events :
                List.<List<Enum<?>>>of(
                        List.of(KEYS_STAR_9), List.of(KEY_1, Talking.PRESSES_STAR_9))) {
            crowd();
            Tape tape = world.call(REMEMBERING, events.toArray(Enum<?>[]::new));

            assertThat(ended(tape)).containsAll(all).doesNotHaveDuplicates();
            assertThat(tape.parts()).endsWith("withdrawn", "to-human").doesNotContain("apology");
            assertThat(tape.outcome()).isInstanceOf(CallOutcome.Withdrew.class);
        }
    }

    /** The privacy line ends these. */
    @Test
    void whatIsOfAnotherNoticeOrItsSpeakersOwnGoesOn() {
        crowd();
        ConsentRecord.Given other = put("another", first().grant().until());
        ConsentRecord.Given talk = put(first().notice().id(), null);
        world.store.put(
                new ConsentRecord.AssistantOpened(
                        world.ids.get(),
                        world.time.instant(),
                        talk.call(),
                        talk.id(),
                        "assistant"));

        Tape tape = world.call(REMEMBERING, KEYS_STAR_9);

        assertThat(ended(tape)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(ended(tape)).doesNotContain(other.id(), talk.id());
        assertThat(tape.parts()).endsWith("withdrawn", "to-human");
    }

    @Test
    void nobodyIsToldThatItIsDoneWhereTheRestCannotBeRead() {
        Tape tape = crowdedCallOf(READS_THE_REST);

        assertThat(ended(tape)).hasSize(2);
        assertThat(tape.parts()).endsWith("apology", "to-human").doesNotContain("withdrawn");
        assertThat(tape.outcome()).isInstanceOf(CallOutcome.StoreDown.class);
    }

    @Test
    void nobodyIsToldThatItIsDoneWhereTheRestIsOnNoDisk() {
        world.late.fill();
        Tape tape = crowdedCallOf(WRITES_THE_REST);

        assertThat(tape.parts()).endsWith("apology", "to-human").doesNotContain("withdrawn");
        world.store.follow(FaultyStore.Plan.HEALTHY, new Tape());
        assertThat(world.journal.writeKept()).isZero();
        assertThat(ended(world.store.log())).containsAll(all);
    }

    /** By the kind of mistake: its text may hold words of a caller. */
    @Test
    void aMistakeIsToldAndNobodyHearsThatItIsDone() {
        var told = new ArrayList<CallEvent.WithdrawalFailed>();
        world.alsoTold =
                event -> {
                    if (event instanceof CallEvent.WithdrawalFailed failed) {
                        told.add(failed);
                    }
                };
        crowd();
        world.store.lacks(FaultyStore.Gap.CROWDED_AND_BROKEN);
        Tape tape = world.call(REMEMBERING, KEYS_STAR_9);

        assertThat(told)
                .extracting(CallEvent.WithdrawalFailed::error)
                .containsExactly("java.lang.IllegalStateException");
        assertThat(tape.parts()).endsWith("apology", "to-human").doesNotContain("withdrawn");
    }

    @Test
    void whatWaitsOnThisDiskHasEnded() {
        Tape tape = crowdedCallOf(WRITES_THE_REST);

        assertThat(ended(tape.kept())).hasSize(MANY - 1);
        assertThat(tape.parts()).endsWith("withdrawn", "to-human");
    }

    private Tape crowdedCallOf(int failing) {
        crowd();
        return world.call(
                REMEMBERING,
                world.knownCaller(),
                Script.of(KEYS_STAR_9),
                new FaultyStore.Plan(FaultyStore.Fault.DIES, failing));
    }

    /** In earlier calls many people of this number have agreed, and agreed to be remembered. */
    private void crowd() {
        world.store.lacks(FaultyStore.Gap.NONE);
        first = given(world.call(REMEMBERING, KEY_1, KEY_1));
        all.clear();
        all.add(first.id());
        for (int i = 0; i < MANY; i++) {
            all.add(put(first.notice().id(), first.grant().until()).id());
        }
        world.store.lacks(FaultyStore.Gap.CROWDED);
    }

    private ConsentRecord.Given first() {
        return Objects.requireNonNull(first);
    }

    private ConsentRecord.Given put(String lineage, @Nullable Instant until) {
        NoticeRef heard = first().notice();
        Grant grant = first().grant();
        var given =
                new ConsentRecord.Given(
                        world.ids.get(),
                        first().at(),
                        first().call(),
                        new NoticeRef(
                                lineage,
                                heard.version(),
                                heard.language(),
                                heard.variant(),
                                heard.textSha256(),
                                heard.audioSha256(),
                                heard.controller()),
                        new Grant(grant.level(), grant.from(), until, until, List.of()),
                        null);
        world.store.put(given);
        return given;
    }

    private static List<UUID> ended(Tape tape) {
        return ended(tape.committed());
    }

    private static List<UUID> ended(List<ConsentRecord> records) {
        return records.stream()
                .filter(ConsentRecord.Withdrawn.class::isInstance)
                .map(record -> ((ConsentRecord.Withdrawn) record).grant())
                .toList();
    }
}
