package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which customer other systems are told of with a consent. */
@Timeout(60)
class LedgerContextTest {
    private static final Instant NOW = Instant.parse("2026-12-01T09:00:00Z");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @TempDir private Path directory;

    private Ledger ledger;

    @BeforeEach
    void tieACustomer() throws Exception {
        ledger = Ledger.open(TestLedger.in(directory), () -> NOW);
        ObjectNode tie = JSON.objectNode();
        tie.putObject("reference").put("text", "K-4711");
        UUID _ = write(EntryType.SUBJECT_REFERENCED, tie);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private UUID write(EntryType type, ObjectNode payload) {
        payload.put("event_time", NOW.toString());
        var entry =
                new NewEntry(
                        EntryIds.next(NOW), type, UUID.randomUUID().toString(), "anna", payload);
        var _ = ledger.append(entry).toCompletableFuture().join();
        return entry.id();
    }

    private String customerOf(EventType type, String field, UUID entry) throws Exception {
        var message =
                new Message(
                        1,
                        EntryIds.next(NOW),
                        "crm",
                        type.text(),
                        Message.Place.NONE,
                        NOW,
                        false,
                        "{}",
                        0,
                        0);
        return new LedgerContext(ledger.reader())
                .of(message, JSON.objectNode().put(field, entry.toString()))
                .path("customer")
                .asText();
    }

    private String customerOf(UUID consent) throws Exception {
        return customerOf(EventType.CONSENT_GIVEN, "consent_id", consent);
    }

    private static ObjectNode called(boolean asserted) {
        ObjectNode payload = JSON.objectNode();
        payload.putObject("subject").put("clir", false).put("asserted", asserted);
        return payload;
    }

    private UUID given(boolean asserted) {
        return write(EntryType.GIVEN, called(asserted));
    }

    @Test
    void aConsentOfWhoOnlyClaimsANumberNamesNoCustomer() throws Exception {
        assertThat(customerOf(given(true))).isEqualTo("K-4711");
        assertThat(customerOf(given(false))).isEmpty();
    }

    @Test
    void norDoesWhatElseWasSaidInSuchACall() throws Exception {
        for (EntryType type : List.of(EntryType.REFUSED, EntryType.TASK_OPENED)) {
            EventType told =
                    type == EntryType.REFUSED
                            ? EventType.CONSENT_REFUSED
                            : EventType.CALLBACK_REQUESTED;
            assertThat(customerOf(told, "record_id", write(type, called(true))))
                    .isEqualTo("K-4711");
            assertThat(customerOf(told, "record_id", write(type, called(false)))).isEmpty();
        }
    }

    /** Of one from elsewhere no trunk says anything, and the company knows who is on the form. */
    @Test
    void aConsentFromElsewhereNamesTheCustomer() throws Exception {
        assertThat(customerOf(write(EntryType.IMPORTED, JSON.objectNode()))).isEqualTo("K-4711");
    }
}
