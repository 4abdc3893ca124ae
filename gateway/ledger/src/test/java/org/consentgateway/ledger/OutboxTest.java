package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.entry.Announcing;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.EventOutbox.Wanted;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.outbox.Settled;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The laws of what is told to others: written with the entry, leased, in order, never lost. */
class OutboxTest {
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** Withdrawals are urgent; of all others, too, everybody is told. */
    private static final Announcing TO_CRM =
            entry ->
                    entry.type() == EntryType.ERASED
                            ? List.of()
                            : List.of(
                                    new Outgoing(
                                            "crm",
                                            entry.type().text(),
                                            entry.type() == EntryType.WITHDRAWN,
                                            "{\"record\":\"" + entry.id() + "\"}"));

    @TempDir private Path directory;

    private Instant now = Records.START;

    private Ledger open(LedgerSettings settings) throws Exception {
        return Ledger.open(settings.withAnnouncing(TO_CRM), () -> now);
    }

    private List<Message> claim(Ledger ledger, String holder, boolean urgent, int most)
            throws LedgerUnavailable {
        return ledger.outbox()
                .claim(List.of(new Wanted("crm", urgent, most, false)), holder, now, LEASE);
    }

    private static NewEntry withdrawn(String call, String subject) {
        NewEntry given = Records.given(call, subject);
        return new NewEntry(
                given.id(), EntryType.WITHDRAWN, call, subject, Records.base("hotline", "booking"));
    }

    private static List<UUID> ids(List<Message> messages) {
        return messages.stream().map(Message::id).toList();
    }

    private EventOutbox.Backlog standing(Ledger ledger) throws LedgerUnavailable {
        return ledger.outbox().standings(List.of("crm"), now).getFirst();
    }

