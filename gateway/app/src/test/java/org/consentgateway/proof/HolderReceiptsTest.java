package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Subject;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.EntryIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a webhook has brought of it, beside the assistants of the same consent. */
class HolderReceiptsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final Subject CALLER = new Subject("5u8j3c7");
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");

    @TempDir private Path directory;

    private static UUID id() {
        return EntryIds.next(NOW);
    }

    /** Such as on the privacy line, when no call with the assistant was under way. */
    private static ConsentRecord.Withdrawn withdrawn(UUID consent) {
        return new ConsentRecord.Withdrawn(
                id(),
                NOW,
                null,
                CALLER,
                "demo",
                consent,
                ConsentRecord.Withdrawn.Reason.OPERATOR,
                Method.NONE,
                NOW,
                null);
    }

    @Test
    void whatAWebhookRefusedLeavesTheAssistantsToBeToldAllTheSame() throws Exception {
        try (Ledger ledger = Ledger.open(TestLedger.in(directory), () -> NOW)) {
            var store =
                    new LedgerStore(
                            ledger,
                            new NoticeArchiving(ledger, () -> NOW, _ -> Optional.of(SPOKEN)),
                            Retention.USUAL,
                            Processing.ofStore("DE"));
            var call = new CallFacts(id(), "h", "local", "demo", NOW, CALLER, true, false, true);
            var given =
                    new ConsentRecord.Given(
                            id(),
                            NOW,
                            call,
                            TestLedger.heard(SPOKEN),
                            TestLedger.grantedForAYear(NOW),
                            null);
            ConsentRecord.Withdrawn withdrawn = withdrawn(given.id());
            store.append(
                    List.of(
                            given,
                            new ConsentRecord.AssistantOpened(
                                    id(), NOW, call, given.id(), "assistant"),
                            withdrawn),
                    PATIENCE);

            new HolderReceipts(ledger, () -> NOW).refused(withdrawn.id(), "CRM", given.id(), NOW);

            assertThat(HolderTasks.open(ledger.reader()))
                    .extracting(HolderTasks.HolderTask::holder)
                    .containsExactly("CRM");
            assertThat(
                            store.untold(NOW.minusSeconds(60), NOW.plusSeconds(60), null, 10)
                                    .withdrawals())
                    .extracting(ConsentRecord.Withdrawn::grant)
                    .containsExactly(given.id());
            assertThat(store.untoldUnder(given.id()))
                    .extracting(ConsentRecord.AssistantOpened::assistant)
                    .containsExactly("assistant");
        }
    }
}
