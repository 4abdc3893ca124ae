package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.History;
import org.consentgateway.consent.journal.JournalStore;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.LogPosition;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.late.LateFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What waited on this machine while the store was down, and whose caller was erased meanwhile. */
class LateRecordsTest {
    static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    static final InstantSource CLOCK = InstantSource.fixed(NOW);
    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final Subject CALLER = new Subject("5u8j3c7");
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    static final NoticeRef NOTICE = TestLedger.heard(SPOKEN);

    @TempDir private Path directory;

    /** A gateway that cannot reach its store for a while. */
    static final class Cut implements JournalStore {
        private final LedgerStore store;
        boolean down;

        /** So many more commits. */
        int appends = Integer.MAX_VALUE;

        /** So many more looks at some consents. */
        int looks = Integer.MAX_VALUE;

        Cut(LedgerStore store) {
            this.store = store;
        }

        @Override
        public void requireTrusted() throws JournalUnavailable {
            store.requireTrusted();
        }

        @Override
        public LogPosition append(List<ConsentRecord> records, Duration deadline)
                throws JournalUnavailable {
            if (down || appends-- <= 0) {
                throw new JournalUnavailable("down", true);
            }
            return store.append(records, deadline);
        }

        @Override
        public History history(Subject subject, String lineage, Duration deadline)
                throws JournalUnavailable {
            return store.history(subject, lineage, deadline);
        }

        @Override
        public History history(Subject subject, Duration deadline) throws JournalUnavailable {
            return store.history(subject, deadline);
        }

        @Override
        public List<UUID> inForce(Subject subject, Duration deadline) throws JournalUnavailable {
            return store.inForce(subject, deadline);
        }

        @Override
        public History history(Subject subject, List<UUID> consents, Duration deadline)
                throws JournalUnavailable {
            if (looks-- <= 0) {
                throw new JournalUnavailable("down", false);
            }
            return store.history(subject, consents, deadline);
        }
    }

    @Test
    void whatWaitedEntersWithoutTheCallerAfterAnErasure() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        Path late = directory.resolve("late-records.jsonl");
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerStore store = store(ledger);
            var cut = new Cut(store);
            var journal =
                    new ConsentJournal(cut, LateFile.open(late), PATIENCE, LateRecordsTest::id);
            ConsentRecord.Given given = given();
            journal.give(given);

            cut.down = true;
            ConsentRecord.Given takenBack = given();
            assertThatExceptionOfType(JournalUnavailable.class)
                    .isThrownBy(() -> journal.give(takenBack));
            Durability _ =
                    journal.writeNowOrLater(
                            new ConsentRecord.Refused(
                                    id(), NOW, call(), NOTICE, List.of(), given.id()));
            Durability _ =
                    journal.writeNowOrLater(
                            new ConsentRecord.AssistantCut(
                                    id(), NOW, call(), given.id(), ConsentRecord.Cut.WITHDRAWN));
            Durability _ = journal.writeNowOrLater(withdrawn(given.id()));
            assertThat(Files.readString(late)).contains(CALLER.pseudonym());

            erase(ledger);
            cut.down = false;
            assertThat(journal.writeKept()).isZero();

