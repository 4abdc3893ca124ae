package org.consentgateway.ledger.entry;

import java.util.List;

/**
 * Immutable. A caller under every pseudonym key there has been, the current one first: new entries
 * carry the first, old ones are found under the others.
 */
public record PseudonymousSubject(List<String> pseudonyms) {
    public PseudonymousSubject {
        pseudonyms = List.copyOf(pseudonyms);
        if (pseudonyms.isEmpty()) {
            throw new IllegalArgumentException("a subject needs a pseudonym");
        }
    }

    public String current() {
        return pseudonyms.getFirst();
    }

    /** A pseudonym is still personal (Art. 4 no. 5 DSGVO). */
    @Override
    public String toString() {
        return "PseudonymousSubject[hidden]";
    }
}
