package org.consentgateway.media;

import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.L16;
import org.jspecify.annotations.Nullable;

/**
 * What both sides agreed to send (RFC 3264). Immutable.
 *
 * @param codec as the engine sees it: of what goes over the wire as Opus, the sound that is in it
 * @param payloadType RTP payload type of the codec, 0 to 127
 * @param eventPayloadType RTP payload type of telephone-event (RFC 4733), or -1 if it was not
 *     agreed
 * @param opus null but for Opus
 */
public record MediaFormat(
        Codec codec, int payloadType, int eventPayloadType, @Nullable OpusTerms opus) {
    public MediaFormat(Codec codec, int payloadType, int eventPayloadType) {
        this(codec, payloadType, eventPayloadType, null);
    }

    public static MediaFormat ofOpus(int payloadType, int eventPayloadType, OpusTerms terms) {
        return new MediaFormat(L16.WIDEBAND, payloadType, eventPayloadType, terms);
    }

    public boolean hasEvents() {
        return eventPayloadType >= 0;
    }
}
