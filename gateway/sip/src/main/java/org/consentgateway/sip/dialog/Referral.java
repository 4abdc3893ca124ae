package org.consentgateway.sip.dialog;

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
    void end(boolean reached);
}
