package org.consentgateway.proof.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.SecretKeys;
import org.consentgateway.ledger.nodes.LogEnd;
import org.consentgateway.proof.KnowsNobody;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.proof.late.LateFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes tell each other while the store is away from all of them. */
class AnnouncedEndingsTest {
    private static final Instant NOW = Instant.parse("2026-11-28T09:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Subject CALLER = new Subject("k1.pseudonym-of-a-caller");

    @TempDir private Path directory;
    private final AtomicLong nanos = new AtomicLong();
    private Instant clock = NOW;

    /** By each of them, and how much the store has of it. */
    private @Nullable LogEnd confirmed = new LogEnd("log", 3, "00");

    private long stored = 3;

    /** Of all of them. */
    private static final Pseudonyms KEYS =
            new Pseudonyms(new SecretKeys(List.of(SecretKeys.Key.create())));

    private final class Node {
        final OtherNodes others;
        final ConsentJournal journal;
        final AnnouncedEndings endings;
        final Path late;

        Node(String name, Pseudonyms keys) throws IOException {
            late = directory.resolve(name + ".jsonl");
            others = new OtherNodes(1, nanos::get, (end, _) -> end.size() <= stored);
            journal =
                    new ConsentJournal(
                            KnowsNobody.AWAY,
                            LateFile.open(late),
                            Duration.ofSeconds(1),
                            () -> EntryIds.next(NOW));
            endings =
                    new AnnouncedEndings(
                            journal,
                            keys,
                            name,
                            () -> clock,
                            others,
                            () -> Optional.ofNullable(confirmed));
        }
    }

    private static ConsentRecord.Withdrawn withdrawal() {
        return new ConsentRecord.Withdrawn(
                EntryIds.next(NOW),
                NOW,
                null,
                CALLER,
                "demo",
                EntryIds.next(NOW),
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                NOW,
                null);
    }

    private EndingAnnouncer announcer(Node from, List<byte[]> sent, EndingAnnouncer.Way way) {
        return new EndingAnnouncer(
                from.journal,
                from.endings,
                "there",
                message -> {
                    sent.add(message);
                    return way.send(message);
                },
                nanos::get);
    }

    private static byte[] taken(Node by, byte[] message) throws IOException {
        return by.endings.take(message).orElseThrow(() -> new IOException("it answers 403"));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        clock = clock.plus(time);
    }

    @Test
    void whoIsToldKeepsItOnItsOwnDiskAndIsToldOnce() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        ConsentRecord.Withdrawn said = withdrawal();
        assertThat(one.journal.writeNowOrLater(said)).isEqualTo(Durability.KEPT);
        List<byte[]> sent = new ArrayList<>();
        EndingAnnouncer announcer = announcer(one, sent, message -> taken(other, message));
        announcer.turn();
        announcer.turn();
        assertThat(announcer.untold()).isZero();
        assertThat(sent).hasSize(1);
        assertThat(other.journal.endingsKept()).containsExactly(said);
        assertThat(Files.readString(other.late)).contains(said.id().toString());
        assertThat(new String(sent.getFirst(), StandardCharsets.ISO_8859_1))
                .as("on the way")
                .doesNotContain(CALLER.pseudonym())
                .doesNotContain(said.id().toString());
    }

