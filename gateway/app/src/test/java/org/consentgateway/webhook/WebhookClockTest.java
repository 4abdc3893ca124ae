package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.reporting.SteadyClock;
import org.consentgateway.webhook.Poster.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A withdrawal reaches other systems though the machine's clock was set while it was tried. */
class WebhookClockTest {
    private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    private static final byte[] SECRET = new byte[32];

    /** As receivers of Standard Webhooks have it. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    @TempDir private Path directory;

    /**
     * By a message's id it is signed by the one clock first or by the other: the same each time.
     */
    private final Random ids = new Random(1);

    private Duration gone = Duration.ZERO;
    private Duration set = Duration.ZERO;
    private final SteadyClock clock =
            new SteadyClock(() -> START.plus(gone).plus(set), () -> gone.toNanos());
    private final Receiver receiver = new Receiver();
    private Ledger ledger;
    private WebhookSender sender;

    @BeforeEach
    void open() throws Exception {
        var endpoint =
                new Endpoint(
                        "crm",
                        URI.create("https://crm.example/hooks"),
                        EnumSet.allOf(EventType.class),
                        Receiver.signed(() -> List.of(SECRET)),
                        "CRM",
                        new Endpoint.Reach(false, List.of(), Duration.ofSeconds(15), 100));
        var announcements = new Announcements(List.of(endpoint));
        ledger =
                Ledger.open(
                        TestLedger.in(directory).withAnnouncing(announcements), clock.expected());
        var delivery =
                new Delivery("https://gw.example", SECRET, receiver, EventContext.NONE, clock);
        sender =
                new WebhookSender(
                        ledger.outbox(),
                        announcements,
                        delivery.orBy(clock.expected()),
                        (_, _, _) -> {},
                        "node-1",
                        new WebhookSender.Work(
                                Runnable::run, clock.expected(), clock::isDoubtful, new Random(1)));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void isWithdrawn(String caller) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("call").put("line", "hotline");
        payload.put("refers_to", UUID.randomUUID().toString());
        var entry =
                new NewEntry(
                        new UUID(ids.nextLong(), ids.nextLong()),
                        EntryType.WITHDRAWN,
                        UUID.randomUUID().toString(),
                        caller,
                        payload);
        var _ = ledger.append(entry).toCompletableFuture().join();
    }

    /** A turn every ten seconds. */
    private void passes(Duration time) throws Exception {
        for (Duration end = gone.plus(time); gone.compareTo(end) < 0; ) {
            gone = gone.plusSeconds(10);
            boolean _ = sender.turn();
        }
    }

    private long waiting() throws Exception {
        return ledger.outbox().standings(List.of("crm"), START).getFirst().waiting();
    }

    /** A year ahead, the receiver's certificate has ended. */
    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "P366D", "PT-1H", "P-366D"})
    void whatFailedMeanwhileIsSentAsSoonAsItIsRight(String jump) throws Exception {
        isWithdrawn("anna");
        set = Duration.parse(jump);
        receiver.answers(_ -> new Response.Failed("certificate"));
        passes(Duration.ofMinutes(10));
        isWithdrawn("bert");
        passes(Duration.ofMinutes(20));
        assertThat(receiver.came()).as("tried all the time").hasSizeGreaterThan(4);

        set = Duration.ZERO;
        receiver.answers(204);
        passes(Duration.ofMinutes(13));

        assertThat(receiver.once()).as("within the usual pause").hasSize(2);
        assertThat(waiting()).isZero();
    }

    private boolean isInTime(Receiver.Got got, boolean ahead) {
        long signed = Long.parseLong(got.headers().get("webhook-timestamp"));
        Instant right = START.plus(gone).plus(ahead ? set : Duration.ZERO);
        Duration off = Duration.between(Instant.ofEpochSecond(signed), right).abs();
        return off.compareTo(TOLERANCE) <= 0;
    }

    /** Nobody here knows whether the machine was asleep or somebody mistook the year. */
    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void aReceiverThatLooksAtTheTimeTakesItWhicheverClockIsRight(boolean ahead) throws Exception {
        set = Duration.ofHours(8);
        receiver.answers(got -> new Response.HttpStatus(isInTime(got, ahead) ? 204 : 400, 0));
        isWithdrawn("anna");
        passes(Duration.ofMinutes(1));

        assertThat(receiver.once()).hasSize(1);
        assertThat(waiting()).isZero();
    }

    /** 401 is taken for the endpoint's fault: it is asked with another message each time. */
    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void soDoesOneThatThenTakesNothingOfAnybody(boolean ahead) throws Exception {
        set = Duration.ofHours(8);
        receiver.answers(got -> new Response.HttpStatus(isInTime(got, ahead) ? 204 : 401, 0));
        for (int i = 0; i < 30; i++) {
            isWithdrawn("caller-" + i);
        }
        passes(Duration.ofMinutes(10));

        assertThat(receiver.once()).hasSize(30);
        assertThat(waiting()).isZero();
    }

    @Test
    void whatIsRefusedWhileTheClockIsInDoubtIsNotGivenUp() throws Exception {
        set = Duration.ofMinutes(6);
        boolean _ = clock.isDoubtful();
        gone = gone.plusSeconds(1);
        receiver.answers(400);
        isWithdrawn("anna");
        for (int i = 0;
                i < 3 * WebhookSender.MOST_REFUSALS;
                i++) { // a turn sends, the next settles
            ledger.outbox().enable("crm"); // at once again
            passes(Duration.ofSeconds(10));
        }
        assertThat(receiver.came()).hasSizeGreaterThan(WebhookSender.MOST_REFUSALS);
        assertThat(waiting()).isEqualTo(1);

        set = Duration.ZERO;
        receiver.answers(204);
        passes(Duration.ofMinutes(13));
        assertThat(receiver.once()).hasSize(1);
    }
}
