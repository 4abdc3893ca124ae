package org.consentgateway.consent;

/** Thread-safe. Turns what identifies a caller or a call into what a record may hold. */
public interface Pseudonymiser {
    /**
     * @param e164 the caller's number with its country code, from a trunk that asserts it
     */
    Subject subject(String e164);

    /**
     * @param callId as the SIP message has it
     */
    String sipCallId(String callId);
}
