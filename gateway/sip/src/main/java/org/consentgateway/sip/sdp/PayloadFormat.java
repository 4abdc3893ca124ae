package org.consentgateway.sip.sdp;

/**
 * Immutable. One RTP payload format of a media line, from {@code a=rtpmap} or, for static types
 * without one, from RFC 3551 §6.
 *
 * @param payloadType 0 to 127
 * @param name encoding name in upper case
 * @param clockRate Hz
 * @param channels 1 where not told
 */
public record PayloadFormat(int payloadType, String name, int clockRate, int channels) {}
