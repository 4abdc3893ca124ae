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
import java.util.concurrent.atomic.AtomicReference;
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
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.proof.KnowsNobody;
import org.consentgateway.proof.RecordJson;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.proof.late.LateFile;
import org.consentgateway.proof.nodes.OtherNodes.Mark;
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
    private int lives;

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
            this(name, keys, directory.resolve(name + ++lives + ".jsonl"));
        }

        Node(String name, Pseudonyms keys, Path late) throws IOException {
            this.late = late;
            others = new OtherNodes(1, nanos::get, (end, _) -> end.size() <= stored);
            journal =
                    new ConsentJournal(
                            KnowsNobody.AWAY,
                            LateFile.open(late),
                            Duration.ofSeconds(10),
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

    /** Who is at the only address that it knows. */
    private void asksWhoIsThere(Node from, Node there) {
        announcer(from, new ArrayList<>(), message -> taken(there, message)).turn();
    }

    /** The first word bears nothing yet of whom it is for. */
    private void saysTwoWords(Node from, Node to) {
        EndingAnnouncer announcer =
                announcer(from, new ArrayList<>(), message -> taken(to, message));
        announcer.turn();
        announcer.turn();
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
        announcer.turn();
        assertThat(announcer.untold()).isZero();
        assertThat(sent).as("with the record, then a bare word to be heard of").hasSize(2);
        assertThat(sent.getLast()).hasSizeLessThan(sent.getFirst().length / 2);
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
        byte[] toAnother = taken(other, one.endings.message(List.of(), Mark.NONE));
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
                other.endings.take(stranger.endings.message(List.of(withdrawal()), Mark.NONE));
        assertThat(answer).isEmpty();
        assertThat(other.endings.take(new byte[100])).isEmpty();
        assertThat(other.endings.take(new byte[0])).isEmpty();
        byte[] changed = new Node("one", KEYS).endings.message(List.of(withdrawal()), Mark.NONE);
        changed[changed.length - 1] ^= 1;
        assertThat(other.endings.take(changed)).isEmpty();
        assertThat(other.journal.endingsKept()).isEmpty();
        assertThat(other.others.silent()).isEqualTo(1);
    }

    /** What is said in several messages is no sign of life before the last. */
    @Test
    void whoHasMoreToTellThanAMessageHoldsIsHeardOfWhenAllOfItIsThere() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        asksWhoIsThere(other, one);
        Durability _ =
                one.journal.writeNowOrLater(
                        Stream.generate(AnnouncedEndingsTest::withdrawal)
                                .limit(250)
                                .toArray(ConsentRecord[]::new));
        List<Integer> silent = new ArrayList<>();
        EndingAnnouncer.Way way =
                message -> {
                    byte[] answer = taken(other, message);
                    silent.add(other.others.silent());
                    return answer;
                };
        announcer(one, new ArrayList<>(), way).turn();
        assertThat(other.journal.endingsKept()).hasSize(250);
        assertThat(silent).containsExactly(1, 1, 0);
    }

    /** Nothing but what ends a consent: nobody is let in by what another node says. */
    @Test
    void aRecordThatEndsNothingIsRefusedWithAllThatCameWithIt() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        var expired =
                new ConsentRecord.Expired(
                        UUID.randomUUID(), NOW, CALLER, "demo", UUID.randomUUID());
        byte[] message = one.endings.message(List.of(withdrawal(), expired), Mark.NONE);
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
        byte[] message = one.endings.message(List.of(refused(null), said), Mark.NONE);
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
        asksWhoIsThere(other, one);
        saysTwoWords(one, other);
        assertThat(other.others.silentNow(PATIENCE)).isZero();
        stored = 2;
        assertThat(other.others.silentNow(PATIENCE)).isEqualTo(1);
        assertThat(other.others.silent()).as("and is told so").isEqualTo(1);
        pass(Duration.ofSeconds(2));
        confirmed = new LogEnd("log~2", 1, "00");
        saysTwoWords(one, other);
        assertThat(other.others.silentNow(PATIENCE)).as("it goes on in another log").isZero();

        pass(Duration.ofSeconds(2));
        confirmed = null;
        saysTwoWords(one, other);
        assertThat(other.others.silentNow(PATIENCE))
                .as("began anew without a store: nobody can say what it has confirmed before")
                .isEqualTo(1);
    }

    @Test
    void whoSaysNothingForSevenSecondsIsSilentAndAnOldWordIsNone() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        asksWhoIsThere(other, one);
        assertThat(other.others.silent()).as("not yet heard of").isEqualTo(1);
        List<byte[]> sent = new ArrayList<>();
        EndingAnnouncer announcer = announcer(one, sent, message -> taken(other, message));
        announcer.turn();
        assertThat(other.others.silent()).as("it may be an old one").isEqualTo(1);
        pass(Duration.ofMillis(500));
        announcer.turn();
        assertThat(other.others.silent()).isZero();
        pass(Duration.ofSeconds(1));
        announcer.turn();
        assertThat(sent).as("a word every two seconds").hasSize(2);
        pass(Duration.ofSeconds(1));
        announcer.turn();
        assertThat(sent).hasSize(3);
        pass(Duration.ofMillis(6_999));
        assertThat(other.others.silent()).isZero();
        pass(Duration.ofMillis(1));
        assertThat(other.others.silent()).isEqualTo(1);
        assertThat(other.endings.take(sent.getLast())).as("repeated").isPresent();
        assertThat(other.others.silent()).isEqualTo(1);
        announcer.turn();
        assertThat(other.others.silent()).isZero();
        byte[] toItself = one.endings.message(List.of(), one.others.mark());
        assertThat(one.endings.take(toItself)).isEmpty();
    }

    /** Whoever is on the way has recorded all that was ever said, and repeats it. */
    @Test
    void whatWasSaidToAnEarlierLifeOfANodeOrToAnotherNodeIsNoWord() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        List<byte[]> sent = new ArrayList<>();
        EndingAnnouncer announcer = announcer(one, sent, message -> taken(other, message));
        announcer.turn();
        announcer.turn();
        for (Node each : List.of(new Node("other", KEYS), new Node("third", KEYS))) {
            asksWhoIsThere(each, one);
            for (byte[] message : sent) {
                assertThat(each.endings.take(message)).isPresent();
            }
            assertThat(each.others.silent()).isEqualTo(1);
        }
        Node restarted = new Node("other", KEYS);
        asksWhoIsThere(restarted, one);
        EndingAnnouncer.Way there = message -> taken(restarted, message);
        EndingAnnouncer again = announcer(one, sent, there);
        again.turn();
        again.turn();
        assertThat(restarted.others.silent()).as("a new word").isZero();
    }

    /** Its disk was full, so it had the withdrawal in memory alone. */
    @Test
    void aNodeThatBeginsAnewIsToldOfAWithdrawalAgainBeforeAnythingElseIsHeard() throws Exception {
        Node one = new Node("one", KEYS);
        ConsentRecord.Withdrawn said = withdrawal();
        Durability _ = one.journal.writeNowOrLater(said);
        Path full = directory.resolve("full.jsonl");
        Node before = new Node("other", KEYS, full);
        Files.delete(full);
        Files.createDirectory(full);
        var there = new AtomicReference<>(before);
        EndingAnnouncer announcer =
                announcer(one, new ArrayList<>(), message -> taken(there.get(), message));
        announcer.turn();
        announcer.turn();
        assertThat(before.journal.endingsKept()).containsExactly(said);
        assertThat(announcer.untold()).isZero();

        Node other = new Node("other", KEYS);
        asksWhoIsThere(other, one);
        there.set(other);
        pass(OtherNodes.WORD);
        announcer.turn();
        assertThat(other.others.silent()).as("it knows of nothing yet").isEqualTo(1);
        announcer.turn();

        assertThat(other.journal.endingsKept()).containsExactly(said);
        assertThat(other.others.silent()).isZero();
        assertThat(announcer.untold()).isZero();
    }

    /** It may name less of a log than what the store has lost since. */
    @Test
    void anEarlierWordThatIsRepeatedTakesNothingBack() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        asksWhoIsThere(other, one);
        confirmed = new LogEnd("log", 2, "00");
        byte[] earlier = one.endings.message(List.of(), other.others.mark());
        byte[] _ = taken(other, earlier);
        pass(Duration.ofMillis(1));
        confirmed = new LogEnd("log", 3, "00");
        byte[] _ = taken(other, one.endings.message(List.of(), other.others.mark()));
        stored = 2;
        byte[] _ = taken(other, earlier);
        assertThat(other.others.silentNow(PATIENCE)).isEqualTo(1);
    }

    /** Seven seconds behind the word that it should have been. */
    @Test
    void aWordThatIsHeldBackOnTheWayCountsNoLongerForThat() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        asksWhoIsThere(other, one);
        byte[] word = one.endings.message(List.of(), other.others.mark());
        pass(Duration.ofMillis(8_999));
        byte[] _ = taken(other, word);
        assertThat(other.others.silent()).isZero();
        pass(Duration.ofMillis(1));
        assertThat(other.others.silent()).isEqualTo(1);
    }

    /** Which was a day ahead before. */
    @Test
    void aNodeThatBeginsAnewWithItsClockSetBackIsHeardOfAtOnce() throws Exception {
        Node other = new Node("other", KEYS);
        clock = NOW.plus(Duration.ofDays(1));
        Node ahead = new Node("one", KEYS);
        asksWhoIsThere(other, ahead);
        saysTwoWords(ahead, other);
        assertThat(other.others.silent()).isZero();
        pass(Duration.ofSeconds(7));
        assertThat(other.others.silent()).isEqualTo(1);
        clock = NOW;
        saysTwoWords(new Node("one", KEYS), other);
        assertThat(other.others.silent()).isZero();
    }

    @Test
    void whoIsNotAmongTheOthersStandsForNoneOfThem() throws Exception {
        Node one = new Node("one", KEYS);
        Node other = new Node("other", KEYS);
        Node third = new Node("third", KEYS);
        saysTwoWords(third, other);
        assertThat(other.others.silent()).as("nobody has answered at the address").isEqualTo(1);
        asksWhoIsThere(other, one);
        assertThat(other.others.silent()).as("who is there, says nothing").isEqualTo(1);
        saysTwoWords(one, other);
        assertThat(other.others.silent()).isZero();
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofSeconds(2));
            saysTwoWords(third, other);
        }
        assertThat(other.others.silent()).isEqualTo(1);
        Durability _ = third.journal.writeNowOrLater(withdrawal());
        saysTwoWords(third, other);
        assertThat(other.journal.endingsKept()).as("what it tells counts").hasSize(1);
    }

    @Test
    void whoAnswersAtTwoAddressesIsOneNode() {
        var others = new OtherNodes(2, nanos::get, (_, _) -> true);
        others.answers("there", "one");
        others.answers("elsewhere", "one");
        assertThat(others.heard("one", others.mark(), confirmed)).isTrue();
        assertThat(others.silent()).isEqualTo(1);
    }

    /** Its words bear no mark, and its answers name nobody. */
    @Test
    void aNodeOfTheVersionBeforeIsToldAndBelievedAndNotHeardOf() throws Exception {
        String long40 = "n".repeat(40);
        Node one = new Node(long40, KEYS);
        var seal = new EndingSeal(KEYS);
        ConsentRecord.Withdrawn said = withdrawal();
        String word =
                "{\"node\":\"before\",\"at\":\"%s\",\"log\":\"log\",\"size\":3,\"leaf\":\"00\"}%n%s"
                        .formatted(NOW, RecordJson.write(said));
        byte[] answer =
                taken(
                        one,
                        seal.seal(
                                "endings told",
                                new byte[0],
                                word.getBytes(StandardCharsets.UTF_8)));
        assertThat(one.journal.endingsKept()).containsExactly(said);
        assertThat(answer.length).as("it reads no more").isLessThanOrEqualTo(256);

        List<byte[]> sent = new ArrayList<>();
        EndingAnnouncer announcer =
                announcer(
                        one,
                        sent,
                        message ->
                                seal.seal(
                                        "endings taken",
                                        Digests.of(message),
                                        "KEPT".getBytes(StandardCharsets.UTF_8)));
        announcer.turn();
        announcer.turn();
        assertThat(announcer.untold()).isZero();
        assertThat(sent).as("and not every half second").hasSize(1);
        assertThat(one.others.silent()).isEqualTo(1);
    }
}
