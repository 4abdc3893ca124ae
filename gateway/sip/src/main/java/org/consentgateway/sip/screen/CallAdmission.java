package org.consentgateway.sip.screen;

import org.consentgateway.sip.counters.Rejection;

/** Whether a call may come in, decided before anything is spent on it. Immutable. */
public sealed interface CallAdmission {
    record Accepted() implements CallAdmission {}

    /** 404. */
    record UnknownLine() implements CallAdmission {}

    /** 503, so that the network takes another way at once. */
    record Emergency() implements CallAdmission {}

    /** 503 with Retry-After. */
    record Full(Limit limit, int retryAfterSeconds) implements CallAdmission {}

    /** Which limit is reached. */
    enum Limit {
        CALLS,
        TRUNK,
        TRUNK_RATE,
        LINE,
        LOAD;

        /** Whether a place that another call gives up makes room for this one. */
        public boolean isOfPlaces() {
            return switch (this) {
                case CALLS, TRUNK, LINE -> true;
                case TRUNK_RATE, LOAD -> false;
            };
        }

        /** As what a call beyond this limit is counted. */
        public Rejection rejection() {
            return switch (this) {
                case CALLS -> Rejection.FULL;
                case TRUNK -> Rejection.TRUNK_FULL;
                case TRUNK_RATE -> Rejection.TRUNK_RATE;
                case LINE -> Rejection.LINE_FULL;
                case LOAD -> Rejection.LOAD;
            };
        }
    }

    /** 503: this node is going down. */
    record Draining() implements CallAdmission {}
}
