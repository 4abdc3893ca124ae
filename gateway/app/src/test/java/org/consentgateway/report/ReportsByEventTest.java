package org.consentgateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.report.ReportRun.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reports that the company's own system fetches and sends. */
@Timeout(120)
class ReportsByEventTest {
    private static final String OTHER = "+4940654321";

    @TempDir private Path directory;

    private Customers customers;
    private UUID consent = new UUID(0, 0);

    @BeforeEach
    void start() throws Exception {
        customers = new Customers(directory, Customers.announcing(directory));
        customers.tie("crm-1", Customers.NUMBER);
        consent = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
    }

    @AfterEach
    void stop() {
        customers.close();
    }

    private String state() throws Exception {
        List<Row> rows =
                customers.rows(
                        ReportRun.byEvent(
                                customers.reports(),
                                customers.ledger,
                                () -> customers.now,
                                () -> {}));
        assertThat(rows).hasSize(1);
        return rows.getFirst().state();
    }

    @Test
    void theEventStandsInTheOutboxOnceAndNamesNobody() throws Exception {
        assertThat(state()).isEqualTo("told to the company's system");
        assertThat(state()).isEqualTo("told before");

        Entry due = customers.entries(EntryType.REPORT_DUE).getFirst();
        List<Message> waiting =
                customers
                        .ledger
                        .outbox()
                        .claim(
                                List.of(new EventOutbox.Wanted("crm", false, 10)),
                                "test",
                                customers.now.plusSeconds(1),
                                Duration.ofMinutes(1));
        assertThat(waiting).extracting(Message::type).containsExactly("report.due");
        assertThat(waiting.getFirst().body())
                .isEqualTo(
                        "{\"record_id\":\"%s\",\"report_id\":\"%s\",\"month\":\"2026-10\"}"
                                .formatted(due.id(), due.id()));
    }

    private List<UUID> behindTheReport() throws Exception {
        UUID report = customers.entries(EntryType.REPORT_DUE).getFirst().id();
        return customers.reports().agreedBehind(report, customers.now).orElseThrow();
    }

    /** Behind the link in last month's letter stands the same person. */
    @Test
    void whoGotAReportEndsItAlsoWhereTheCustomerIsTiedToAnotherNumberByThen() throws Exception {
        assertThat(state()).isEqualTo("told to the company's system");
        customers.tie("crm-1", OTHER);
        UUID _ = customers.agrees(OTHER, "de", "assistant", "report");

        assertThat(behindTheReport()).containsExactly(consent);
    }

    @Test
    void whatWasAgreedToUnderAnEarlierKeyEndsWithThemToo() throws Exception {
        String _ = Ledger.rotateKeys(customers.settings, customers.now);
        customers.close();
        customers = new Customers(directory, Customers.announcing(directory));
        customers.tie("crm-1", Customers.NUMBER);
        assertThat(state()).isEqualTo("told to the company's system");
        customers.tie("crm-1", OTHER);

        assertThat(behindTheReport()).containsExactly(consent);
    }
}
