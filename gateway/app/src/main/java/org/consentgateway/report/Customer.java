package org.consentgateway.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Immutable. A caller whom other systems know as a customer.
 *
 * @param reference what they call the customer
 */
public record Customer(String reference, PseudonymousSubject subject) {
    private static final int AT_ONCE = 1000;

    /**
     * @param tie of type SubjectReferenced
     * @return empty where its content is gone
     */
    public static Optional<Customer> of(Entry tie) {
        ObjectNode payload = tie.payload();
        if (payload == null || payload.at("/subject/pseudonym").asText().isEmpty()) {
            return Optional.empty();
        }
        List<String> pseudonyms = new ArrayList<>();
        payload.at("/reference/pseudonyms").forEach(each -> pseudonyms.add(each.asText()));
        return Optional.of(
                new Customer(
                        payload.at("/reference/text").asText(),
                        new PseudonymousSubject(pseudonyms)));
    }

    /** All there are, by their reference; of several ties of one the newest counts. */
    static List<Customer> all(LogReader reader) throws LedgerUnavailable {
        Map<String, Customer> all = new TreeMap<>();
        Map<String, Long> next = new HashMap<>();
        while (true) {
            List<Entry> ties = reader.from(next, AT_ONCE, Set.of(EntryType.SUBJECT_REFERENCED));
            for (Entry tie : ties) {
                next.put(tie.log(), tie.index() + 1);
                of(tie).ifPresent(customer -> all.put(customer.reference(), customer));
            }
            if (ties.isEmpty()) {
                return List.copyOf(all.values());
            }
        }
    }
}
