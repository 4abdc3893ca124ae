package org.consentgateway.consent.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.ValidityPeriod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What waits for the store, of all kinds at once. */
class LateKindsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final int PLACES = ConsentJournal.MAX_IN_MEMORY;

    private final Store store = new Store();
    private final Disk disk = new Disk();
    private final ConsentJournal journal =
            new ConsentJournal(store, disk, Duration.ofSeconds(10), UUID::randomUUID);

    /** Takes what it is given while it is up. */
    private static final class Store implements EverybodyIsNew {
        private final List<ConsentRecord> log = new ArrayList<>();
        private final Set<UUID> refuses = new HashSet<>();
        private boolean down;
        private boolean handedOver;
        private int asked;

        @Override
        public LogPosition append(List<ConsentRecord> records, Duration deadline)
                throws JournalUnavailable {
            asked++;
            if (down) {
                throw new JournalUnavailable("down", handedOver);
            }
            if (records.stream().anyMatch(record -> refuses.contains(record.id()))) {
                throw JournalUnavailable.refused("not these");
            }
            log.addAll(records);
            return new LogPosition("test", log.size() - 1);
        }
    }

    private static final class Disk implements LateJournal {
        private final List<ConsentRecord> kept = new ArrayList<>();
        private int room;
        private int forgotten;

        @Override
        public boolean keep(List<ConsentRecord> together) {
            if (together.size() > room) {
                return false;
            }
            room -= together.size();
            return kept.addAll(together);
        }

        @Override
        public List<ConsentRecord> kept() {
            return List.copyOf(kept);
        }

        @Override
        public void forget(Collection<ConsentRecord> written) {
            forgotten++;
            kept.removeAll(Set.copyOf(written));
        }
    }

    private static CallFacts call() {
        var subject = new Subject("ab");
        return new CallFacts(UUID.randomUUID(), "", "t", "l", NOW, subject, true, false, true);
    }

    private static NoticeRef notice() {
        return new NoticeRef("demo", "1", "de", "a", "", "", new Notice.Controller("", "", ""));
    }

    private static ConsentRecord.Given given() {
        Level level =
                Level.of(
                        "basis",
                        List.of(Purpose.ASSISTANT),
                        ValidityPeriod.parse("P12M"),
                        Period.ofYears(3),
                        false);
        Instant until = NOW.plus(Duration.ofDays(365));
        return new ConsentRecord.Given(
                UUID.randomUUID(),
                NOW,
                call(),
                notice(),
                new Grant(level, NOW, until, until, List.of()),
                null);
    }

    private static ConsentRecord.Withdrawn withdrawn(UUID grant) {
        return new ConsentRecord.Withdrawn(
                UUID.randomUUID(),
                NOW,
                null,
                new Subject("ab"),
                "demo",
                grant,
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                NOW,
                null);
    }

    private static ConsentRecord.Refused refused(@Nullable UUID inForce) {
        return new ConsentRecord.Refused(
                UUID.randomUUID(), NOW, call(), notice(), List.of(), inForce);
    }

    private static ConsentRecord.Unanswered hungUp() {
        return new ConsentRecord.Unanswered(
                UUID.randomUUID(),
                NOW,
                call(),
                notice(),
                Unclear.HANGUP_DURING_QUESTION,
                List.of());
    }

    private void isNotGiven(ConsentRecord.Given given) {
        assertThatExceptionOfType(JournalUnavailable.class).isThrownBy(() -> journal.give(given));
    }

    private void note(ConsentRecord record) {
        Durability _ = journal.writeNowOrLater(record);
    }

    private void theStoreIsAway(boolean handedOver) {
        store.down = true;
        store.handedOver = handedOver;
    }

    @Test
    void ofAYesThatWasCertainlyNotHandedOverNothingIsKept() {
        disk.room = 10;
        theStoreIsAway(false);
        isNotGiven(given());
        ConsentRecord.Given given = given();
        var renewed =
                new ConsentRecord.Renewed(
                        UUID.randomUUID(), NOW, given.call(), notice(), given.grant(), given.id());
        assertThatExceptionOfType(JournalUnavailable.class)
                .isThrownBy(() -> journal.renew(renewed));
        assertThat(disk.kept).isEmpty();
        store.down = false;
        assertThat(journal.writeKept()).isZero();
        assertThat(store.log).isEmpty();
    }

    /** A grant alone would be written after a crash, and nobody would take it back. */
    @Test
    void aYesOfWhichNobodyKnowsIsKeptTogetherWithItsEnd() {
        disk.room = 1;
        theStoreIsAway(true);
        ConsentRecord.Given given = given();
        isNotGiven(given);
        assertThat(disk.kept).isEmpty();
        assertThat(journal.writeKept()).isEqualTo(2);
        assertThat(disk.kept).as("nor later").isEmpty();

        disk.room = 2;
        assertThat(journal.writeKept()).isEqualTo(2);
        assertThat(disk.kept).hasSize(2).startsWith(given);
        assertThat(disk.kept.getLast()).isInstanceOf(ConsentRecord.Withdrawn.class);
    }

    @Test
    void neitherNoNorYesTakesThePlaceOfAWithdrawal() {
        theStoreIsAway(true);
        for (int i = 0; i < PLACES + 1; i++) {
            note(refused(UUID.randomUUID()));
            note(hungUp());
        }
        for (int i = 0; i < PLACES / 2 + 1; i++) {
            isNotGiven(given());
        }
        assertThat(journal.lost()).isEqualTo(1 + 1 + 2);
        ConsentRecord.Withdrawn end = withdrawn(UUID.randomUUID());
        note(end);

        assertThat(journal.lost()).isEqualTo(1 + 1 + 2);
        assertThat(journal.endingsKept())
                .as("told first, and of hang-ups nothing")
                .hasSize(1 + 2 * PLACES)
                .startsWith(end);
        store.down = false;
        assertThat(journal.writeKept()).isZero();
        assertThat(store.log).hasSize(1 + 3 * PLACES).startsWith(end);
    }

    @Test
    void aNoWithoutAConsentHasThePlacesOfHangUpsAndIsToldToNobody() {
        theStoreIsAway(false);
        for (int i = 0; i < PLACES; i++) {
            note(refused(null));
        }
        assertThat(journal.endingsKept()).isEmpty();
        note(hungUp());
        assertThat(journal.lost()).isEqualTo(1);
        ConsentRecord.Refused named = refused(UUID.randomUUID());
        note(named);
        assertThat(journal.lost()).isEqualTo(1);
        assertThat(journal.endingsKept()).containsExactly(named);
    }

    @Test
    void grantsTakenBackAreWrittenInBatchesBeforeTheirEndsAndForgottenInOneGo() {
        int many = 2 * ConsentJournal.LATE_BATCH;
        disk.room = 2 * many;
        theStoreIsAway(true);
        for (int i = 0; i < many; i++) {
            isNotGiven(given());
        }
        store.down = false;
        store.asked = 0;

        assertThat(journal.writeKept()).isZero();
        assertThat(store.asked).isEqualTo(2 * many / ConsentJournal.LATE_BATCH);
        assertThat(disk.forgotten).as("the file is written anew once").isEqualTo(1);
        assertThat(store.log.subList(0, many))
                .allSatisfy(record -> assertThat(record).isInstanceOf(ConsentRecord.Given.class));
        assertThat(store.log.subList(many, 2 * many))
                .allSatisfy(
                        record -> assertThat(record).isInstanceOf(ConsentRecord.Withdrawn.class));
    }

    @Test
    void theEndOfAGrantThatWaitsWithItIsNeverWrittenFirst() {
        theStoreIsAway(true);
        ConsentRecord.Given given = given();
        note(withdrawn(given.id()));
        isNotGiven(given);
        store.down = false;

        assertThat(journal.writeKept()).isZero();
        assertThat(store.log).hasSize(3);
        assertThat(store.log.getFirst().id()).isEqualTo(given.id());
    }

    @Test
    void whatIsTakenAfterAllIsWrittenInBatchesAndForgottenInOneGo() {
        int many = 2 * ConsentJournal.LATE_BATCH;
        disk.room = many;
        theStoreIsAway(false);
        for (int i = 0; i < many; i++) {
            note(hungUp());
        }
        store.down = false;
        disk.kept.forEach(record -> store.refuses.add(record.id()));
        assertThat(journal.writeKept()).isEqualTo(many);
        store.refuses.clear();
        store.asked = 0;
        disk.forgotten = 0;

        assertThat(journal.writeKept()).isZero();
        assertThat(store.asked).as("one alone, and the others").isEqualTo(1 + 2);
        assertThat(disk.forgotten).isEqualTo(1);
    }
}
