package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Prepared;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerClaimed;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LedgerTest {
    @TempDir private Path directory;

    private final InstantSource clock = InstantSource.fixed(Records.START);

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void entriesAreWrittenInOrderAndReadBack(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), clock)) {
            PseudonymousSubject subject = ledger.pseudonyms().subject("+4930123456");
            CommittedEntry served =
                    Records.append(ledger, Records.served("call-1", subject.current()));
            CommittedEntry given =
                    Records.append(ledger, Records.given("call-1", subject.current()));

            assertThat(served.index()).isZero();
            assertThat(given.index()).isEqualTo(1);
            Entry read = ledger.reader().entry(given.entryId()).orElseThrow();
            assertThat(read.leafHash()).isEqualTo(given.leafHash());
            ObjectNode payload = Objects.requireNonNull(read.payload());
            assertThat(payload.at("/subject/pseudonym").asText()).isEqualTo(subject.current());
            assertThat(payload.at("/issuer/node").asText()).isEqualTo("node-1");
            assertThat(ledger.reader().ofCall("call-1"))
                    .extracting(Entry::type)
                    .containsExactly(EntryType.GIVEN, EntryType.SERVED);
            assertThat(ledger.reader().ofSubject(subject, "booking", 1).getFirst().id())
                    .isEqualTo(given.entryId());
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void anUntouchedLogVerifies(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, clock)) {
            fill(ledger, 700);
        }
        Verification verification = LedgerArchive.open(settings).verify(List.of(), done -> {});

        assertThat(Records.words(verification)).isEmpty();
        assertThat(verification.logs())
                .singleElement()
                .satisfies(log -> {
                    assertThat(log.entries()).isEqualTo(700);
                    assertThat(log.payloads()).isEqualTo(700);
                    assertThat(log.unsigned()).isZero();
                    assertThat(log.checkpoints()).isPositive();
                });
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aLogGoesOnWhereItEndedAfterARestart(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        for (int i = 0; i < 4; i++) {
            try (Ledger ledger = Ledger.open(settings, clock)) {
                assertThat(ledger.health().size()).isEqualTo(i * 150L);
                fill(ledger, 150);
            }
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aLogVerifiesWhileItIsWrittenTo(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        AtomicBoolean writing = new AtomicBoolean(true);
        try (Ledger ledger = Ledger.open(settings, clock)) {
            fill(ledger, 300);
            CompletableFuture<Boolean> load =
                    CompletableFuture.supplyAsync(() -> {
                        while (writing.get()) {
                            ledger.append(Records.given("call", "p")).toCompletableFuture().join();
                        }
                        return true;
                    });
            for (int i = 0; i < 5; i++) {
                Verification verification =
                        LedgerArchive.open(settings).verify(List.of(), done -> {});
                assertThat(Records.words(verification)).isEmpty();
                assertThat(verification.logs().getFirst().entries()).isGreaterThan(299);
            }
            writing.set(false);
            assertThat(load.get()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void theSameEntryHandedInTwiceIsThereOnce(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), clock)) {
            NewEntry entry = Records.given("call-1", "p");
            CommittedEntry first = Records.append(ledger, entry);
            CompletableFuture<CommittedEntry> other =
                    ledger.append(Records.given("call-2", "p")).toCompletableFuture();
            CommittedEntry second = Records.append(ledger, entry);

            assertThat(second.index()).isEqualTo(first.index());
            assertThat(second.leafHash()).isEqualTo(first.leafHash());
            assertThat(other.get().index()).isEqualTo(1);
            assertThat(ledger.health().size()).isEqualTo(2);
            assertThat(ledger.health().up()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aSecondProcessWithTheSameNodeIdIsRefused(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger first = Ledger.open(settings, clock)) {
            assertThatThrownBy(() -> Ledger.open(settings, clock))
                    .isInstanceOf(LedgerClaimed.class)
                    .hasMessageContaining("node id \"node-1\" is in use by another process");
            try (Ledger other = Ledger.open(settings.withNode("node-2"), clock)) {
                Records.append(other, Records.given("call-2", "p"));
                Records.append(first, Records.given("call-1", "p"));
                assertThat(first.reader().latest(10)).hasSize(2);
            }
        }
        try (Ledger again = Ledger.open(settings, clock)) {
            assertThat(again.health().size()).isEqualTo(1);
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aConsentEndsNoSoonerThanTheCallUnderIt(TestStore store) throws Exception {
        var now = new AtomicReference<>(Records.START);
        try (Ledger ledger = Ledger.open(store.settings(directory), now::get)) {
            NewEntry given = Records.given("call-1", "p");
            Records.append(ledger, given);
            Instant end = Instant.parse("2027-11-24T09:00:00Z");
            now.set(end.minusSeconds(60));
            Records.append(ledger, under(given, EntryType.ASSISTANT_OPENED, "call-2"));
            assertThat(ledger.reader().endingBetween(Instant.EPOCH, end, 10))
                    .as("it goes on")
                    .isEmpty();
            assertThat(
                            ledger.reader()
                                    .endingBetween(
                                            Instant.EPOCH, end.plus(Duration.ofHours(12)), 10))
                    .as("its node must have died")
                    .hasSize(1);
            Records.append(ledger, under(given, EntryType.ASSISTANT_CUT, "call-3"));
            assertThat(ledger.reader().endingBetween(Instant.EPOCH, end, 10))
                    .as("another was cut")
                    .isEmpty();
            Records.append(ledger, under(given, EntryType.ASSISTANT_CUT, "call-2"));
            assertThat(ledger.reader().endingBetween(Instant.EPOCH, end, 10)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aWithdrawalThatNobodyWasToldOfIsFound(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), clock)) {
            NewEntry given = Records.given("call-1", "p");
            Records.append(ledger, given);
            NewEntry withdrawn = under(given, EntryType.WITHDRAWN, "call-9");
            Records.append(ledger, withdrawn);
            Instant before = Records.START.minusSeconds(60);
            Instant later = Records.START.plusSeconds(60);
            assertThat(ledger.reader().untold(before, later, null, 10))
                    .as("nobody listened")
                    .isEmpty();

            Records.append(ledger, under(given, EntryType.ASSISTANT_OPENED, "call-2"));
            assertThat(ledger.reader().untold(before, later, null, 10))
                    .extracting(Entry::id)
                    .containsExactly(withdrawn.id());
            assertThat(ledger.reader().untold(later, later.plusSeconds(9), null, 10)).isEmpty();
            assertThat(holdersOf(ledger, given)).hasSize(1);

            Records.append(ledger, under(given, EntryType.HOLDER_NOTIFIED, "call-2"));
            assertThat(ledger.reader().untold(before, later, null, 10)).isEmpty();
            assertThat(holdersOf(ledger, given))
                    .extracting(Entry::type)
                    .containsExactly(EntryType.ASSISTANT_OPENED, EntryType.HOLDER_NOTIFIED);
        }
    }

    /** Under a consent there may be talks with several assistants. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aWithdrawalThatOneOfTwoHoldersWasToldOfIsFound(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), clock)) {
            NewEntry given = Records.given("call-1", "p");
            NewEntry withdrawn = under(given, EntryType.WITHDRAWN, "call-3");
            Records.append(
                    ledger,
                    List.of(
                            given,
                            under(given, EntryType.ASSISTANT_OPENED, "call-2"),
                            under(given, EntryType.ASSISTANT_OPENED, "call-3"),
                            withdrawn,
                            under(given, EntryType.HOLDER_NOTIFIED, "call-3")));
            Instant before = Records.START.minusSeconds(60);
            Instant later = Records.START.plusSeconds(60);

            assertThat(ledger.reader().untold(before, later, null, 10))
                    .extracting(Entry::id)
                    .containsExactly(withdrawn.id());
            Records.append(ledger, under(given, EntryType.HOLDER_NOTIFIED, "call-2"));
            assertThat(ledger.reader().untold(before, later, null, 10)).isEmpty();
        }
    }

    /** However many stand before: those behind them are found by a look at what is behind. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void withdrawalsOfWhichHoldersMayNotKnowAreFoundPageByPage(TestStore store) throws Exception {
        var now = new AtomicReference<>(Records.START);
        try (Ledger ledger = Ledger.open(store.settings(directory), now::get)) {
            List<UUID> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Instant at = Records.START.plusMillis(i);
                now.set(at);
                NewEntry given = Records.given("call-1", "p");
                NewEntry withdrawn = under(given, EntryType.WITHDRAWN, "call-9", at);
                Records.append(
                        ledger,
                        List.of(
                                given,
                                under(given, EntryType.ASSISTANT_OPENED, "call-2"),
                                withdrawn));
                all.add(withdrawn.id());
            }
            List<UUID> found = new ArrayList<>();
            List<Entry> page;
            do {
                page =
                        ledger.reader()
                                .untold(
                                        Records.START.minusSeconds(60),
                                        Records.START.plusSeconds(60),
                                        found.isEmpty() ? null : found.getLast(),
                                        2);
                page.forEach(entry -> found.add(entry.id()));
            } while (page.size() == 2);
            assertThat(found).containsExactlyElementsOf(all);
        }
    }

    private static List<Entry> holdersOf(Ledger ledger, NewEntry given) throws Exception {
        List<Entry> all = new ArrayList<>();
        AboutEntries.ofHolders(ledger.reader(), given.id(), all::add);
        return all;
    }

    private static NewEntry under(NewEntry given, EntryType type, String call) {
        return under(given, type, call, Records.START);
    }

    private static NewEntry under(NewEntry given, EntryType type, String call, Instant at) {
        var payload = Records.base("hotline", "booking");
        payload.put("refers_to", given.id().toString());
        return NewEntry.of(type, call, "p", payload, at);
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void consentsThatEndAreFoundUntilALaterEntryEndsThem(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), clock)) {
            NewEntry given = Records.given("call-1", "p");
            Records.append(ledger, given);
            Instant end = Instant.parse("2027-11-24T09:00:00Z");
            assertThat(ledger.reader().endingBetween(Instant.EPOCH, end.minusMillis(1), 10))
                    .isEmpty();
            assertThat(ledger.reader().endingBetween(Instant.EPOCH, end, 10)).hasSize(1);

            var payload = Records.base("hotline", "booking");
            payload.put("refers_to", given.id().toString());
            Records.append(
                    ledger, NewEntry.of(EntryType.EXPIRED, null, "p", payload, Records.START));
            assertThat(ledger.reader().endingBetween(Instant.EPOCH, end, 10)).isEmpty();
            var subject = new PseudonymousSubject(List.of("p"));
            Entry expired = ledger.reader().ofSubject(subject, "booking", 1).getFirst();
            assertThat(Objects.requireNonNull(expired.payload()).path("refers_to").asText())
                    .isEqualTo(given.id().toString());
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatCouldNeverBeStoredIsRefusedAloneAndAtOnce(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), clock)) {
            NewEntry large = Records.given("call-1", "p");
            large.payload().put("junk", "x".repeat(Prepared.MAX_PAYLOAD_BYTES));
            assertThatThrownBy(() -> Records.append(ledger, large))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Records.append(ledger, Records.given("c".repeat(65), "p")))
                    .isInstanceOf(IllegalArgumentException.class);
            NewEntry date = Records.given("call-1", "p");
            date.payload().putObject("validity").put("until", "morgen");
            assertThatThrownBy(() -> Records.append(ledger, date))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("/validity/until");
            assertThat(Records.append(ledger, Records.given("call-1", "p")).index()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void timeNeverGoesBackInTheLogWhateverTheClockDoes(TestStore store) throws Exception {
        var time = new AtomicReference<>(Records.START);
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, time::get)) {
            Instant first = Records.append(ledger, Records.given("call-1", "p")).time();
            time.set(Records.START.minusSeconds(3600));
            Instant second = Records.append(ledger, Records.given("call-2", "p")).time();
            assertThat(second).isAfterOrEqualTo(first);
        }
    }

    @Test
    void theDatabaseIsForItsOwnerAloneWhateverTheUmask() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        try (Ledger ledger = Ledger.open(settings, clock)) {
            Records.append(ledger, Records.given("call-1", "p"));
            Path database = Vendor.file(settings);
            for (Path file : List.of(database, Path.of(database + "-wal"))) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void keysAreSecretFilesThatRotateWhileOldEntriesStayFindableAndVerifiable(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        UUID old;
        String oldPseudonym;
        try (Ledger ledger = Ledger.open(settings, clock)) {
            PseudonymousSubject subject = ledger.pseudonyms().subject("+4930123456");
            oldPseudonym = subject.current();
            old = Records.append(ledger, Records.given("call-1", oldPseudonym)).entryId();
            ledger.checkpoint();

            KeyFiles.rotate(settings.keys(), settings.node(), settings.logOrigin(), Records.START);
            Records.append(ledger, Records.given("call-2", oldPseudonym));
            ledger.checkpoint(); // takes the new keys up

            PseudonymousSubject now = ledger.pseudonyms().subject("+4930123456");
            assertThat(now.current()).isNotEqualTo(oldPseudonym);
            assertThat(now.pseudonyms()).contains(oldPseudonym);
            Records.append(ledger, Records.given("call-3", now.current()));
            assertThat(FoundEntries.of(ledger.reader(), now).page(0, 10)).hasSize(3);
            assertThat(ledger.reader().entry(old).orElseThrow().payload()).isNotNull();
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
        try (var files = Files.list(settings.keys())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".keys")).toList()) {
                String expected = file.endsWith("verifier.keys") ? "rw-r--r--" : "rw-------";
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(expected);
            }
        }
    }

    static void fill(Ledger ledger, int entries) throws Exception {
        List<CompletableFuture<CommittedEntry>> answers = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            answers.add(
                    ledger.append(Records.given("call-" + i, "p" + i % 7)).toCompletableFuture());
            if (answers.size() >= 100) {
                for (CompletableFuture<CommittedEntry> answer : answers) {
                    answer.get();
                }
                answers.clear();
            }
        }
        for (CompletableFuture<CommittedEntry> answer : answers) {
            answer.get();
        }
    }
}
