package org.consentgateway.call;

import org.consentgateway.consent.Method;

/** Immutable. What became of dialling. */
public sealed interface Dialled {

    record Connected(Connection connection) implements Dialled {}

    /**
     * @param status final SIP status, or 0 where there was none
     */
    record NotReached(Why why, int status) implements Dialled {}

    /** The caller's side has called the target itself, and talks to it: we may leave. */
    record Transferred() implements Dialled {}

    /** The caller withdrew while it rang; nobody was connected and nothing was forwarded. */
    record WithdrawnMeanwhile(Method method) implements Dialled {}

    /** The consent was withdrawn in another call while it rang; it is recorded there. */
    record EndedElsewhere() implements Dialled {}

    enum Why {
        BUSY,
        NO_ANSWER,
        REFUSED,
        UNREACHABLE
    }
}
