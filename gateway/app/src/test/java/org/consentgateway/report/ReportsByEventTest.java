package org.consentgateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.rotation.KeyRotation;
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
        List<Row> rows = rows(() -> {});
        assertThat(rows).hasSize(1);
        return rows.getFirst().state();
    }

    private List<Row> rows(Runnable pace) throws Exception {
        return customers.rows(
                ReportRun.byEvent(
                        customers.reports(), customers.settings, () -> customers.now, pace));
    }

    /** A run takes hours, and a key that has leaked is revoked by a command. */
    @Test
    void whileItWaitsForTheNextOneOtherCommandsWrite() throws Exception {
        customers.tie("crm-2", OTHER);
        UUID _ = customers.agrees(OTHER, "de", "assistant", "report");
        var turns = new AtomicInteger();
        assertThat(
                        rows(() -> {
                            customers.anotherCommandWrites();
                            int _ = turns.incrementAndGet();
                        }))
                .hasSize(2);
        assertThat(turns).hasValue(2);
    }

    /** What is done in the pause before the first, whose turn it is. */
    private List<Row> rowsWith(Meanwhile meanwhile) throws Exception {
        return rows(() -> {
            try {
                meanwhile.happens();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private interface Meanwhile {
        void happens() throws Exception;
    }

    @Test
    void whoseConsentEndsWhileItWaitsIsNotTold() throws Exception {
        customers.tie("crm-2", OTHER);
        UUID _ = customers.agreesUntil("2026-11-01T08:30:00Z", OTHER, "de", "assistant", "report");
        assertThat(customers.dry()).hasSize(2);

        assertThat(rowsWith(() -> customers.now = customers.now.plus(Duration.ofHours(1))))
                .extracting(Row::reference)
                .containsExactly("crm-1");
    }

    @Test
    void whoseTieChangesWhileItWaitsIsToldByTheNewOne() throws Exception {
        customers.tie("crm-2", OTHER);
        customers.tie("crm-3", "+43123456");
        UUID _ = customers.agrees(OTHER, "de", "assistant", "report");
        UUID _ = customers.agrees("+43123456", "de", "assistant", "report");
        assertThat(customers.dry()).extracting(Row::state).containsOnly("due").hasSize(3);

        List<Row> rows =
                rowsWith(() -> {
                    customers.tie("crm-2", "+33123456");
                    customers.tie("crm-9", "+43123456");
                });
        assertThat(rows).extracting(Row::reference).containsExactly("crm-1", "crm-3");
        assertThat(rows.getLast().state())
                .isEqualTo("left out: several customers are tied to this caller");
    }

    @Test
    void whoWereTiedBeforeAndAfterKeysWereRotatedAreBothLeftOut() throws Exception {
        String _ = KeyRotation.rotate(customers.settings, customers.now);
        customers.close();
        customers = new Customers(directory, Customers.announcing(directory));
        customers.tie("crm-2", Customers.NUMBER);

        assertThat(rows(() -> {}))
                .extracting(Row::state)
                .containsOnly("left out: several customers are tied to this caller")
                .hasSize(2);
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
                                List.of(new EventOutbox.Wanted("crm", false, 10, false)),
                                "test",
                                customers.now.plusSeconds(1),
                                Duration.ofMinutes(1));
        assertThat(waiting).extracting(Message::type).containsExactly("report.due");
        assertThat(waiting.getFirst().body())
                .isEqualTo(
                        "{\"record_id\":\"%s\",\"report_id\":\"%s\",\"month\":\"2026-10\"}"
                                .formatted(due.id(), due.id()));
    }

    private CustomerReports.Asked fetched() throws Exception {
        UUID report = customers.entries(EntryType.REPORT_DUE).getFirst().id();
        return customers.reports().ask(report, customers.now);
    }

    /** The company may fetch it long after the run, which leaves such callers out. */
    @Test
    void whoHasANumberWithAnotherCustomerByTheTimeItIsFetchedIsSentNone() throws Exception {
        assertThat(state()).isEqualTo("told to the company's system");
        assertThat(fetched()).isInstanceOf(CustomerReports.Asked.Found.class);

        customers.tie("crm-2", Customers.NUMBER);
        assertThat(fetched()).isInstanceOf(CustomerReports.Asked.Ended.class);

        customers.tie("crm-2", OTHER);
        assertThat(fetched()).as("corrected").isInstanceOf(CustomerReports.Asked.Found.class);
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
        String _ = KeyRotation.rotate(customers.settings, customers.now);
        customers.close();
        customers = new Customers(directory, Customers.announcing(directory));
        customers.tie("crm-1", Customers.NUMBER);
        assertThat(state()).isEqualTo("told to the company's system");
        customers.tie("crm-1", OTHER);

        assertThat(behindTheReport()).containsExactly(consent);
    }
}
