package org.consentgateway.ledger;

import java.util.List;

/**
 * Immutable. A caller under every pseudonym key there has been, the current one first: new entries
 * carry the first, old ones are found under the others.
 */
public record Subject(List<String> pseudonyms) {
    public Subject {
        pseudonyms = List.copyOf(pseudonyms);
        if (pseudonyms.isEmpty()) {
            throw new IllegalArgumentException("a subject needs a pseudonym");
        }
    }

    public String current() {
        return pseudonyms.getFirst();
    }

    /** One text for all of them, for who must carry a subject as a string. */
    public String text() {
        return String.join("~", pseudonyms);
    }

    /** Reads what {@link #text} wrote. */
    public static Subject parse(String text) {
        return new Subject(List.of(text.split("~", -1)));
    }

    /** A pseudonym is still personal (Art. 4 no. 5 DSGVO). */
    @Override
    public String toString() {
        return "Subject[hidden]";
    }
}
