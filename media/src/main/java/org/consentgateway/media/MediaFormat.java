package org.consentgateway.media;

import org.consentgateway.media.codec.Codec;

/**
 * Immutable. What both sides agreed to send (RFC 3264).
 *
 * @param payloadType RTP payload type of the codec, 0 to 127
 * @param eventPayloadType RTP payload type of telephone-event (RFC 4733), or -1 where it was not
 *     agreed
 */
public record MediaFormat(Codec codec, int payloadType, int eventPayloadType) {
    public boolean hasEvents() {
        return eventPayloadType >= 0;
    }
}
