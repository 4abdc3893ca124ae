package org.consentgateway.consent;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a caller agreed to.
 *
 * @param until the first instant at which it no longer holds; null where it ends with the call
 * @param renewalDue from when on we ask again; null where it ends with the call
 */
public record Grant(
        Level level,
        Instant from,
        @Nullable Instant until,
        @Nullable Instant renewalDue,
        List<Evidence> evidence) {
    public Grant {
        evidence = List.copyOf(evidence);
    }
}
