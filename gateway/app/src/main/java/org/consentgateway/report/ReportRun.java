package org.consentgateway.report;

import java.io.IOException;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.report.CustomerReports.Candidate;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread. Goes through all customers once: tells what would be sent, or sends it.
 * Each is noted before it is sent, so a run that was broken off can be made again.
 */
public final class ReportRun {
    private final CustomerReports reports;
    private final InstantSource clock;

    /** Both null: nothing is sent. */
    private final @Nullable Sending sending;

    private final @Nullable ReportLog log;
    private final Runnable pace;

    /** Without a letter of their own. */
    private static final UUID NONE = new UUID(0, 0);

    /**
     * One customer, as it is told on the terminal.
     *
     * @param what of what is told; empty where nothing is
     * @param letter as it was or would be sent; null where none is
     */
    public record Row(String reference, String state, String what, @Nullable Letter letter) {}

    private ReportRun(
            CustomerReports reports,
            InstantSource clock,
            @Nullable Sending sending,
            @Nullable ReportLog log,
            Runnable pace) {
        this.reports = reports;
        this.clock = clock;
        this.sending = sending;
        this.log = log;
        this.pace = pace;
    }

    public static ReportRun dry(CustomerReports reports, InstantSource clock) {
        return new ReportRun(reports, clock, null, null, () -> {});
    }

    /**
     * @param store where it is noted
     * @param pace waits until the next one may be sent
     */
    public static ReportRun byEvent(
            CustomerReports reports, LedgerSettings store, InstantSource clock, Runnable pace) {
        var log = new ReportLog(store, reports.pseudonyms(), clock);
        return new ReportRun(reports, clock, new Sending.ByEvent(), log, pace);
    }

    /** By mail to where the company says. */
    public record Mail(MailServer server, Addresses addresses) {}

    /**
     * @param store where it is noted
     * @param pace waits until the next one may be sent
     */
    public static ReportRun byMail(
            CustomerReports reports,
            LedgerSettings store,
            InstantSource clock,
            Mail mail,
            Runnable pace) {
        var log = new ReportLog(store, reports.pseudonyms(), clock);
        return new ReportRun(
                reports,
                clock,
                new Sending.ByMail(mail.server(), mail.addresses(), log, reports.writer(), clock),
                log,
                pace);
    }

    /**
     * @param told each customer who has agreed or is unclear
     * @return how many customers have not agreed
     */
    public int run(YearMonth month, Consumer<Row> told) throws IOException, LedgerUnavailable {
        List<Customer> silent = new ArrayList<>();
        reports.forEach(
                month,
                clock,
                candidate -> {
                    switch (candidate) {
                        case Candidate.NotAgreed(Customer customer) -> silent.add(customer);
                        case Candidate.LeftOut(Customer customer, String why) ->
                                told.accept(
                                        new Row(
                                                customer.reference(),
                                                "left out: " + why,
                                                "",
                                                null));
                        case Candidate.Before(Customer customer, ReportStanding standing) ->
                                told.accept(
                                        new Row(customer.reference(), before(standing), "", null));
                        case Candidate.Due due -> told.accept(due(due));
                    }
                });
        if (log != null) {
            log.showWitnesses();
        }
        return silent.size();
    }

    private static String before(ReportStanding standing) {
        return switch (standing) {
            case ReportStanding.Told _ -> "told before";
            case ReportStanding.SentBefore _ -> "sent before";
            case ReportStanding.Unknown _ ->
                    "begun before, and nobody knows whether it arrived; not sent again";
            case ReportStanding.GivenUp _ ->
                    "refused by the mail server %d times; given up"
                            .formatted(ReportStanding.MOST_ATTEMPTS);
            case ReportStanding.Open _ -> "open";
        };
    }

    private Row due(Candidate.Due due) throws IOException, LedgerUnavailable {
        String reference = due.customer().reference();
        String what = what(due.report());
        if (sending == null || log == null) {
            return new Row(reference, "due", what, reports.writer().write(due.report(), NONE));
        }
        Optional<String> hindrance = sending.hindrance(due.customer());
        if (hindrance.isPresent()) {
            return new Row(reference, "left out: " + hindrance.get(), what, null);
        }
        UUID id = log.id(due);
        Letter letter = reports.writer().write(due.report(), id);
        sending.prepare();
        pace.run();
        if (!log.begin(id, due, sending.way())) {
            return new Row(reference, "begun by another run just now", "", null);
        }
        return new Row(reference, sending.send(due.customer(), id, letter), what, letter);
    }

    /** Such as "assistant, report until 2027-03-03; 12 records". */
    private static String what(CustomerReport report) {
        var until = new TreeMap<String, List<String>>();
        for (LastingConsent choice : report.choices()) {
            until.computeIfAbsent(
                            choice.until().toString().substring(0, 10), _ -> new ArrayList<>())
                    .addAll(choice.purposes());
        }
        List<String> parts = new ArrayList<>();
        until.forEach((day, purposes) -> parts.add(String.join(", ", purposes) + " until " + day));
        return String.join("; ", parts) + "; " + report.history().size() + " records";
    }
}
