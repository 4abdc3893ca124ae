package org.consentgateway.sip.transport;

import java.time.Instant;

/**
 * One message of a call, as an operator may see it: nothing in it names a person. Immutable.
 *
 * @param leg 1 for the caller's dialog, then those we dialled, in order
 * @param peer address and port of the other side, as far as the message tells it
 * @param message such as "INVITE sdp" or "200 INVITE sdp"
 */
public record SipStep(Instant at, int leg, boolean sent, String peer, String message) {}
