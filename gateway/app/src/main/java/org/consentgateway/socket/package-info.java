/**
 * Assistants that are reached by a WebSocket, in whichever dialect: the connection, its sound, its
 * end.
 *
 * <p>Decisions. <b>The sound passes the same gate as that of a SIP assistant</b>: a {@link
 * org.consentgateway.media.StreamLeg} is bridged like an RTP leg, so gate, cut and record do not
 * know the difference. <b>Sockets have event loops of their own</b>, apart from the media's:
 * whatever a peer sends or does not read, no packet of a call waits for it. What a peer does not
 * read in time is left out, since late sound is worth nothing. Given up: one hand-over between
 * threads per frame, a few microseconds.
 */
@NullMarked
package org.consentgateway.socket;

import org.jspecify.annotations.NullMarked;
