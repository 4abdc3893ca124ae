package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.TrustPolicy;

/**
 * A process of its own that records and tells, until it is killed: {@code DIRECTORY URL RECEIVER
 * MODE}. Prints {@code committed ID PERSON} for each record that is durable.
 */
final class WebhookNode {
    static final byte[] SECRET = new byte[32];

    /** How far it gets. */
    enum Mode {
        /** Records, and never looks into the outbox. */
        COMMITS,
        /** Records and claims; what it has claimed is never sent. Prints {@code claimed}. */
        CLAIMS,
        /** Records and sends all the time. */
        SENDS,
        /** Records nothing more; prints {@code empty} when nothing waits. */
        CATCHES_UP
    }

    private WebhookNode() {}

    static LedgerSettings settings(Path directory, String url) {
        return new LedgerSettings(
                url,
                directory.resolve("keys"),
                "gw1",
                "consent-gateway/log",
                new LedgerSettings.Checkpoints(
                        1000,
                        Duration.ofDays(1),
                        directory.resolve("checkpoints"),
                        TrustPolicy.NONE),
                new LedgerSettings.Limits(256, 4096, Duration.ofSeconds(30)));
    }

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.valueOf(arguments[3]);
        Endpoint endpoint =
                new Endpoint(
                        "crm",
                        URI.create(arguments[2]),
                        EnumSet.allOf(EventType.class),
                        Receiver.signed(() -> List.of(SECRET)),
                        "CRM",
                        new Endpoint.Reach(true, List.of(), Duration.ofSeconds(15), 1_000_000));
        var announcements = new Announcements(List.of(endpoint));
        InstantSource clock = InstantSource.system();
        Ledger ledger =
                Ledger.open(
                        settings(Path.of(arguments[0]), arguments[1]).withAnnouncing(announcements),
                        clock);
        Executor sending =
                mode == Mode.CLAIMS
                        ? _ -> say("claimed")
                        : Executors.newVirtualThreadPerTaskExecutor();
        var sender =
                new WebhookSender(
                        ledger.outbox(),
                        announcements,
                        new Delivery(
                                "https://gw.example",
                                SECRET,
                                new HttpPoster(
                                        List.of(endpoint),
                                        InstantSource.system(),
                                        System::nanoTime),
                                EventContext.NONE,
                                clock),
                        (_, _, _) -> {},
                        "gw1",
                        new WebhookSender.Work(sending, clock, () -> false, new Random(1)));
        for (int i = 0; ; i++) {
            if (mode != Mode.CATCHES_UP && i < 100_000) {
                write(ledger, i);
            }
            if (mode != Mode.COMMITS) {
                boolean _ = sender.turn();
            }
            if (mode == Mode.CATCHES_UP
                    && ledger.outbox()
                                    .standings(List.of("crm"), clock.instant())
                                    .getFirst()
                                    .waiting()
                            == 0) {
                say("empty");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static void write(Ledger ledger, int number) {
        String person = "person-" + number % 7;
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("call").put("line", "hotline");
        payload.put("refers_to", new UUID(0, number).toString());
        payload.putObject("test").put("person", person);
        NewEntry entry =
                new NewEntry(
                        EntryIds.next(InstantSource.system().instant()),
                        number % 10 == 9 ? EntryType.WITHDRAWN : EntryType.GIVEN,
                        UUID.randomUUID().toString(),
                        person,
                        payload);
        var _ = ledger.append(entry).toCompletableFuture().join();
        say("committed " + entry.id() + " " + person + " " + entry.type().text());
    }

    private static synchronized void say(String line) {
        byte[] octets = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        System.out.write(octets, 0, octets.length);
        System.out.flush();
    }
}
