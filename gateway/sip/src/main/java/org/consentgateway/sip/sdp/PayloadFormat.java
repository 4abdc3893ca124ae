package org.consentgateway.sip.sdp;

import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.OpusTerms;
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
    static final String TELEPHONE_EVENT = "TELEPHONE-EVENT";

    /** RFC 7587 §7: two channels and 48 kHz whatever is in it. */
    private static final String OPUS = "OPUS";

    private static final int OPUS_CHANNELS = 2;

    static PayloadFormat ofOpus(int payloadType) {
        return new PayloadFormat(payloadType, OPUS, OpusTerms.CLOCK_RATE, OPUS_CHANNELS);
    }

    static PayloadFormat ofEvents(int payloadType, int clockRate) {
        return new PayloadFormat(payloadType, TELEPHONE_EVENT, clockRate, 1);
    }

    static PayloadFormat of(MediaFormat format) {
        return format.opus() == null
                ? of(format.codec(), format.payloadType())
                : ofOpus(format.payloadType());
    }

    boolean isOpus() {
        return name.equals(OPUS) && clockRate == OpusTerms.CLOCK_RATE && channels == OPUS_CHANNELS;
    }

    boolean isEvents() {
        return name.equals(TELEPHONE_EVENT);
    }

    /** As in {@code a=rtpmap}. */
    String mapped() {
        String written = isEvents() ? "telephone-event" : isOpus() ? "opus" : name;
        String encoding = written + "/" + clockRate;
        return channels == 1 ? encoding : encoding + "/" + channels;
    }

    static PayloadFormat of(Codec codec, int payloadType) {
        return new PayloadFormat(payloadType, codec.name(), Codec.CLOCK_RATE, 1);
    }

    /** What a payload type means without a rtpmap, or null if we do not speak it. */
    static @Nullable PayloadFormat ofStaticType(int payloadType) {
        Codec codec = payloadType < 0 ? null : Codec.ofPayloadType(payloadType);
        return codec == null ? null : of(codec, payloadType);
    }
}
