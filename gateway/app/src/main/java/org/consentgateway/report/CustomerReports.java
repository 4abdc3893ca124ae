package org.consentgateway.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Thread-safe. Which customers are told of a month, and what. */
public final class CustomerReports {
    private final LogReader reader;
    private final Pseudonyms pseudonyms;
    private final CustomerTies ties;
    private final Terms terms;

    /**
     * Immutable. How it was configured.
     *
     * @param purpose that customers agree to
     */
    public record Terms(String purpose, LetterWriter writer) {
        /** The month that was over last: of no other a report is sent. */
        public YearMonth newest(Instant now) {
            return YearMonth.from(now.atZone(writer.zone())).minusMonths(1);
        }
    }

    public CustomerReports(LogReader reader, Pseudonyms pseudonyms, Terms terms) {
        this.reader = reader;
        this.pseudonyms = pseudonyms;
        this.ties = new CustomerTies(reader, pseudonyms);
        this.terms = terms;
    }

    /** One customer, and what there is to be done. */
    sealed interface Candidate {
        Customer customer();

        record Due(Customer customer, CustomerReport report, int attempt) implements Candidate {}

        record Before(Customer customer, ReportStanding standing) implements Candidate {}

        /** Never agreed to it, has ended it, or its time is over. */
        record NotAgreed(Customer customer) implements Candidate {}

        /**
         * @param why it cannot be told whose report it would be
         */
        record LeftOut(Customer customer, String why) implements Candidate {}
    }

    /** What is done with each. */
    interface Each {
        void customer(Candidate candidate) throws IOException, LedgerUnavailable;
    }

    /**
     * All customers, one after the other, in the order of their references: each as it is when its
     * turn comes, since a run takes hours.
     */
    void forEach(YearMonth month, InstantSource clock, Each each)
            throws IOException, LedgerUnavailable {
        List<Customer> customers = Customer.all(reader);
        Map<String, Set<String>> tied = new HashMap<>();
        for (Customer customer : customers) {
            for (String pseudonym : customer.subject().pseudonyms()) {
                tied.computeIfAbsent(pseudonym, _ -> new HashSet<>()).add(customer.reference());
            }
        }
        for (Customer before : customers) {
            Customer customer = ties.newest(before.reference()).orElse(before);
            // Also of those that were tied before and after keys were rotated.
            boolean alone =
                    customer.subject().pseudonyms().stream()
                            .flatMap(pseudonym -> tied.getOrDefault(pseudonym, Set.of()).stream())
                            .allMatch(customer.reference()::equals);
            each.customer(candidate(customer, alone, month, clock.instant()));
        }
    }

    /**
     * @param alone whether no other customer was tied to this caller when the run began
     */
    private Candidate candidate(Customer customer, boolean alone, YearMonth month, Instant now)
            throws LedgerUnavailable {
        CustomerReport.Result result =
                CustomerReport.of(reader, customer, month, terms.purpose(), now);
        return switch (result) {
            case CustomerReport.Result.None(CustomerReport.Silence why) ->
                    why == CustomerReport.Silence.SHARED
                            ? new Candidate.LeftOut(
                                    customer, "different people call from this number")
                            : new Candidate.NotAgreed(customer);
            case CustomerReport.Result.Due _ when !alone || !ties.isAlone(customer) ->
                    new Candidate.LeftOut(customer, "several customers are tied to this caller");
            case CustomerReport.Result.Due(CustomerReport report) -> {
                ReportStanding standing =
                        ReportStanding.of(reader, pseudonyms, customer.subject(), month);
                yield standing instanceof ReportStanding.Open(int attempt)
                        ? new Candidate.Due(customer, report, attempt)
                        : new Candidate.Before(customer, standing);
            }
        };
    }

    /**
     * A report that was begun, as it would be written now.
     *
     * @param reference what other systems call the customer
     * @param consents that it tells of
     */
    public record Content(
            UUID id,
            YearMonth month,
            String reference,
            List<LastingConsent> choices,
            Letter letter,
            List<UUID> consents) {}

