package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.webhook.Poster.Response;
import org.consentgateway.webhook.Receiver.Got;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What other systems can rely on, over a real log in virtual time: each event at least once, in the
 * order of each person, withdrawals first, known by its id.
 */
class WebhookSenderTest {
    private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    private static final byte[] SECRET = new byte[32];
    private static final Duration STEP = Duration.ofMillis(100);

    @TempDir private Path directory;

    private Instant now = START;
    private final Receiver receiver = new Receiver();
    private final List<String> confirmed = new ArrayList<>();
    private final List<UUID> refused = new ArrayList<>();
    private boolean recording = true;
    private final List<Ledger> ledgers = new ArrayList<>();

    /** One node: its log, its sender. */
    private final class Node {
        private final Announcements announcements;
        private final Ledger ledger;
        private final WebhookSender sender;

        /** Attempts that wait to be made, so that a node can die between claim and send. */
        private final Deque<Runnable> attempts = new ArrayDeque<>();

        Node(String name, long mostWaiting) throws Exception {
            announcements = new Announcements(List.of(endpoint(mostWaiting)));
            ledger = Ledger.open(settings(name).withAnnouncing(announcements), () -> now);
            ledgers.add(ledger);
            sender =
                    new WebhookSender(
                            ledger.outbox(),
                            announcements,
                            new Delivery(
                                    "https://gw.example",
                                    SECRET,
                                    receiver,
                                    EventContext.NONE,
                                    () -> now),
                            new Recorded(),
                            name,
                            new WebhookSender.Work(
                                    attempts::add, () -> now, () -> false, new Random(1)));
        }

        void turn() throws Exception {
            boolean _ = sender.turn();
            while (!attempts.isEmpty()) {
                attempts.pop().run();
            }
        }

        EventOutbox.Backlog standing() throws Exception {
            return ledger.outbox().standings(List.of("crm"), now).getFirst();
        }

        void write(NewEntry entry) {
            var _ = ledger.append(entry).toCompletableFuture().join();
        }
    }

    /** What is recorded of those who hold data. */
    private final class Recorded implements WebhookSender.Acknowledged {
        @Override
        public void by(Endpoint endpoint, Message message, int status) {
            confirmed.add(message.id() + " " + status);
        }

        @Override
        public void never(Endpoint endpoint, Message message) throws LedgerUnavailable {
            if (!recording) {
                throw new LedgerUnavailable(
                        LedgerUnavailable.Reason.STORE_DOWN, "down", new IllegalStateException());
            }
            refused.add(message.id());
        }
    }

    private LedgerSettings settings(String node) {
        return new LedgerSettings(
                "jdbc:sqlite:" + directory.resolve("ledger.db"),
                directory.resolve("keys"),
                node,
                "consent-gateway/log",
                new LedgerSettings.Checkpoints(
                        1000,
                        Duration.ofDays(1),
                        directory.resolve("checkpoints"),
                        TrustPolicy.NONE),
                new LedgerSettings.Limits(256, 4096, Duration.ofSeconds(10)));
    }

    private static Endpoint endpoint(long mostWaiting) {
        return new Endpoint(
                "crm",
                URI.create("https://crm.example/hooks"),
                EnumSet.allOf(EventType.class),
                Receiver.signed(() -> List.of(SECRET)),
                "CRM",
                new Endpoint.Reach(false, List.of(), Duration.ofSeconds(15), mostWaiting));
    }

    @AfterEach
    void close() {
        ledgers.forEach(Ledger::close);
    }

