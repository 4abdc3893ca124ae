package org.consentgateway.sip.endpoint;

import org.consentgateway.sip.counters.Rejection;
import org.jspecify.annotations.Nullable;

/** Why a new INVITE becomes no call, and what is answered. Immutable. */
sealed interface Refusal {
    Rejection why();

    /**
     * A final response in a transaction.
     *
     * @param reason phrase; empty: the usual one of the status
     * @param header one that belongs to it
     * @param warning one that belongs to it (RFC 3261 §20.43)
     */
    record Answer(
            int status,
            String reason,
            Rejection why,
            @Nullable HeaderField header,
            @Nullable Warning warning)
            implements Refusal {

        static Answer of(int status, Rejection why) {
            return new Answer(status, "", why, null, null);
        }

        static Answer with(int status, Rejection why, String name, String value) {
            return new Answer(status, "", why, new HeaderField(name, value), null);
        }

        static Answer warned(int status, String reason, Rejection why, Warning warning) {
            return new Answer(status, reason, why, null, warning);
        }
    }

    /**
     * 503 without a transaction: nothing is kept of the call but that it was refused.
     *
     * @param retryAfterSeconds 0: not told
     */
    record Shed(Rejection why, int retryAfterSeconds) implements Refusal {}

    record HeaderField(String name, String value) {}

    record Warning(int code, String text) {}
}
