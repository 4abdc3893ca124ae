package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.number.NamedCalls;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When names that are written beside the log are compared with it. */
class NamesBesideLogTest {
    private static final String NUMBER = "+4930123456";

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-24T09:00:00Z");
    private LedgerSettings settings;
    private Ledger ledger;
    private NamesBesideLog names;
    private boolean fails;
    private int compared;

    @BeforeEach
    void aGatewayRuns() throws Exception {
        settings = TestLedger.in(directory.resolve("data"));
        ledger = Ledger.open(settings, () -> now);
        names =
                new NamesBesideLog(
                        ledger.reader(),
                        () -> now,
                        () -> {
                            if (fails) {
                                throw new IOException("the disk is full");
                            }
                            return ++compared;
                        });
    }

    @AfterEach
    void itStops() {
        ledger.close();
    }

    private void consents(String call, String deleteAt) {
        var payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("call").put("gateway_call_id", call);
        payload.putObject("retention").put("delete_at", deleteAt);
        String pseudonym = ledger.pseudonyms().subject(NUMBER).current();
        payload.putObject("subject").put("pseudonym", pseudonym);
        ledger.append(NewEntry.of(EntryType.GIVEN, call, pseudonym, payload, now))
                .toCompletableFuture()
                .join();
    }

    private void erases() throws IOException {
        TestLedger.requests(settings, InstantSource.fixed(now)).erase(NUMBER, "Ada Meier", "asked");
    }

    @Test
    void atTheStartEachDayAndAsSoonAsAPersonHadSomebodyErased() throws Exception {
        names.look();
        assertThat(compared).as("at the start").isOne();
        consents("call-1", "2029-11-24T09:00:00Z");
        names.look();
        assertThat(compared).as("nobody was erased").isOne();

        erases();
        names.look();
        names.look();
        assertThat(compared).as("once behind an erasure beside").isEqualTo(2);

        consents("call-2", "2026-11-24T10:00:00Z");
        now = now.plus(Duration.ofHours(2));
        assertThat(ledger.eraseOutdated()).isPresent();
        names.look();
        assertThat(compared).as("what is over goes with its day").isEqualTo(2);
        now = now.plus(Duration.ofDays(1));
        names.look();
        assertThat(compared).isEqualTo(3);
    }

    @Test
    void whatFailedIsDoneAgain() throws Exception {
        names.look();
        consents("call-1", "2029-11-24T09:00:00Z");
        erases();
        fails = true;
        for (int tries = 0; tries < 2; tries++) {
            assertThatThrownBy(names::look).hasMessage("the disk is full");
        }
        fails = false;
        names.look();
        assertThat(compared).isEqualTo(2);
    }

    @Test
    void aCallNamesWhomItsEntriesNameUntilTheyAreErased() throws Exception {
        consents("call-1", "2029-11-24T09:00:00Z");
        String pseudonym = ledger.pseudonyms().subject(NUMBER).current();
        assertThat(NamedCalls.of(ledger.reader(), Set.of("call-1", "call-2")))
                .isEqualTo(Map.of("call-1", Set.of(pseudonym)));
        erases();
        consents("call-2", "2029-11-24T09:00:00Z");
        assertThat(NamedCalls.of(ledger.reader(), Set.of("call-1", "call-2")))
                .isEqualTo(Map.of("call-2", Set.of(pseudonym)));
    }
}