    private NewEntry entry(EntryType type, String caller, UUID refersTo) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("call").put("line", "hotline");
        payload.putObject("notice").put("id", "demo").put("version", "2026-11");
        payload.putObject("decision").put("level", "basis").putArray("purposes").add("assistant");
        payload.put("refers_to", refersTo.toString());
        return new NewEntry(
                EntryIds.next(now), type, UUID.randomUUID().toString(), caller, payload);
    }

    /** The first of its caller: it replaces no other. */
    private NewEntry given(String caller) {
        NewEntry given = entry(EntryType.GIVEN, caller, new UUID(0, 0));
        given.payload().remove("refers_to");
        return given;
    }

    private void turns(Node node, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            node.turn();
            now = now.plus(STEP);
        }
    }

    /** A turn in each. */
    private void minutes(Node node, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            now = now.plusSeconds(60);
            node.turn();
        }
    }

    @Test
    void anEventArrivesSignedWithItsPlaceInTheLog() throws Exception {
        Node node = new Node("gw1", 100);
        NewEntry given = given("anna");
        node.write(given);
        turns(node, 2);

        assertThat(receiver.taken()).hasSize(1);
        Got got = receiver.taken().getFirst();
        assertThat(got.headers())
                .containsEntry("webhook-id", given.id().toString())
                .containsEntry("webhook-timestamp", Long.toString(START.getEpochSecond()));
        assertThat(got.headers().get("webhook-signature")).matches("v1,\\S+ v1a,\\S+");
        assertThat(got.event().path("id").asText()).isEqualTo(given.id().toString());
        assertThat(got.event().path("source").asText())
                .isEqualTo("https://gw.example/consent-gateway/log/gw1");
        assertThat(got.event().path("subject").asText()).isEqualTo("consent/" + given.id());
        assertThat(got.event().path("sequence").asText()).isEqualTo("0000000000000000000");
        assertThat(got.event().toString()).doesNotContain("anna");
        assertThat(node.standing().waiting()).isZero();
    }

    @Test
    void threeDaysWithoutAReceiverLoseNothingAndKeepThePersonsOrder() throws Exception {
        Node node = new Node("gw1", 100_000);
        Response[] troubles = {
            new Response.Failed("timeout"),
            new Response.HttpStatus(500, 0),
            new Response.Failed("not connected"),
            new Response.HttpStatus(503, 120)
        };
        receiver.answers(got -> troubles[receiver.came().size() % troubles.length]);
        Map<String, List<UUID>> written = new HashMap<>();
        List<UUID> withdrawn = new ArrayList<>();
        Random random = new Random(7);
        Instant end = START.plus(Duration.ofDays(3));
        for (int i = 0; now.isBefore(end); i++) {
            String caller = "caller-" + random.nextInt(40);
            NewEntry entry = given(caller);
            node.write(entry);
            written.computeIfAbsent(caller, _ -> new ArrayList<>()).add(entry.id());
            if (i % 50 == 7) {
                NewEntry end1 = entry(EntryType.WITHDRAWN, caller, entry.id());
                node.write(end1);
                withdrawn.add(end1.id());
            }
            for (int turn = 0; turn < 3; turn++) {
                node.turn();
                now = now.plusSeconds(100);
            }
        }
        int inVain = receiver.came().size();
        assertThat(inVain).as("about one in ten minutes, of each lane").isBetween(300, 1_300);
        assertThat(receiver.taken()).isEmpty();

        receiver.answers(204);
        node.turn(); // settles what was tried last, and may try another
        now = now.plusSeconds(1_000);
        turns(node, 400);
        turns(node, 400);

        List<String> once = receiver.once().stream().map(Got::id).toList();
        assertThat(node.standing().waiting()).isZero();
        assertThat(once)
                .hasSize(written.values().stream().mapToInt(List::size).sum() + withdrawn.size());
        assertThat(receiver.taken().subList(0, 1))
                .extracting(Got::type)
                .containsExactly("consent.withdrawn");
        int lastWithdrawn =
                withdrawn.stream().mapToInt(id -> once.indexOf(id.toString())).max().orElseThrow();
        assertThat(lastWithdrawn)
                .as("all of them before most of what had waited longer")
                .isLessThan(withdrawn.size() * 4);
        written.forEach((caller, ids) ->
                assertThat(once.stream().filter(id -> ids.contains(UUID.fromString(id))))
                        .as(caller)
                        .containsExactlyElementsOf(ids.stream().map(UUID::toString).toList()));
        assertThat(confirmed).hasSizeGreaterThanOrEqualTo(withdrawn.size());
    }

    @Test
    void whoDiesBetweenCommitAndSendSendsAfterTheRestart() throws Exception {
        Node first = new Node("gw1", 100);
        NewEntry given = given("anna");
        first.write(given);
        boolean _ = first.sender.turn(); // claimed; the process dies before it is sent
        assertThat(first.attempts).hasSize(1);
        first.ledger.close();
        ledgers.clear();

        Node again = new Node("gw1", 100);
        turns(again, 2);

        assertThat(receiver.taken()).extracting(Got::id).containsExactly(given.id().toString());
    }

    @Test
    void whatADeadNodeHadInHandAnotherSendsWhenTheLeaseIsOver() throws Exception {
        Node dies = new Node("gw1", 100);
        NewEntry given = given("anna");
        dies.write(given);
        boolean _ = dies.sender.turn();
        Node lives = new Node("gw2", 100);
        turns(lives, 5);
        assertThat(receiver.came()).isEmpty();

        now = now.plus(WebhookSender.LEASE);
        turns(lives, 2);

        assertThat(receiver.taken()).extracting(Got::id).containsExactly(given.id().toString());
    }

    /** An attempt that goes on longer than it should is not joined by a second one. */
    @Test
    void whatANodeStillHasInHandItDoesNotSendBesideItself() throws Exception {
        Node node = new Node("gw1", 100);
        NewEntry given = given("anna");
        node.write(given);
        for (int i = 0; i < 3; i++) {
            boolean _ = node.sender.turn();
            now = now.plus(WebhookSender.LEASE).plusSeconds(1);
        }
        assertThat(node.attempts).hasSize(1);
        turns(node, 3);

        assertThat(receiver.taken()).extracting(Got::id).containsExactly(given.id().toString());
        assertThat(node.standing().waiting()).isZero();
    }

    @Test
    void twoNodesSendEachEventOnce() throws Exception {
        Node one = new Node("gw1", 1_000);
        Node other = new Node("gw2", 1_000);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            NewEntry entry = given("caller-" + i % 25);
            (i % 2 == 0 ? one : other).write(entry);
            all.add(entry.id().toString());
        }
        for (int i = 0; i < 30; i++) {
            turns(one, 1);
            turns(other, 1);
        }

        assertThat(receiver.taken()).extracting(Got::id).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void anAnswerThatIsLostMeansTheSameIdAgain() throws Exception {
        Node node = new Node("gw1", 100);
        NewEntry given = given("anna");
        node.write(given);
        receiver.answersNext(new Response.Failed("timeout"));
        turns(node, 2);
        assertThat(receiver.came()).hasSize(1);
        now = now.plusSeconds(10);
        turns(node, 2);

        assertThat(receiver.came())
                .extracting(Got::id)
                .containsExactly(given.id().toString(), given.id().toString());
        assertThat(node.standing().waiting()).isZero();
    }

    @Test
    void whoAsksForTimeGetsIt() throws Exception {
        Node node = new Node("gw1", 100);
        node.write(given("anna"));
        receiver.answersNext(new Response.HttpStatus(429, 900));
        turns(node, 2);
        for (int i = 0; i < 8; i++) {
            now = now.plusSeconds(100);
            node.turn();
        }
        assertThat(receiver.came()).hasSize(1);
        now = now.plusSeconds(101);
        turns(node, 2);

        assertThat(receiver.taken()).hasSize(1);
    }

    @Test
    void goneMeansNothingMoreIsSentUntilItIsEnabled() throws Exception {
        Node node = new Node("gw1", 100);
        node.write(given("anna"));
        node.write(given("bert"));
        receiver.answers(410);
        turns(node, 2);
        int came = receiver.came().size();
        now = now.plus(Duration.ofDays(1));
        node.sender.look();
        turns(node, 5);
        assertThat(receiver.came()).hasSize(came);
        assertThat(node.standing().disabled()).isEqualTo("410 Gone");
        assertThat(node.sender.totals().disabled("crm")).isTrue();

        receiver.answers(204);
        node.ledger.outbox().enable("crm");
        node.sender.look();
        turns(node, 3);

        assertThat(receiver.once()).hasSize(2);
    }

    @Test
    void whatTheReceiverNeverTakesHoldsUpNobodyElseAndIsShown() throws Exception {
        Node node = new Node("gw1", 100);
        NewEntry poison = given("anna");
        NewEntry behind = given("anna");
        node.write(poison);
        node.write(behind);
        receiver.answers(got ->
                new Response.HttpStatus(got.id().equals(poison.id().toString()) ? 422 : 204, 0));
        node.write(given("bert"));
        turns(node, 3);
        assertThat(receiver.taken()).as("Bert's").hasSize(1);
        minutes(node, 200);

        assertThat(receiver.taken()).as("and Anna's next").hasSize(2);
        assertThat(receiver.came()).hasSize(WebhookSender.MOST_REFUSALS + 2);
        assertThat(node.standing().givenUp()).isEqualTo(1);
        assertThat(node.ledger.outbox().givenUp("crm").getFirst().id()).isEqualTo(poison.id());
        receiver.answers(204);
        assertThat(node.ledger.outbox().replay("crm", START)).isEqualTo(3);
        turns(node, 3);
        assertThat(receiver.once()).hasSize(3);
    }

    /** Such as 404 for a person whom the receiver does not know, once and again. */
    @Test
    void whatFailsForTwoPersonsAloneHoldsBackNobodyElse() throws Exception {
        Node node = new Node("gw1", 100);
        NewEntry anna = entry(EntryType.WITHDRAWN, "anna", UUID.randomUUID());
        NewEntry bert = entry(EntryType.WITHDRAWN, "bert", UUID.randomUUID());
        Set<String> unknown = Set.of(anna.id().toString(), bert.id().toString());
        receiver.answers(got -> new Response.HttpStatus(unknown.contains(got.id()) ? 404 : 204, 0));
        node.write(anna);
        node.write(bert);
        turns(node, 2);
        NewEntry carl = entry(EntryType.WITHDRAWN, "carl", UUID.randomUUID());
        node.write(carl);
        minutes(node, 200);

        assertThat(receiver.taken()).extracting(Got::id).containsExactly(carl.id().toString());
        assertThat(confirmed).containsExactly(carl.id() + " 204");
        assertThat(node.standing().waiting()).isEqualTo(2);
    }

    /** Else the endpoint would be left alone behind each message that it takes. */
    @Test
    void whatFailsForOnePersonAloneIsTriedAsSeldomAsAnOutage() throws Exception {
        Node node = new Node("gw1", 1_000);
        NewEntry anna = entry(EntryType.WITHDRAWN, "anna", UUID.randomUUID());
        String unknown = anna.id().toString();
        receiver.answers(got -> new Response.HttpStatus(got.id().equals(unknown) ? 404 : 204, 0));
        node.write(anna);
        for (int i = 0; i < 120; i++) {
            node.write(entry(EntryType.WITHDRAWN, "caller-" + i, UUID.randomUUID()));
            minutes(node, 1);
        }

        assertThat(receiver.taken()).hasSizeGreaterThan(110);
        assertThat(receiver.came().stream().filter(got -> got.id().equals(unknown)))
                .as("in two hours: four times, then every ten minutes or less")
                .hasSizeBetween(10, 17);
    }

    @Test
    void aWithdrawalIsConfirmedInTheRecordWhenItIsTaken() throws Exception {
        Node node = new Node("gw1", 100);
        UUID consent = UUID.randomUUID();
        NewEntry withdrawn = entry(EntryType.WITHDRAWN, "anna", consent);
        node.write(withdrawn);
        receiver.answersNext(new Response.HttpStatus(500, 0));
        turns(node, 2);
        assertThat(confirmed).isEmpty();
        now = now.plusSeconds(10);
        turns(node, 2);

        assertThat(confirmed).containsExactly(withdrawn.id() + " 204");
        assertThat(receiver.taken().getFirst().data("consent_id")).isEqualTo(consent.toString());
    }

    @Test
    void whatIsRefusedForGoodIsSettledOnceThatIsRecorded() throws Exception {
        Node node = new Node("gw1", 100);
        NewEntry withdrawn = entry(EntryType.WITHDRAWN, "anna", UUID.randomUUID());
        node.write(withdrawn);
        receiver.answers(400);
        recording = false;
        minutes(node, 100);
        assertThat(refused).isEmpty();
        assertThat(node.standing().waiting()).isEqualTo(1);

        recording = true;
        turns(node, 2);
        turns(node, 2);
        assertThat(refused).containsExactly(withdrawn.id());
        assertThat(node.standing().givenUp()).isEqualTo(1);
    }

    /** Ten times in about an hour, also where its secret was not there yet behind an outage. */
    @Test
    void whoWasAwayMayRefuseAMessageAsOftenAsAnyOther() throws Exception {
        Node node = new Node("gw1", 100);
        node.write(entry(EntryType.WITHDRAWN, "anna", UUID.randomUUID()));
        receiver.answers(503);
        minutes(node, 120);
        receiver.answers(204);
        receiver.answersNext(new Response.HttpStatus(400, 0));
        minutes(node, 30);
        assertThat(refused).isEmpty();
        assertThat(confirmed).hasSize(1);

        NewEntry other = entry(EntryType.WITHDRAWN, "anna", UUID.randomUUID());
        node.write(other);
        receiver.answers(503);
        minutes(node, 120);
        receiver.answers(400);
        minutes(node, 40);
        assertThat(refused).isEmpty();
        minutes(node, 60);
        assertThat(refused).containsExactly(other.id());
    }

    @Test
    void beyondItsBudgetOnlyWhatIsUrgentIsKeptAndTheRestIsCounted() throws Exception {
        Node node = new Node("gw1", 5);
        receiver.answers(500);
        for (int i = 0; i < 6; i++) {
            node.write(given("caller-" + i));
        }
        node.sender.look();
        node.write(given("too-late"));
        node.write(entry(EntryType.WITHDRAWN, "caller-1", UUID.randomUUID()));
        node.sender.look();
        assertThat(node.standing().waiting()).isEqualTo(7);
        assertThat(node.sender.totals().dropped("crm")).isEqualTo(1);
        assertThat(node.sender.totals().waiting("crm")).isEqualTo(7);

        receiver.answers(204);
        now = now.plusSeconds(60);
        turns(node, 4);
        node.sender.look();
        node.write(given("in-time"));
        turns(node, 2);

        assertThat(receiver.once()).hasSize(8);
        assertThat(node.sender.totals().dropped("crm")).isEqualTo(1);
    }

    /** What it refuses for good is kept, too, until it is sent again. */
    @Test
    void whoRefusesEverythingNeverHasMoreKeptThanItsLimit() throws Exception {
        int most = 5;
        Node node = new Node("gw1", most);
        receiver.answers(422);
        for (int i = 0; i < 4 * most; i++) {
            node.sender.look();
            node.write(given("caller-" + i));
            minutes(node, 120);
            assertThat(node.standing().waiting() + node.standing().givenUp())
                    .isLessThanOrEqualTo(most);
        }
        assertThat(node.standing().givenUp()).isEqualTo(most);
        assertThat(node.sender.totals().dropped("crm")).isEqualTo(3 * most);
        node.write(entry(EntryType.WITHDRAWN, "caller-1", UUID.randomUUID()));
        assertThat(node.standing().waiting()).as("which has room in any case").isEqualTo(1);

        receiver.answers(204);
        assertThat(node.ledger.outbox().replay("crm", START)).isEqualTo(most);
        minutes(node, 20);
        node.sender.look();
        node.write(given("in-time"));
        minutes(node, 2);
        assertThat(receiver.once()).hasSize(most + 2);
    }

    /** Dropped, it would stay in force over there for good. */
    @Test
    void whatEndsAConsentOrReplacesItHasRoomInAnyCase() {
        var announcements = new Announcements(List.of(endpoint(1)));
        announcements.full(Set.of("crm"));
        UUID consent = UUID.randomUUID();

        for (EntryType type :
                List.of(
                        EntryType.WITHDRAWN,
                        EntryType.EXPIRED,
                        EntryType.GIVEN,
                        EntryType.RENEWED)) {
            assertThat(announcements.of(entry(type, "anna", consent))).as(type.text()).hasSize(1);
        }
        assertThat(announcements.dropped("crm")).isZero();
        assertThat(announcements.of(given("anna"))).as("ends nothing").isEmpty();
        assertThat(announcements.of(entry(EntryType.REAFFIRMED, "anna", consent))).isEmpty();
        assertThat(announcements.dropped("crm")).isEqualTo(2);
    }

    @Test
    void theAgeOfWhatWaitsIsSeen() throws Exception {
        Node node = new Node("gw1", 100);
        receiver.answers(500);
        node.write(given("anna"));
        now = now.plusSeconds(90);
        node.turn();
        node.sender.look();

        assertThat(node.sender.totals().age("crm", now)).isEqualTo(90);
        assertThat(node.sender.totals().attempts("crm", "failed")).isZero();
        node.turn();
        assertThat(node.sender.totals().attempts("crm", "failed")).isEqualTo(1);
    }
}
