/**
 * Twilio's Media Streams, of which we play Twilio's side, and Telnyx' spelling of them.
 *
 * <p>Decisions. <b>Marks are answered when what was queued before them has been sent to the
 * caller</b>, since bots cut their model's memory by them. <b>Frames follow one another without
 * gaps, silence included</b>, with timestamps in exact steps of 20 ms: bots take a gap for silence
 * of the caller, or for the end. <b>What we do not know is counted and ignored</b>; what is no JSON
 * ends the call.
 */
@NullMarked
package org.consentgateway.socket.twilio;

import org.jspecify.annotations.NullMarked;
