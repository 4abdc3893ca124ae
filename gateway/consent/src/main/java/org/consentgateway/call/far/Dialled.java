package org.consentgateway.call.far;

import org.consentgateway.consent.EndOfConsent;

/**
 * Immutable. What became of dialling.
 *
 * @param <E> who was dialled
 */
public sealed interface Dialled<E extends FarEnd> {

    record Connected<E extends FarEnd>(E end) implements Dialled<E> {}

    /**
     * @param status final SIP status, or 0 if there was none
     */
    record NotReached<E extends FarEnd>(Why why, int status) implements Dialled<E> {}

    /** The caller's side has called the person itself, and talks to it: we may leave. */
    record Transferred() implements Dialled<HumanEnd> {}

    /**
     * The caller's side has taken it upon itself to call the person, and has ended the caller's
     * call with us. Whether anybody answers there nobody tells us: the record says that the caller
     * went to a human, as far as we know, and not that they were joined.
     */
    record HandedOver() implements Dialled<HumanEnd> {}

    /** The consent ended outside this call while it rang; it is recorded there. */
    record EndedElsewhere(EndOfConsent.How how) implements Dialled<AssistantEnd> {}

    enum Why {
        BUSY,
        NO_ANSWER,
        REFUSED,
        UNREACHABLE
    }
}
