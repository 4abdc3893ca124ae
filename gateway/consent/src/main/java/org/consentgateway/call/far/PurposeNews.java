package org.consentgateway.call.far;

import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;

/**
 * Immutable. What an assistant is told of the purposes of its call while the call goes on. Its own
 * word for what a caller wants never counts: only these do.
 */
public sealed interface PurposeNews {
    Purpose purpose();

    /** The gateway puts the question now; until the answer the assistant hears nothing. */
    record AskedNow(Purpose purpose) implements PurposeNews {}

    /**
     * The caller has agreed, and that is on disk.
     *
     * @param grant what holds from now on
     */
    record Granted(Purpose purpose, DurableGrant grant) implements PurposeNews {}

    /** It is not granted; what held before holds on. */
    record Declined(Purpose purpose, Why why) implements PurposeNews {}

    /**
     * The caller has ended this one purpose.
     *
     * @param left what holds from now on
     */
    record Ended(Purpose purpose, DurableGrant left) implements PurposeNews {}

    /** Why a purpose is not granted. */
    enum Why {
        REFUSED,
        UNANSWERED,
        /** The caller has said no to it in this call already. */
        REFUSED_BEFORE,
        /** The caller was asked as often as a call may ask. */
        ASKED_OFTEN_ENOUGH,
        /** It is granted already. */
        GRANTED_BEFORE,
        /** This line has no words for it. */
        NOT_OFFERED
    }
}
