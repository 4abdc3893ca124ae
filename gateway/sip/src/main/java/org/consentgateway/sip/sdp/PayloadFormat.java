package org.consentgateway.sip.sdp;

import org.consentgateway.media.codec.Codec;
import org.jspecify.annotations.Nullable;

/**
 * One RTP payload format of a media line, from {@code a=rtpmap} or, for static types without one,
 * from RFC 3551 §6. Immutable.
 *
 * @param payloadType 0 to 127
 * @param name encoding name in upper case
 * @param clockRate Hz
 * @param channels 1 where not told
 */
public record PayloadFormat(int payloadType, String name, int clockRate, int channels) {

    static PayloadFormat of(Codec codec, int payloadType) {
        return new PayloadFormat(payloadType, codec.name(), Codec.CLOCK_RATE, 1);
    }

    /** What a payload type means without a rtpmap, or null if we do not speak it. */
    static @Nullable PayloadFormat ofStaticType(int payloadType) {
        Codec codec = payloadType < 0 ? null : Codec.ofPayloadType(payloadType);
        return codec == null ? null : of(codec, payloadType);
    }
}
