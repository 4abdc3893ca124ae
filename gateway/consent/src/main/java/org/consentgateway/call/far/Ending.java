package org.consentgateway.call.far;

import org.consentgateway.consent.EndOfConsent;

/** Why we end a leg. */
public enum Ending {
    NORMAL,
    /** Something failed on our side. */
    FAILURE,
    /** We shut down. */
    DRAINED,
    CONSENT_WITHDRAWN,
    CONSENT_EXPIRED,
    CONSENT_ERASED;

    public static Ending of(EndOfConsent.How how) {
        return switch (how) {
            case WITHDRAWN -> CONSENT_WITHDRAWN;
            case EXPIRED -> CONSENT_EXPIRED;
            case ERASED -> CONSENT_ERASED;
        };
    }
}
