/**
 * Joins SIP leg, media leg, recogniser and voice into a {@code Caller}.
 *
 * <p>Decisions. <b>A withdrawal, from the key to the record</b>: {@code KeyTrail.pressed} → {@code
 * WithdrawalWatch.pressed} → {@code CuttableBridge.cut} on the event loop that saw the key (for a
 * phrase, on the recogniser's thread) → {@code Inbox.put} → {@code TelephoneCaller.next} throws
 * {@code ConsentWithdrawn} out of whatever verb is under way. <b>A cut is measured</b> from the
 * key, or from the end of the last word, to when not one packet more was sent, as the media says;
 * the call's thread waits for that, so that a hang-up which follows is still told after it. <b>The
 * phrase</b> is listened for with whatever a question listens for, and alone while nothing is asked
 * ({@code WithdrawalListener}): one listening of a call at a time. <b>That the caller wants
 * less</b> takes the same way, and waits in {@code WithdrawalWatch} until {@code Bridging} is about
 * to open the gate, or is in a talk. <b>Nobody is invited to say what nobody hears</b>: {@code
 * Hearing} takes a place at the recogniser when it is asked whether it hears, before a prompt is
 * chosen, and gives that of the questions back when the caller is joined to somebody, and that of
 * the talk when the call is over.
 */
@NullMarked
package org.consentgateway.line;

import org.jspecify.annotations.NullMarked;
