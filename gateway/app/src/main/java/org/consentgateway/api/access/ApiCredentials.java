package org.consentgateway.api.access;

import org.consentgateway.ledger.store.LedgerUnavailable;

/** Thread-safe. Tells who asks by what they show. */
public interface ApiCredentials {

    /**
     * @param bearer what follows "Bearer" in the Authorization header; may be anything
     */
    Shown of(String bearer) throws LedgerUnavailable;

    /** Who it is. */
    sealed interface Shown {
        record Known(ApiPrincipal principal) implements Shown {}

        /**
         * As it was when the store was last read, too long ago for all but the end of a consent.
         */
        record Remembered(ApiPrincipal principal) implements Shown {}

        /**
         * @param who whose it once was, such as "key crm (k3xq7zab)"; empty where nobody's
         * @param why for the log, such as "expired"; whoever asks is not told
         */
        record Refused(String who, String why) implements Shown {}

        /**
         * Nobody can tell now: neither let in nor turned away for good.
         *
         * @param why for the log
         */
        record Unverified(String why) implements Shown {}
    }
}
