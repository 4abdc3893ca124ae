package org.consentgateway.sip.dialog;

import java.util.function.IntConsumer;

/**
 * The called asks that somebody else be called instead of it (REFER, RFC 3515): either declined or
 * accepted, and what is accepted is ended. Thread-safe.
 */
public interface Referral {
    /** Whom it names: one of {@link OutgoingCall.Dial#referrals}. */
    String target();

    /** 603: the call goes on. */
    void decline();

    /** 202; from now on the called is told how it goes, unless it does not want to know. */
    void accept();

    /** Tells whether the target has answered, and then hangs up. */
    default void end(boolean reached) {
        end(reached, IncomingCall.Ending.NORMAL, _ -> {});
    }

    /**
     * The same.
     *
     * @param why of the BYE
     * @param answered told of the BYE as by {@link OutgoingCall#hangUp(IncomingCall.Ending,
     *     IntConsumer)}
     */
    void end(boolean reached, IncomingCall.Ending why, IntConsumer answered);
}
