package org.consentgateway.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.report.CustomerReports.Candidate;

/**
 * Thread-safe. Notes each report before it is sent, and what became of it: a crash in between
 * leaves one that is not sent again.
 */
final class ReportLog {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Longer than a report of that month may be asked about. */
    private static final Period KEPT = Period.ofYears(1);

    private final Ledger ledger;
    private final InstantSource clock;

    ReportLog(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Of this attempt, whoever makes it. */
    UUID id(Candidate.Due due) {
        return ReportStanding.ids(
                        ledger.pseudonyms(),
                        due.customer().subject(),
                        due.report().month(),
                        due.attempt())
                .getFirst();
    }

    /**
     * Durable when this returns; by event, the message to the company's system with it.
     *
     * @return false where another process was faster
     */
    boolean begin(UUID id, Candidate.Due due, ReportWay way) throws LedgerUnavailable {
        Customer customer = due.customer();
        CustomerReport report = due.report();
        String ours = UUID.randomUUID().toString();
        ObjectNode payload = payload(EntryType.REPORT_DUE, report.agreed().consent());
        payload.putObject("report")
                .put("month", report.month().toString())
                .put("reference", customer.reference())
                .put("way", way.text())
                .put("attempt", due.attempt())
                .put("begun_by", ours);
        ledger.append(
                new NewEntry(id, EntryType.REPORT_DUE, null, customer.subject().current(), payload),
                PATIENCE);
        // An id that is there already names the entry of whoever was first.
        return ledger.reader()
                .entry(id)
                .map(Entry::payload)
                .filter(there -> there.at("/report/begun_by").asText().equals(ours))
                .isPresent();
    }

    /**
     * @param result "sent", "refused" or "unknown"
     * @param code the mail server's reply; 0 for none
     */
    void settle(UUID report, Customer customer, String result, int code) throws LedgerUnavailable {
        ObjectNode payload = payload(EntryType.REPORT_SENT, report);
        payload.putObject("report").put("result", result).put("code", code);
        ledger.append(
                NewEntry.of(
                        EntryType.REPORT_SENT,
                        null,
                        customer.subject().current(),
                        payload,
                        clock.instant()),
                PATIENCE);
    }

    private ObjectNode payload(EntryType type, UUID about) {
        Instant now = clock.instant();
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("event_state", type.text());
        payload.put("event_time", Header.time(now));
        payload.put("refers_to", about.toString());
        payload.putObject("retention")
                .put("basis", "customer")
                .put("delete_at", Header.time(now.atZone(ZoneOffset.UTC).plus(KEPT).toInstant()));
        return payload;
    }
}
