/**
 * Joins SIP leg, media leg, recogniser and voice into a {@code Caller}.
 *
 * <p>Decisions. <b>A withdrawal, from the key to the record</b>: {@code KeyTrail.pressed} → {@code
 * WithdrawalWatch.pressed} → {@code CuttableBridge.cut} on the event loop that saw the key (for a
 * phrase, on the recogniser's thread) → {@code Inbox.put} → {@code Bridging.converse} returns on
 * the call's thread. <b>A cut is measured</b> from the key, or from the end of the last word, to
 * when not one packet more was sent, as the media says; the call's thread waits for that, so that a
 * hang-up which follows is still told after it.
 */
@NullMarked
package org.consentgateway.line;

import org.jspecify.annotations.NullMarked;
