package org.consentgateway.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
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
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.report.CustomerReports.Candidate;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the thread of the run. Notes each report before it is sent, and what became of it: a
 * crash in between leaves one that is not sent again. A run takes hours, and other commands write
 * to the same log: so it is open for each note alone. Witnesses are asked with the first note,
 * which finds an old store, every half hour, and once behind the last: one that hangs costs some
 * seconds each time.
 */
final class ReportLog {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** An import may be at it, and of a letter that was sent and is not noted nobody knows. */
    private static final Duration TURN = Duration.ofMinutes(10);

    /** A verification finds fault with what no witness has seen within an hour. */
    private static final Duration UNSEEN = Duration.ofMinutes(30);

    /** Longer than a report of that month may be asked about. */
    private static final Period KEPT = Period.ofYears(1);

    private final LedgerSettings witnessed;
    private final Pseudonyms pseudonyms;
    private final InstantSource clock;

    /** When witnesses were asked last; null where they were not yet. */
    private @Nullable Instant asked;

    /** Whether there is a note that witnesses were not shown. */
    private boolean unseen;

    ReportLog(LedgerSettings settings, Pseudonyms pseudonyms, InstantSource clock) {
        this.witnessed = settings;
        this.pseudonyms = pseudonyms;
        this.clock = clock;
    }

    /** Of this attempt, whoever makes it. */
    UUID id(Candidate.Due due) {
        return ReportStanding.ids(
                        pseudonyms, due.customer().subject(), due.report().month(), due.attempt())
                .getFirst();
    }

    /**
     * Durable when this returns; by event, the message to the company's system with it.
     *
     * @return false where another process was faster
     * @throws IOException also where another command writes for too long: by then the customer may
     *     have ended it
     */
    boolean begin(UUID id, Candidate.Due due, ReportWay way) throws IOException, LedgerUnavailable {
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
        String caller = customer.subject().current();
        try (Ledger ledger = open(PATIENCE)) {
            ledger.append(new NewEntry(id, EntryType.REPORT_DUE, null, caller, payload), PATIENCE);
            // An id that is there already names the entry of whoever was first.
            return ledger.reader()
                    .entry(id)
                    .map(Entry::payload)
                    .filter(there -> there.at("/report/begun_by").asText().equals(ours))
                    .isPresent();
        }
    }

    /**
     * @param result "sent", "refused" or "unknown"
     * @param code the mail server's reply; 0 for none
     */
    void settle(UUID report, Customer customer, String result, int code)
            throws IOException, LedgerUnavailable {
        ObjectNode payload = payload(EntryType.REPORT_SENT, report);
        payload.putObject("report").put("result", result).put("code", code);
        String caller = customer.subject().current();
        try (Ledger ledger = open(TURN)) {
            ledger.append(
                    NewEntry.of(EntryType.REPORT_SENT, null, caller, payload, clock.instant()),
                    PATIENCE);
        }
    }

    private Ledger open(Duration turn) throws IOException {
        Instant now = clock.instant();
        unseen = asked != null && now.isBefore(asked.plus(UNSEEN));
        if (unseen) {
            return Ledger.openBeside(witnessed.withoutWitnesses(), clock, turn);
        }
        asked = now;
        return Ledger.openBeside(witnessed, clock, turn);
    }

    /**
     * Behind the last note. Where a run ends before, the next command that writes does it.
     *
     * @throws IOException where other commands write for too long
     */
    void showWitnesses() throws IOException {
        if (unseen) {
            unseen = false;
            Ledger.openBeside(witnessed, clock, TURN).close();
        }
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