    private void deliver(Ledger ledger, String holder, List<Message> messages)
            throws LedgerUnavailable {
        List<Settled> all = new ArrayList<>();
        messages.forEach(message -> all.add(new Settled.Delivered(message, "204")));
        ledger.outbox().settle(all, holder, now);
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aMessageIsThereWithItsEntryAndNamesItsPlace(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry served = Records.served("call-1", "bert");
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, List.of(served, given));

            List<Message> claimed = claim(ledger, "a", false, 10);
            assertThat(ids(claimed)).containsExactly(served.id(), given.id());
            Message second = claimed.getLast();
            assertThat(second.place())
                    .isEqualTo(new Message.Place("consent-gateway.local/log/node-1", 1));
            assertThat(second.type()).isEqualTo("Given");
            assertThat(second.body()).isEqualTo("{\"record\":\"" + given.id() + "\"}");
            assertThat(second.time()).isEqualTo(now);
        }
    }

    /** Some node's clock was a year ahead when it wrote, and is right again. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatAClockThatWasAheadHasClaimedOrPutOffIsSentAllTheSame(TestStore store)
            throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry claimed = Records.given("call-1", "anna");
            NewEntry putOff = withdrawn("call-2", "bert");
            Records.append(ledger, List.of(claimed, putOff));
            Instant right = now;
            now = now.plus(Duration.ofDays(366));
            assertThat(claim(ledger, "a", false, 10)).hasSize(1);
            List<Message> tried = claim(ledger, "a", true, 10);
            Instant due = now.plusSeconds(5);
            ledger.outbox()
                    .settle(List.of(new Settled.Again(tried.getFirst(), "timeout", due)), "a", now);

            now = right.plusSeconds(1);
            assertThat(ids(claim(ledger, "b", false, 10))).containsExactly(claimed.id());
            assertThat(ids(claim(ledger, "b", true, 10))).containsExactly(putOff.id());
            assertThat(claim(ledger, "c", true, 10)).as("that lease is as any other").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoIsEnabledIsSentWhatWasToBeTriedLater(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            Records.append(ledger, withdrawn("call-1", "anna"));
            Instant due = now.plus(Duration.ofDays(1));
            List<Message> tried = claim(ledger, "a", true, 10);
            ledger.outbox()
                    .settle(List.of(new Settled.Again(tried.getFirst(), "429", due)), "a", now);
            assertThat(claim(ledger, "a", true, 10)).isEmpty();

            ledger.outbox().enable("crm");

            assertThat(claim(ledger, "a", true, 10)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void anEntryHandedInAgainIsToldOnce(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, given);
            Records.append(ledger, given);

            assertThat(ids(claim(ledger, "a", false, 10))).containsExactly(given.id());
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatCannotBeWrittenIsToldToNobody(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, given);
            List<NewEntry> oneOfThemIsThere = List.of(Records.given("call-2", "bert"), given);

            assertThatThrownBy(() -> Records.append(ledger, oneOfThemIsThere))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(ids(claim(ledger, "a", false, 10))).containsExactly(given.id());
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatOneHasClaimedNobodyElseGetsUntilItsLeaseIsOver(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, given);

            List<Message> first = claim(ledger, "a", false, 10);
            assertThat(first).hasSize(1);
            now = now.plus(LEASE).minusMillis(1);
            assertThat(claim(ledger, "b", false, 10)).isEmpty();
            now = now.plusMillis(1);
            assertThat(ids(claim(ledger, "b", false, 10))).containsExactly(given.id());

            // Too late: the other one has it in hand, but what has arrived has arrived.
            ledger.outbox()
                    .settle(List.of(new Settled.Again(first.getFirst(), "500", now)), "a", now);
            assertThat(claim(ledger, "c", false, 10)).isEmpty();
            deliver(ledger, "a", first);
            assertThat(standing(ledger).waiting()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void afterARestartItsOwnClaimsAreFreeAtOnce(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        NewEntry given = Records.given("call-1", "anna");
        try (Ledger ledger = open(settings)) {
            Records.append(ledger, given);
            assertThat(claim(ledger, "node-1", false, 10)).hasSize(1);
        }
        try (Ledger ledger = open(settings)) {
            assertThat(claim(ledger, "node-1", false, 10)).isEmpty();
            ledger.outbox().release("node-1");
            assertThat(ids(claim(ledger, "node-1", false, 10))).containsExactly(given.id());
        }
    }

    /** Whoever died may have sent it: the next one has to know. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void anAttemptOfWhichNobodyKnowsWhatCameCountsAsOne(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            Records.append(ledger, Records.given("call-1", "anna"));
            assertThat(claim(ledger, "a", false, 10).getFirst().attempts()).isZero();

            now = now.plus(LEASE);
            assertThat(claim(ledger, "b", false, 10).getFirst().attempts())
                    .as("its lease was over")
                    .isEqualTo(1);

            ledger.outbox().release("b");
            ledger.outbox().release("b");
            Message third = claim(ledger, "b", false, 10).getFirst();
            assertThat(third.attempts()).as("it was given back, once").isEqualTo(2);

            ledger.outbox().settle(List.of(new Settled.Again(third, "500", now)), "b", now);
            ledger.outbox().release("b");
            assertThat(claim(ledger, "c", false, 10).getFirst().attempts())
                    .as("nothing was under way")
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void refusalsAreCountedApartFromAttemptsUntilItIsReplayed(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            Records.append(ledger, Records.given("call-1", "anna"));
            Message first = claim(ledger, "a", false, 10).getFirst();
            ledger.outbox().settle(List.of(new Settled.Again(first, "503", now)), "a", now);
            Message second = claim(ledger, "a", false, 10).getFirst();
            assertThat(second.refusals()).isZero();
            ledger.outbox().settle(List.of(new Settled.TurnedDown(second, "400", now)), "a", now);

            Message third = claim(ledger, "a", false, 10).getFirst();
            assertThat(third.attempts()).isEqualTo(2);
            assertThat(third.refusals()).isEqualTo(1);
            ledger.outbox().settle(List.of(new Settled.GivenUp(third, "400")), "a", now);
            int _ = ledger.outbox().replay("crm", now);
            assertThat(claim(ledger, "a", false, 10).getFirst().refusals()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void ofOnePersonOneMessageIsUnderWayAtATime(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            List<NewEntry> entries = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                entries.add(Records.given("call-" + i, i % 2 == 0 ? "anna" : "bert"));
            }
            Records.append(ledger, entries);

            List<Message> first = claim(ledger, "a", false, 10);
            assertThat(ids(first)).containsExactly(entries.get(0).id(), entries.get(1).id());
            assertThat(claim(ledger, "b", false, 10)).isEmpty();
            // Anna's fails: hers wait behind it, Bert's go on.
            Instant later = now.plusSeconds(5);
            ledger.outbox()
                    .settle(
                            List.of(
                                    new Settled.Again(first.get(0), "500", later),
                                    new Settled.Delivered(first.get(1), "200")),
                            "a",
                            now);
            List<Message> second = claim(ledger, "b", false, 10);
            assertThat(ids(second)).containsExactly(entries.get(3).id());
            deliver(ledger, "b", second);
            assertThat(ids(claim(ledger, "b", false, 10))).containsExactly(entries.get(5).id());
            now = later;
            List<Message> retried = claim(ledger, "b", false, 10);
            assertThat(ids(retried)).containsExactly(entries.get(0).id());
            assertThat(retried.getFirst().attempts()).isEqualTo(1);
            ledger.outbox()
                    .settle(List.of(new Settled.GivenUp(retried.getFirst(), "400")), "b", now);
            assertThat(ids(claim(ledger, "b", false, 10))).containsExactly(entries.get(2).id());
            assertThat(ids(ledger.outbox().givenUp("crm"))).containsExactly(entries.get(0).id());
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aWithdrawalOvertakesWhatWaits(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            for (int i = 0; i < 50; i++) {
                Records.append(ledger, Records.given("call-" + i, "caller-" + i));
            }
            NewEntry withdrawn = withdrawn("call-60", "caller-7");
            Records.append(ledger, withdrawn);

            assertThat(ids(claim(ledger, "a", true, 1))).containsExactly(withdrawn.id());
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoTakesFromOneOutboxTogetherTakesEachMessageOnce(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        int many = 200;
        try (Ledger one = open(settings);
                Ledger other = open(settings.withNode("node-2"))) {
            List<NewEntry> entries = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                entries.add(Records.given("call-" + i, "caller-" + i % 20));
            }
            for (int i = 0; i < many; i += 50) {
                Records.append(one, entries.subList(i, i + 50));
            }
            var seen = new ConcurrentLinkedQueue<Message>();
            var failures = new ConcurrentLinkedQueue<Throwable>();
            var done = new CountDownLatch(4);
            for (int i = 0; i < 4; i++) {
                Ledger ledger = i % 2 == 0 ? one : other;
                String holder = "holder-" + i;
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                while (seen.size() < many) {
                                    List<Message> claimed = claim(ledger, holder, false, 7);
                                    seen.addAll(claimed);
                                    deliver(ledger, holder, claimed);
                                }
                            } catch (LedgerUnavailable | RuntimeException e) {
                                failures.add(e);
                            } finally {
                                done.countDown();
                            }
                        });
            }
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();

            assertThat(failures).isEmpty();
            Set<UUID> once = new HashSet<>(ids(List.copyOf(seen)));
            assertThat(once).hasSize(many);
            assertThat(seen).as("none was claimed twice").hasSize(many);
            assertThat(standing(one).waiting()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void howItStandsIsSaid(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            assertThat(standing(ledger)).isEqualTo(new EventOutbox.Backlog("crm", 0, now, 0, ""));
            Instant began = now;
            Records.append(ledger, Records.given("call-1", "anna"));
            now = now.plusSeconds(90);
            Records.append(ledger, withdrawn("call-2", "anna"));

            assertThat(standing(ledger)).isEqualTo(new EventOutbox.Backlog("crm", 2, began, 0, ""));
            ledger.outbox().disable("crm", "410 Gone", now);
            ledger.outbox().disable("crm", "by Meier", now);
            assertThat(standing(ledger).disabled()).isEqualTo("by Meier");
            ledger.outbox().enable("crm");
            assertThat(standing(ledger).disabled()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatWasDeliveredCanBeSentAgainUntilItIsPurged(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry early = Records.given("call-1", "anna");
            Records.append(ledger, early);
            now = now.plusSeconds(60);
            NewEntry late = Records.given("call-2", "bert");
            Records.append(ledger, late);
            deliver(ledger, "a", claim(ledger, "a", false, 10));
            assertThat(claim(ledger, "a", false, 10)).isEmpty();

            assertThat(ledger.outbox().replay("crm", now)).isEqualTo(1);
            List<Message> again = claim(ledger, "a", false, 10);
            assertThat(ids(again)).containsExactly(late.id());
            deliver(ledger, "a", again);
            ledger.outbox().purge(now.plusSeconds(1), now);
            assertThat(ledger.outbox().replay("crm", Instant.EPOCH)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void anErasureLeavesNothingOfWhatWasToldAndLosesNothingThatWasNot(TestStore store)
            throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            var anna = ledger.pseudonyms().subject("+4930123456");
            NewEntry told = Records.given("call-1", anna.current());
            NewEntry untold = Records.given("call-2", anna.current());
            Records.append(ledger, List.of(told, untold));
            deliver(ledger, "a", claim(ledger, "a", false, 10));

            NewEntry erased =
                    NewEntry.of(EntryType.ERASED, null, null, Records.JSON.createObjectNode(), now);
            assertThat(ledger.erase(erased, anna, Set.of()).entries()).isEqualTo(2);
            List<Message> left = claim(ledger, "a", false, 10);
            assertThat(ids(left)).containsExactly(untold.id());
            deliver(ledger, "a", left);
            ledger.outbox().purge(Instant.EPOCH, now);
            assertThat(ledger.outbox().replay("crm", Instant.EPOCH)).isZero();
        }
    }

    /** Whoever refused it still holds what it was told before. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void anErasureLeavesWhatWasRefusedForGood(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            var anna = ledger.pseudonyms().subject("+4930123456");
            NewEntry withdrawn = withdrawn("call-1", anna.current());
            Records.append(ledger, withdrawn);
            Message refused = claim(ledger, "a", true, 1).getFirst();
            ledger.outbox().settle(List.of(new Settled.GivenUp(refused, "400")), "a", now);

            NewEntry erased =
                    NewEntry.of(EntryType.ERASED, null, null, Records.JSON.createObjectNode(), now);
            assertThat(ledger.erase(erased, anna, Set.of()).entries()).isEqualTo(1);
            assertThat(ids(ledger.outbox().givenUp("crm"))).containsExactly(withdrawn.id());
            ledger.outbox().purge(now.plusSeconds(1), now);

            assertThat(ids(ledger.outbox().givenUp("crm"))).containsExactly(withdrawn.id());
            assertThat(ledger.outbox().replay("crm", Instant.EPOCH)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatNoEntryIsBehindIsToldAsWell(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            UUID id = UUID.randomUUID();
            ledger.outbox()
                    .add(
                            List.of(
                                    new EventOutbox.Loose(
                                            id,
                                            new Outgoing("crm", "call.ended", false, "{}"),
                                            "call-1",
                                            now)));
            List<Message> claimed = claim(ledger, "a", false, 10);
            assertThat(ids(claimed)).containsExactly(id);
            assertThat(claimed.getFirst().place()).isEqualTo(Message.Place.NONE);
            deliver(ledger, "a", claimed);
            ledger.outbox().purge(Instant.EPOCH, now);
            assertThat(ledger.outbox().replay("crm", Instant.EPOCH)).isEqualTo(1);
        }
    }
}