            assertThat(store.history(CALLER, PATIENCE)).isEqualTo(History.of(List.of()));
            List<Entry> entries = ledger.reader().latest(100);
            assertThat(entries)
                    .extracting(Entry::type)
                    .contains(EntryType.WITHDRAWN, EntryType.ASSISTANT_CUT, EntryType.REFUSED);
            assertThat(entries)
                    .extracting(entry -> String.valueOf(entry.payload()))
                    .noneMatch(payload -> payload.contains(CALLER.pseudonym()));
            assertThat(Files.readString(late)).isEmpty();
            assertThat(Files.readAllBytes(directory.resolve("ledger.db")))
                    .asString(StandardCharsets.ISO_8859_1)
                    .doesNotContain(CALLER.pseudonym());
        }
        assertThat(LedgerArchive.open(settings).verify(List.of(), _ -> {}).findings()).isEmpty();
    }

    /** Its notice was changed under the same version while it waited. */
    @Test
    void aRefusalThatNobodyTakesKeepsNoWithdrawalWaiting() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        var changed =
                new ArchivedNotice(
                        SPOKEN.key(),
                        new NoticeWords(new TreeMap<>(Map.of("opening", "Hallo."))),
                        SPOKEN.sounds(),
                        SPOKEN.terms());
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            ConsentRecord.Given given = given();
            store(ledger).append(List.of(given), PATIENCE);
            var cut = new Cut(store(ledger, changed));
            LateFile late = LateFile.open(directory.resolve("late-records.jsonl"));
            var journal = new ConsentJournal(cut, late, PATIENCE, LateRecordsTest::id);
            var refused =
                    new ConsentRecord.Refused(
                            id(), NOW, call(), TestLedger.heard(changed), List.of(), null);
            cut.down = true;
            assertThat(journal.writeNowOrLater(refused)).isEqualTo(Durability.KEPT);
            assertThat(journal.writeNowOrLater(withdrawn(given.id()))).isEqualTo(Durability.KEPT);
            cut.down = false;

            assertThat(journal.writeKept()).isEqualTo(1);
            assertThat(late.kept()).containsExactly(refused);
            assertThat(AboutEntries.of(ledger.reader(), given.id()))
                    .extracting(Entry::type)
                    .containsExactly(EntryType.WITHDRAWN);
        }
    }

    /** It is written without its caller, so what it was to replace has not ended. */
    @Test
    void aConsentThatCameTooLateLeavesTheOneBeforeAsItWas() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerStore store = store(ledger);
            var cut = new Cut(store);
            LateFile late = LateFile.open(directory.resolve("late-records.jsonl"));
            var journal = new ConsentJournal(cut, late, PATIENCE, LateRecordsTest::id);
            ConsentRecord.Given given = given();
            journal.give(given);

            cut.down = true;
            ConsentRecord.Given next = given();
            var renewed =
                    new ConsentRecord.Renewed(id(), NOW, call(), NOTICE, next.grant(), given.id());
            var instead =
                    new ConsentRecord.Given(
                            next.id(), NOW, next.call(), NOTICE, next.grant(), given.id());
            assertThatExceptionOfType(JournalUnavailable.class)
                    .isThrownBy(() -> journal.renew(renewed));
            assertThatExceptionOfType(JournalUnavailable.class)
                    .isThrownBy(() -> journal.give(instead));
            cut.down = false;
            assertThat(journal.writeKept()).isZero();

            assertThat(ledger.reader().erased(List.of(renewed.id(), instead.id()))).isEmpty();
            assertThat(AboutEntries.of(ledger.reader(), renewed.id()))
                    .extracting(Entry::type)
                    .containsExactly(EntryType.WITHDRAWN);
            assertThat(store.history(CALLER, "demo", PATIENCE))
                    .isEqualTo(History.of(List.of(given)));
            assertThat(ledger.alarm().found()).isZero();
        }
        assertThat(LedgerArchive.open(settings).verify(List.of(), _ -> {}).findings()).isEmpty();
    }

    /** Whatever is wrong with one: nothing waits behind it, and no withdrawal is lost for it. */
    @Test
    void whatNoEntryCanBeMadeOfIsKeptAndToldOnceAndTheOthersAreWritten() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        Path late = directory.resolve("late-records.jsonl");
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        var logger = (Logger) LoggerFactory.getLogger(LedgerStore.class);
        logger.addAppender(log);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerStore store = store(ledger);
            var journal =
                    new ConsentJournal(store, LateFile.open(late), PATIENCE, LateRecordsTest::id);
            ConsentRecord.Given given = given();
            journal.give(given);
            ConsentRecord.Withdrawn bad = withdrawn(given.id(), Instant.MAX);
            assertThat(journal.writeNowOrLater(bad)).as("of now").isEqualTo(Durability.KEPT);
            ConsentRecord.Withdrawn withdrawn = withdrawn(given.id());
            assertThat(LateFile.open(late).keep(List.of(hungUp()))).isTrue();
            assertThat(LateFile.open(late).keep(List.of(withdrawn))).isTrue();
            var again =
                    new ConsentJournal(store, LateFile.open(late), PATIENCE, LateRecordsTest::id);

            for (int turn = 0; turn < 3; turn++) {
                assertThat(again.writeKept()).isEqualTo(1);
            }
            assertThat(ledger.reader().latest(100))
                    .extracting(Entry::type)
                    .containsOnlyOnce(EntryType.WITHDRAWN, EntryType.UNANSWERED);
            assertThat(LateFile.open(late).kept()).containsExactly(bad);
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains(bad.id().toString(), "DateTimeException")
                    .doesNotContain(CALLER.pseudonym());
        } finally {
            logger.detachAppender(log);
        }
    }

    /** Whether or not the notice was archived before: nothing of the yes was handed over. */
    @Test
    void aYesWhileTheStoreIsAwayIsKeptNowhere() throws Exception {
        LedgerSettings away =
                TestLedger.in(directory.resolve("away"))
                        .withUrl("jdbc:postgresql://127.0.0.1:1/db?user=u&password=p");
        Path late = directory.resolve("late-records.jsonl");
        try (Ledger up = Ledger.open(TestLedger.in(directory), CLOCK);
                Ledger ledger = Ledger.open(away, CLOCK)) {
            var archived = new NoticeArchiving(up, CLOCK, _ -> Optional.of(SPOKEN));
            assertThat(archived.keep(List.of(SPOKEN))).isEmpty();
            List<LedgerStore> stores =
                    List.of(
                            store(ledger),
                            new LedgerStore(
                                    ledger, archived, Retention.USUAL, Processing.ofStore("DE")));
            for (LedgerStore store : stores) {
                var journal =
                        new ConsentJournal(
                                store, LateFile.open(late), PATIENCE, LateRecordsTest::id);
                assertThatExceptionOfType(JournalUnavailable.class)
                        .isThrownBy(() -> journal.give(given()));
                assertThat(Files.readString(late)).isEmpty();
                assertThat(journal.writeKept()).isZero();
                assertThat(journal.writeNowOrLater(withdrawn(id()))).isEqualTo(Durability.KEPT);
                Files.delete(late);
            }
        }
    }

    /** As where memory ran out right behind the commit. */
    @Test
    void whatNobodyHasForeseenLeavesItInDoubt() {
        var failed =
                CompletableFuture.<String>failedFuture(new IllegalStateException("out of order"));
        assertThatExceptionOfType(JournalUnavailable.class)
                .isThrownBy(() -> LedgerStore.await(failed, PATIENCE))
                .matches(JournalUnavailable::maybeWritten);
    }

    static LedgerStore store(Ledger ledger) {
        return store(ledger, SPOKEN);
    }

    private static LedgerStore store(Ledger ledger, ArchivedNotice spoken) {
        return new LedgerStore(
                ledger,
                new NoticeArchiving(ledger, CLOCK, _ -> Optional.of(spoken)),
                Retention.USUAL,
                Processing.ofStore("DE"));
    }

    static ConsentRecord.Unanswered hungUp() {
        return new ConsentRecord.Unanswered(
                id(), NOW, call(), NOTICE, Unclear.HANGUP_DURING_QUESTION, List.of());
    }

    static UUID id() {
        return EntryIds.next(NOW);
    }

    static CallFacts call() {
        return new CallFacts(id(), "h", "local", "demo", NOW, CALLER, true, false, true);
    }

    static ConsentRecord.Given given() {
        return new ConsentRecord.Given(
                id(), NOW, call(), NOTICE, TestLedger.grantedForAYear(NOW), null);
    }

    static ConsentRecord.Withdrawn withdrawn(UUID grant) {
        return withdrawn(grant, NOW);
    }

    private static ConsentRecord.Withdrawn withdrawn(UUID grant, Instant at) {
        return new ConsentRecord.Withdrawn(
                id(),
                at,
                call(),
                CALLER,
                "demo",
                grant,
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                NOW,
                null);
    }

    private static void erase(Ledger ledger) throws JournalUnavailable {
        int erased =
                new RequestAnswers(ledger, CLOCK, "DE")
                        .approveErasure(
                                new SubjectRequest.Asked(
                                        id(),
                                        SubjectRequest.Kind.ERASURE,
                                        SubjectRequest.Channel.LETTER,
                                        NOW,
                                        NOW),
                                new SubjectRequest.Answer("A. Holm", "seen"),
                                CALLER,
                                null)
                        .erased();
        assertThat(erased).isPositive();
    }
}
