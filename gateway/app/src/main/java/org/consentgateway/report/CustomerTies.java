package org.consentgateway.report;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Thread-safe. Which customers are tied to which callers at this moment. */
record CustomerTies(LogReader reader, Pseudonyms pseudonyms) {
    /** Ties of one caller that are looked at: more are those of a switchboard. */
    private static final int MOST = 100;

    /** As the customer is tied now. */
    Optional<Customer> newest(String reference) throws LedgerUnavailable {
        return all(reference).findFirst();
    }

    /** The newest first. */
    Stream<Customer> all(String reference) throws LedgerUnavailable {
        return reader.ofReference(pseudonyms.reference(reference)).stream()
                .flatMap(tie -> Customer.of(tie).stream());
    }

    /**
     * Whether no other customer is tied to this caller: what is told would tell one of the other.
     */
    boolean isAlone(Customer customer) throws LedgerUnavailable {
        PseudonymousSubject caller = customer.subject();
        for (String pseudonym : new LinkedHashSet<>(caller.pseudonyms())) {
            List<Entry> ties = reader.referencesOf(pseudonym, MOST);
            if (ties.size() == MOST || anyHolds(others(ties, customer), caller)) {
                return false;
            }
        }
        return true;
    }

    private static Set<String> others(List<Entry> ties, Customer customer) {
        return ties.stream()
                .flatMap(tie -> Customer.of(tie).stream())
                .map(Customer::reference)
                .filter(reference -> !reference.equals(customer.reference()))
                .collect(Collectors.toSet());
    }

    /** Of a customer who was tied to this caller once the newest tie decides. */
    private boolean anyHolds(Set<String> references, PseudonymousSubject caller)
            throws LedgerUnavailable {
        for (String reference : references) {
            Optional<Customer> other = newest(reference);
            if (other.isPresent()
                    && !Collections.disjoint(
                            other.get().subject().pseudonyms(), caller.pseudonyms())) {
                return true;
            }
        }
        return false;
    }
}
