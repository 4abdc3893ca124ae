package org.consentgateway.report;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.ledger.SubjectExport;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Immutable. What one customer is told of a month: what holds now and until when, what happened,
 * what is stored.
 *
 * @param agreed the consent under which it is sent
 * @param choices all that holds, newest first
 * @param history all that is stored, one at least, newest first
 * @param language the customer was spoken to in last
 */
record CustomerReport(
        YearMonth month,
        LastingConsent agreed,
        List<LastingConsent> choices,
        FoundEntries history,
        String language) {
    CustomerReport {
        choices = List.copyOf(choices);
    }

    /** Why a customer is told nothing. */
    enum Silence {
        /** Never agreed to it, has ended it, or its time is over. */
        NOT_AGREED,
        /** Different people call from this number: it might tell one of the other. */
        SHARED
    }

    /** A report, or why there is none. */
    sealed interface Result {
        record Due(CustomerReport report) implements Result {}

        record None(Silence why) implements Result {}
    }

    /**
     * @param purpose that has to be agreed to
     */
    static Result of(
            LogReader reader, Customer customer, YearMonth month, String purpose, Instant now)
            throws LedgerUnavailable {
        List<LastingConsent> every = LastingConsent.inForce(reader, customer.subject(), now);
        List<LastingConsent> choices = every.stream().filter(LastingConsent::isOfCall).toList();
        Optional<LastingConsent> agreed =
                choices.stream().filter(each -> each.purposes().contains(purpose)).findFirst();
        if (agreed.isEmpty()) {
            return new Result.None(Silence.NOT_AGREED);
        }
        if (LastingConsent.shared(reader, choices)) {
            return new Result.None(Silence.SHARED);
        }
        FoundEntries all = FoundEntries.of(reader, customer.subject());
        return new Result.Due(
                new CustomerReport(month, agreed.get(), every, all, SubjectExport.language(all)));
    }

    /** What of it happened in the month, oldest first. */
    List<FoundEntries.At> happened(ZoneId zone) {
        return history.all().reversed().stream()
                .filter(each -> YearMonth.from(each.time().atZone(zone)).equals(month))
                .toList();
    }

    Instant oldest() {
        return history.all().getLast().time();
    }

    String company() {
        return agreed.record().at("/controller/name").asText();
    }

    /** Where the company can be asked; empty where the record does not say. */
    String contact() {
        return agreed.record().at("/controller/contact").asText();
    }

    List<UUID> consents() {
        return choices.stream().map(LastingConsent::consent).toList();
    }
}
