package org.consentgateway.consent;

import java.time.Instant;
import java.util.UUID;

/**
 * Immutable. That a consent holds no longer, for those who were given data under it (Art. 19
 * DSGVO).
 *
 * @param grant id of the record that gave it
 * @param at from when on
 */
public record EndOfConsent(UUID grant, How how, Instant at) {

    /** What ended it. */
    public enum How {
        WITHDRAWN,
        /** Its time was over. */
        EXPIRED,
        /** The caller asked for erasure. */
        ERASED
    }
}
