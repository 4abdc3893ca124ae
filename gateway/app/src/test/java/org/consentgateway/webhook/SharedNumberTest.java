package org.consentgateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.proof.TestLedger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A number that very many customers share, and a platform that keeps an object for each. */
@Timeout(60)
class SharedNumberTest {
    private static final Path DYNAMICS =
            Path.of(
                    System.getProperty("project.root", "../.."),
                    "config/webhooks/mappings/dynamics.jsonata");

    /** More than are told. */
    private static final int CUSTOMERS = 60;

    /** As many as the shipped mapping has. */
    private static final String[] PURPOSES = {"assistant", "transcript", "recording", "marketing"};

    /** Of one request, with its connection. */
    private static final Duration TAKES = Duration.ofMillis(500);

    private static final Poster.Response TAKEN = new Poster.Response.HttpStatus(204, 0);

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-12-01T09:00:00Z");
    private final List<WebRequest> sent = new ArrayList<>();
    private Ledger ledger;
    private UUID consent;

    @BeforeEach
    void tieAllOfThemSinceTheConsent() throws Exception {
        ledger = Ledger.open(TestLedger.in(directory), () -> now);
        consent = given();
        for (int customer = 1; customer <= CUSTOMERS; customer++) {
            ObjectNode tie = JsonNodeFactory.instance.objectNode();
            tie.putObject("reference").put("text", "K-" + customer);
            UUID _ = write(EntryType.SUBJECT_REFERENCED, tie);
        }
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private UUID given() {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        var purposes = payload.putObject("decision").put("level", "basis").putArray("purposes");
        List.of(PURPOSES).forEach(purposes::add);
        payload.putObject("validity")
                .put("from", now.toString())
                .put("until", now.plus(Duration.ofDays(365)).toString());
        return write(EntryType.GIVEN, payload);
    }

    private UUID write(EntryType type, ObjectNode payload) {
        now = now.plusMillis(1);
        payload.put("event_time", now.toString());
        var entry =
                new NewEntry(
                        EntryIds.next(now), type, UUID.randomUUID().toString(), "anna", payload);
        var _ = ledger.append(entry).toCompletableFuture().join();
        return entry.id();
    }

    /** By one attempt. */
    private Poster.Response told(EventType type, UUID of, @Nullable UUID supersedes)
            throws Exception {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("record_id", of.toString()).put("consent_id", of.toString());
        if (supersedes != null) {
            body.put("supersedes", supersedes.toString());
        }
        Message message =
                new Message(
                        1,
                        EntryIds.next(now),
                        "crm",
                        type.text(),
                        Message.Place.NONE,
                        now,
                        type.urgent(),
                        body.toString(),
                        0,
                        0);
        return new Delivery(
                        "https://gw.example",
                        new byte[32],
                        (_, request) -> {
                            sent.add(request);
                            now = now.plus(TAKES);
                            return TAKEN;
                        },
                        new LedgerContext(ledger.reader()),
                        () -> now)
                .of(message, endpoint());
    }

    private static Endpoint endpoint() throws Exception {
        return new Endpoint(
                "crm",
                URI.create("https://platform.example"),
                EnumSet.allOf(EventType.class),
                new Endpoint.Format(
                        List::of, () -> Optional.of("token"), Optional.of(Mapping.of(DYNAMICS))),
                "CRM",
                new Endpoint.Reach(true, List.of(), Duration.ofSeconds(30), 1000));
    }

    /** To whom, and what. */
    private List<String> said() {
        return sent.stream()
                .map(request -> {
                    var body = new String(request.body(), UTF_8);
                    return request.target().replaceAll(".*value='([^']*)'.*", "$1")
                            + (body.contains("534120001") ? " in" : " out");
                })
                .toList();
    }

    @Test
    void aWithdrawalIsToldOfAsManyAsThereIsTimeFor() throws Exception {
        assertThat(told(EventType.CONSENT_WITHDRAWN, consent, null)).isEqualTo(TAKEN);
        assertThat(said())
                .hasSize(LedgerContext.MOST_TIES * PURPOSES.length)
                .allMatch(each -> each.endsWith(" out"))
                .as("the newest first")
                .startsWith("K-" + CUSTOMERS + " out");
    }

    /** What was replaced ends before the consent is given, for each of them. */
    @Test
    void aConsentThatReplacesAnotherIsGivenWithinTheTimeThereIs() throws Exception {
        UUID next = given();
        assertThat(told(EventType.CONSENT_GIVEN, next, consent)).isEqualTo(TAKEN);
        assertThat(said().stream().filter(each -> each.endsWith(" in")))
                .as("to whoever the caller is today")
                .hasSize(PURPOSES.length)
                .containsOnly("K-" + CUSTOMERS + " in");
    }
}
