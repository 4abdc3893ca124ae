package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.HolderReceipts;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.webhook.Announcements;
import org.consentgateway.webhook.Delivery;
import org.consentgateway.webhook.Endpoint;
import org.consentgateway.webhook.EventContext;
import org.consentgateway.webhook.EventType;
import org.consentgateway.webhook.HttpPoster;
import org.consentgateway.webhook.WebhookSender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A withdrawal that another system refuses for good: a person has to tell it (Art. 19 DSGVO). */
@Timeout(60)
class RefusedWithdrawalTest {
    private static final byte[] KEY = new byte[32];

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-27T09:00:00Z");
    private final AtomicInteger answer = new AtomicInteger(400);
    private HttpServer receiver;
    private LedgerSettings settings;
    private Ledger ledger;
    private HttpPoster poster;
    private WebhookSender sender;

    @BeforeEach
    void open() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(answer.get(), -1);
                    exchange.close();
                });
        receiver.start();
        var endpoint =
                new Endpoint(
                        "crm",
                        URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/"),
                        EnumSet.allOf(EventType.class),
                        new Endpoint.Format(() -> List.of(KEY), Optional::empty, Optional.empty()),
                        "CRM",
                        new Endpoint.Reach(true, List.of(), Duration.ofSeconds(15), 100));
        var announcements = new Announcements(List.of(endpoint));
        settings = TestLedger.in(directory);
        ledger = Ledger.open(settings.withAnnouncing(announcements), () -> now);
        poster = new HttpPoster(List.of(endpoint), InstantSource.system(), System::nanoTime);
        sender =
                new WebhookSender(
                        ledger.outbox(),
                        announcements,
                        new Delivery(
                                "https://gw.example", KEY, poster, EventContext.NONE, () -> now),
                        new Webhooks.Receipts(new HolderReceipts(ledger, () -> now)),
                        "node-1",
                        new WebhookSender.Work(
                                Runnable::run, () -> now, () -> false, new Random(1)));
    }

    @AfterEach
    void close() throws Exception {
        poster.close();
        ledger.close();
        receiver.stop(0);
    }

    private UUID withdraws() {
        UUID consent = EntryIds.next(now);
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("refers_to", consent.toString());
        var entry =
                new NewEntry(
                        EntryIds.next(now),
                        EntryType.WITHDRAWN,
                        UUID.randomUUID().toString(),
                        "anna",
                        payload);
        var _ = ledger.append(entry).toCompletableFuture().join();
        return consent;
    }

    private void hoursPass() throws Exception {
        for (int turn = 0; turn < 30; turn++) {
            boolean _ = sender.turn();
            now = now.plus(Duration.ofMinutes(15));
        }
    }

    private List<StoredRequests.ToTell> toTell() throws Exception {
        return TestLedger.requests(settings, () -> now).toTell();
    }

    private List<Message> refused() throws Exception {
        return ledger.outbox().givenUp("crm");
    }

    private void erases() throws Exception {
        var _ =
                ledger.erase(
                        NewEntry.of(
                                EntryType.ERASED,
                                null,
                                null,
                                JsonNodeFactory.instance.objectNode(),
                                now),
                        new PseudonymousSubject(List.of("anna")),
                        Set.of());
    }

    @Test
    void isATaskForAPersonAlsoBehindAnErasureUntilTheHolderTakesIt() throws Exception {
        Instant ended = now;
        UUID consent = withdraws();
        hoursPass();

        assertThat(toTell())
                .singleElement()
                .satisfies(task -> {
                    assertThat(task.holder()).isEqualTo("CRM");
                    assertThat(task.event()).isEqualTo("withdrawn");
                    assertThat(task.since()).isEqualTo(ended);
                    assertThat(task.consents()).containsExactly(consent);
                });
        sender.look();
        assertThat(sender.totals().givenUp("crm")).isEqualTo(1);
        erases();
        sender.purge(Duration.ZERO);
        assertThat(refused()).as("it was never told").hasSize(1);
        assertThat(toTell()).hasSize(1);

        answer.set(204);
        assertThat(ledger.outbox().replay("crm", Instant.EPOCH)).isEqualTo(1);
        hoursPass();
        assertThat(toTell()).as("it knows now").isEmpty();
        sender.look();
        assertThat(sender.totals().givenUp("crm")).isZero();
    }

    @Test
    void isOneTaskHoweverOftenItIsSentAgainAndRefused() throws Exception {
        UUID _ = withdraws();
        hoursPass();
        assertThat(ledger.outbox().replay("crm", Instant.EPOCH)).isEqualTo(1);
        hoursPass();

        assertThat(refused()).hasSize(1);
        assertThat(toTell()).hasSize(1);
        assertThat(ledger.reader().ofType(EntryType.HOLDER_NOTIFIED, 10)).hasSize(1);
    }
}
