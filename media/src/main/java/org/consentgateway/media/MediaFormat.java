package org.consentgateway.media;

import org.consentgateway.media.codec.Codec;

/**
 * What both sides agreed to send (RFC 3264). Immutable.
 *
 * @param payloadType RTP payload type of the codec, 0 to 127
 * @param eventPayloadType RTP payload type of telephone-event (RFC 4733), or -1 if it was not
 *     agreed
 */
public record MediaFormat(Codec codec, int payloadType, int eventPayloadType) {
    public boolean hasEvents() {
        return eventPayloadType >= 0;
    }
}
