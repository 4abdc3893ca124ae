package org.consentgateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
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
    @TempDir private Path directory;

    private Customers customers;

    @BeforeEach
    void start() throws Exception {
        customers = new Customers(directory, Customers.announcing(directory));
        customers.tie("crm-1", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
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
}
