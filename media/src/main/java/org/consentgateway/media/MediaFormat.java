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
 * @param offeredEvents the same as an offer of ours named it, where the peer answered with another
 *     one: it sends with ours, and we with its (RFC 3264 §5.1); else -1
 * @param opus null but for Opus
 */
public record MediaFormat(
        Codec codec,
        int payloadType,
        int eventPayloadType,
        int offeredEvents,
        @Nullable OpusTerms opus) {
    public MediaFormat(Codec codec, int payloadType, int eventPayloadType) {
        this(codec, payloadType, eventPayloadType, -1, null);
    }

    public static MediaFormat ofOpus(int payloadType, int eventPayloadType, OpusTerms terms) {
        return new MediaFormat(L16.WIDEBAND, payloadType, eventPayloadType, -1, terms);
    }

    /** The same, where an offer of ours named telephone-event by this payload type. */
    public MediaFormat withOfferedEvents(int offered) {
        return hasEvents() && offered != eventPayloadType
                ? new MediaFormat(codec, payloadType, eventPayloadType, offered, opus)
                : this;
    }

    /** Whether what comes with this payload type is a telephone-event. */
    public boolean isEvent(int incoming) {
        return incoming == eventPayloadType || incoming == offeredEvents;
    }

    public boolean hasEvents() {
        return eventPayloadType >= 0;
    }
}