    /** What became of a report that is asked for. */
    public sealed interface Asked {
        record Found(Content content) implements Asked {}

        record Unknown() implements Asked {}

        record Erased() implements Asked {}

        /**
         * The customer has ended it meanwhile or is no longer tied to this caller, or another
         * customer is as well.
         */
        record Ended() implements Asked {}
    }

    /**
     * @param id of one that was begun
     */
    public Asked ask(UUID id, Instant now) throws LedgerUnavailable {
        Optional<Entry> begun =
                reader.entry(id).filter(entry -> entry.type() == EntryType.REPORT_DUE);
        if (begun.isEmpty()) {
            return new Asked.Unknown();
        }
        ObjectNode payload = begun.get().payload();
        if (payload == null) {
            return new Asked.Erased();
        }
        Optional<Customer> customer = customer(payload);
        if (customer.isEmpty() || !ties.isAlone(customer.get())) {
            return new Asked.Ended();
        }
        YearMonth month = YearMonth.parse(payload.at("/report/month").asText());
        return switch (CustomerReport.of(reader, customer.get(), month, terms.purpose(), now)) {
            case CustomerReport.Result.None _ -> new Asked.Ended();
            case CustomerReport.Result.Due(CustomerReport report) ->
                    new Asked.Found(
                            new Content(
                                    id,
                                    month,
                                    customer.get().reference(),
                                    report.choices(),
                                    letter(report, id),
                                    report.consents()));
        };
    }

    private Letter letter(CustomerReport report, UUID id) {
        try {
            return terms.writer().write(report, id);
        } catch (IOException e) {
            throw new UncheckedIOException("the words of reports cannot be read", e);
        }
    }

    /** Whom it is about, where the same customer is still tied to the same caller. */
    private Optional<Customer> customer(ObjectNode begun) throws LedgerUnavailable {
        String caller = begun.at("/subject/pseudonym").asText();
        return ties.newest(begun.at("/report/reference").asText())
                .filter(customer -> customer.subject().pseudonyms().contains(caller));
    }

    /**
     * The consents under which whoever got this report gets them: what there is to be ended.
     *
     * @param id of a report that was begun
     */
    public Optional<List<UUID>> agreedBehind(UUID id, Instant now) throws LedgerUnavailable {
        Optional<ObjectNode> begun =
                reader.entry(id)
                        .filter(entry -> entry.type() == EntryType.REPORT_DUE)
                        .flatMap(entry -> Optional.ofNullable(entry.payload()));
        if (begun.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(agreed(recipient(begun.get()), now));
    }

    /**
     * The caller whose report it was, also where the customer is tied to another number by now: who
     * got a report can end it. The tie has what the caller agreed to under earlier keys as well.
     */
    private PseudonymousSubject recipient(ObjectNode begun) throws LedgerUnavailable {
        String caller = begun.at("/subject/pseudonym").asText();
        return ties.all(begun.at("/report/reference").asText())
                .map(Customer::subject)
                .filter(subject -> subject.pseudonyms().contains(caller))
                .findFirst()
                .orElseGet(() -> new PseudonymousSubject(List.of(caller)));
    }

    /** The same of a customer; empty where nobody is tied to it. */
    public Optional<List<UUID>> agreedOf(String reference, Instant now) throws LedgerUnavailable {
        Optional<Customer> customer = ties.newest(reference);
        return customer.isEmpty()
                ? Optional.empty()
                : Optional.of(agreed(customer.get().subject(), now));
    }

    private List<UUID> agreed(PseudonymousSubject caller, Instant now) throws LedgerUnavailable {
        return LastingConsent.inForce(reader, caller, now).stream()
                .filter(choice -> choice.purposes().contains(terms.purpose()))
                .map(LastingConsent::consent)
                .toList();
    }

    public String purpose() {
        return terms.purpose();
    }

    Pseudonyms pseudonyms() {
        return pseudonyms;
    }

    LetterWriter writer() {
        return terms.writer();
    }
}