    @Test
    void whoDoesNotAnswerAsANodeOfTheStoreIsToldAgain() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        Durability _ = one.journal.writeNowOrLater(withdrawal());
        List<byte[]> sent = new ArrayList<>();
        byte[] toAnother = taken(other, one.endings.message(List.of()));
        List<EndingAnnouncer.Way> wrong =
                List.of(
                        _ -> {
                            throw new IOException("cut");
                        },
                        message -> message,
                        _ -> new byte[0],
                        _ -> toAnother);
        for (EndingAnnouncer.Way each : wrong) {
            EndingAnnouncer announcer = announcer(one, sent, each);
            announcer.turn();
            assertThat(announcer.untold()).isEqualTo(1);
            announcer.turn();
        }
        assertThat(sent).hasSize(2 * wrong.size());
    }

    @Test
    void whoeverHasNotTheKeysOfTheStoreTellsNothing() throws Exception {
        Node other = new Node("other", KEYS);
        Node stranger =
                new Node(
                        "stranger",
                        new Pseudonyms(new SecretKeys(List.of(SecretKeys.Key.create()))));
        Optional<byte[]> answer =
                other.endings.take(stranger.endings.message(List.of(withdrawal())));
        assertThat(answer).isEmpty();
        assertThat(other.endings.take(new byte[100])).isEmpty();
        assertThat(other.endings.take(new byte[0])).isEmpty();
        byte[] changed = new Node("one", KEYS).endings.message(List.of(withdrawal()));
        changed[changed.length - 1] ^= 1;
        assertThat(other.endings.take(changed)).isEmpty();
        assertThat(other.journal.endingsKept()).isEmpty();
        assertThat(other.others.silent()).isEqualTo(1);
    }

    /** Nothing but what ends a consent: nobody is let in by what another node says. */
    @Test
    void aRecordThatEndsNothingIsRefusedWithAllThatCameWithIt() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        var expired =
                new ConsentRecord.Expired(
                        UUID.randomUUID(), NOW, CALLER, "demo", UUID.randomUUID());
        byte[] message = one.endings.message(List.of(withdrawal(), expired));
        assertThat(other.endings.take(message)).isEmpty();
        assertThat(other.journal.endingsKept()).isEmpty();
    }

    @Test
    void aWithdrawalThatIsSaidMeanwhileIsToldBeforeTheRefusalsThatAreLeft() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        Durability _ =
                one.journal.writeNowOrLater(
                        Stream.generate(() -> refused(EntryIds.next(NOW)))
                                .limit(250)
                                .toArray(ConsentRecord[]::new));
        ConsentRecord.Withdrawn said = withdrawal();
        List<byte[]> sent = new ArrayList<>();
        List<Boolean> known = new ArrayList<>();
        EndingAnnouncer announcer =
                announcer(
                        one,
                        sent,
                        message -> {
                            Durability _ = one.journal.writeNowOrLater(said);
                            byte[] answer = taken(other, message);
                            known.add(other.journal.endingsKept().contains(said));
                            return answer;
                        });
        announcer.turn();
        assertThat(known).as("the next message has it").startsWith(false, true);
        assertThat(sent).hasSize(3);
        assertThat(announcer.untold()).isZero();
        assertThat(other.journal.endingsKept()).hasSize(251).startsWith(said);
    }

    /** Which tells of every no: what comes with it counts. */
    @Test
    void aNodeOfAnEarlierVersionIsBelieved() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        ConsentRecord.Withdrawn said = withdrawal();
        byte[] message = one.endings.message(List.of(refused(null), said));
        assertThat(other.endings.take(message)).isPresent();
        assertThat(other.journal.endingsKept()).containsExactly(said);
    }

    private static ConsentRecord.Refused refused(@Nullable UUID inForce) {
        UUID call = EntryIds.next(NOW);
        return new ConsentRecord.Refused(
                EntryIds.next(NOW),
                NOW,
                new CallFacts(call, "h", "local", "demo", NOW, CALLER, true, false, true),
                TestLedger.heard(TestLedger.spoken("2026-11")),
                List.of(),
                inForce);
    }

    /** As where a server took over without it, which that node finds out only later. */
    @Test
    void whoHasConfirmedWhatTheStoreDoesNotHaveIsAsGoodAsSilent() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        byte[] _ = taken(other, one.endings.message(List.of()));
        assertThat(other.others.silentNow(PATIENCE)).isZero();
        stored = 2;
        assertThat(other.others.silentNow(PATIENCE)).isEqualTo(1);
        assertThat(other.others.silent()).as("and is told so").isEqualTo(1);
        pass(Duration.ofSeconds(2));
        confirmed = new LogEnd("log~2", 1, "00");
        byte[] _ = taken(other, one.endings.message(List.of()));
        assertThat(other.others.silentNow(PATIENCE)).as("it goes on in another log").isZero();

        pass(Duration.ofSeconds(2));
        confirmed = null;
        byte[] _ = taken(other, one.endings.message(List.of()));
        assertThat(other.others.silentNow(PATIENCE))
                .as("began anew without a store: nobody can say what it has confirmed before")
                .isEqualTo(1);
    }

    @Test
    void whoSaysNothingForSevenSecondsIsSilentAndAnOldWordIsNone() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        assertThat(other.others.silent()).as("not yet heard of").isEqualTo(1);
        List<byte[]> sent = new ArrayList<>();
        EndingAnnouncer announcer = announcer(one, sent, message -> taken(other, message));
        announcer.turn();
        assertThat(other.others.silent()).isZero();
        pass(Duration.ofSeconds(1));
        announcer.turn();
        assertThat(sent).as("a word every two seconds").hasSize(1);
        pass(Duration.ofSeconds(1));
        announcer.turn();
        assertThat(sent).hasSize(2);
        pass(Duration.ofMillis(6_999));
        assertThat(other.others.silent()).isZero();
        pass(Duration.ofMillis(1));
        assertThat(other.others.silent()).isEqualTo(1);
        assertThat(other.endings.take(sent.getLast())).as("repeated").isPresent();
        assertThat(other.others.silent()).isEqualTo(1);
        announcer.turn();
        assertThat(other.others.silent()).isZero();
        assertThat(one.endings.take(one.endings.message(List.of()))).as("to itself").isEmpty();
    }
}
