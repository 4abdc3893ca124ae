package org.consentgateway.call.far;

import org.consentgateway.consent.EndOfConsent;
import org.jspecify.annotations.Nullable;

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

    /** How the consent of who is on that leg has ended; null where it has not. */
    public EndOfConsent.@Nullable How ofConsent() {
        return switch (this) {
            case CONSENT_WITHDRAWN -> EndOfConsent.How.WITHDRAWN;
            case CONSENT_EXPIRED -> EndOfConsent.How.EXPIRED;
            case CONSENT_ERASED -> EndOfConsent.How.ERASED;
            case NORMAL, FAILURE, DRAINED -> null;
        };
    }
}
