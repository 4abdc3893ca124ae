package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.webhook.Announcements;
import org.consentgateway.webhook.Delivery;
import org.consentgateway.webhook.Endpoint;
import org.consentgateway.webhook.EventType;
import org.consentgateway.webhook.HttpPoster;
import org.consentgateway.webhook.LedgerContext;
import org.consentgateway.webhook.Mapping;
import org.consentgateway.webhook.WebhookSender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has called each week for three years is erased, and a platform is told by a mapping. */
@Timeout(60)
class ErasureOfManyConsentsTest {
    private static final Path SALESFORCE =
            Path.of(
                    System.getProperty("project.root", "../.."),
                    "config/webhooks/mappings/salesforce.jsonata");

    private static final int CONSENTS = 156;

    /** As many as the shipped mapping has. */
    private static final int PURPOSES = 4;

    /** Of one request, with its connection. */
    private static final Duration TAKES = Duration.ofMillis(500);

    @TempDir private Path directory;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-27T09:00:00Z"));
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();
    private final List<UUID> confirmed = new ArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    private URI platform() throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        opened.add(() -> server.stop(0));
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        var _ = now.updateAndGet(time -> time.plus(TAKES));
        deleted.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private List<NewEntry> tasks() {
        var entries = new ArrayList<SeenEntry>();
        for (int i = 0; i < CONSENTS; i++) {
            UUID id = EntryIds.next(now.get());
            entries.add(
                    new SeenEntry(
                            id, EntryType.GIVEN, now.get(), null, "", null, false, "", List.of()));
        }
        UUID approval = EntryIds.next(now.get());
        return HolderTasks.of(entries, Set.of(), approval, now.get(), List.of("CRM"));
    }

    /** None of its messages asks for more requests than may be made, or than there is time for. */
    @Test
    void reachesAPlatformThatKeepsAnObjectPerConsentAndPurpose() throws Exception {
        var endpoint =
                new Endpoint(
                        "crm",
                        platform(),
                        EnumSet.allOf(EventType.class),
                        new Endpoint.Format(
                                List::of,
                                () -> Optional.of("token"),
                                Optional.of(Mapping.of(SALESFORCE))),
                        "CRM",
                        new Endpoint.Reach(true, List.of(), Duration.ofSeconds(30), 1000));
        var announcements = new Announcements(List.of(endpoint));
        Ledger ledger =
                Ledger.open(TestLedger.in(directory).withAnnouncing(announcements), now::get);
        opened.add(ledger);
        var poster = new HttpPoster(List.of(endpoint), InstantSource.system(), System::nanoTime);
        opened.add(poster);
        var sender =
                new WebhookSender(
                        ledger.outbox(),
                        announcements,
                        new Delivery(
                                "https://gw.example",
                                new byte[32],
                                poster,
                                new LedgerContext(ledger.reader()),
                                now::get),
                        (_, message, _) -> confirmed.add(message.id()),
                        "node-1",
                        new WebhookSender.Work(
                                Runnable::run, now::get, () -> false, new Random(1)));
        List<NewEntry> tasks = tasks();
        for (NewEntry task : tasks) {
            var _ = ledger.append(task).toCompletableFuture().join();
        }
        for (int turn = 0; turn < 5; turn++) {
            boolean _ = sender.turn();
        }

        assertThat(deleted)
                .hasSize(CONSENTS * PURPOSES)
                .allMatch(request -> request.startsWith("DELETE /services/data/"));
        assertThat(confirmed)
                .containsExactlyInAnyOrderElementsOf(tasks.stream().map(NewEntry::id).toList());
        assertThat(ledger.outbox().standings(List.of("crm"), now.get()))
                .singleElement()
                .satisfies(crm -> {
                    assertThat(crm.waiting()).isZero();
                    assertThat(crm.givenUp()).isZero();
                });
    }
}
