package org.consentgateway.consent;

import java.time.Instant;
import java.util.SequencedSet;
import java.util.UUID;

/** Immutable. Where a caller's consent stands at an instant. */
public sealed interface ConsentStatus {

    /** Never given, or ended with its call, or erased. */
    record None() implements ConsentStatus {}

    /**
     * @param grant id of the record that gave it
     * @param level what is remembered: of what was agreed to, what the line still asks for and what
     *     may be remembered at all
     * @param until the first instant at which it no longer holds
     */
    record Valid(UUID grant, Level level, Instant until) implements ConsentStatus {}

    /** Still valid, and so near its end that we ask again. */
    record RenewalDue(UUID grant, Level level, Instant until) implements ConsentStatus {}

    record Expired(UUID grant, Level level, Instant until) implements ConsentStatus {}

    record TextChanged(UUID grant, Level level) implements ConsentStatus {}

    record PurposeAdded(UUID grant, Level level, SequencedSet<Purpose> added)
            implements ConsentStatus {}

    /**
     * Still valid, but somebody on this number has refused since: different people may speak. Asked
     * in full, and nothing is remembered while that consent lasts.
     */
    record Shared(UUID grant, Level level, Instant until) implements ConsentStatus {}

    record Withdrawn(UUID grant, Instant at) implements ConsentStatus {}
}
