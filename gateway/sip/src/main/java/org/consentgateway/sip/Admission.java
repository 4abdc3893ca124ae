package org.consentgateway.sip;

/** Immutable. Whether a call may come in, decided before anything is spent on it. */
public sealed interface Admission {
    record Accepted() implements Admission {}

    /** 404. */
    record UnknownLine() implements Admission {}

    /** 503, so that the network takes another way at once. */
    record Emergency() implements Admission {}

    /** 503 with Retry-After. */
    record Full(Limit limit, int retryAfterSeconds) implements Admission {}

    /** Which limit is reached. */
    enum Limit {
        CALLS,
        TRUNK,
        TRUNK_RATE,
        LINE,
        LOAD
    }

    /** 503: this node is going down. */
    record Draining() implements Admission {}
}
