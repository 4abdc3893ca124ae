package org.consentgateway.consent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. The pseudonym of a caller: HMAC-SHA-256 of the E.164 number under a key kept outside
 * the database. Still personal data, so it does not print.
 *
 * @param pseudonym what new records carry; two subjects with the same one are the same
 * @param earlier what the same caller was called under earlier keys: only to find old records
 */
public record Subject(String pseudonym, List<String> earlier) {
    public Subject {
        earlier = List.copyOf(earlier);
    }

    /** As read from a record. */
    public Subject(String pseudonym) {
        this(pseudonym, List.of());
    }

    /**
     * Whether a record that names this one is of the same caller: its key may be an earlier one.
     */
    public boolean finds(@Nullable Subject recorded) {
        return recorded != null && (equals(recorded) || earlier.contains(recorded.pseudonym));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Subject subject && subject.pseudonym.equals(pseudonym);
    }

    @Override
    public int hashCode() {
        return pseudonym.hashCode();
    }

    @Override
    public String toString() {
        return "Subject[hidden]";
    }
}
