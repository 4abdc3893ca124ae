package org.consentgateway.sip.sdp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.codec.Codec;
import org.jspecify.annotations.Nullable;

/** What sound of a media line we can send and hear. */
final class AudioNegotiation {
    /** RFC 7587 §6.1: what a decoder bears that says nothing. */
    private static final int USUAL_BITS_PER_SECOND = 510_000;

    private static final Pattern BITS_PER_SECOND =
            Pattern.compile("(?:^|[; ])maxaveragebitrate=(\\d{1,6})(?:$|[; ])");

    private AudioNegotiation() {}

    /**
     * The first that we know; null if there is none.
     *
     * @param opus whether that is one of them
     */
    static @Nullable MediaFormat of(Media media, boolean opus) {
        for (PayloadFormat payload : media.payloads()) {
            if (opus && payload.isOpus()) {
                return opus(media, payload.payloadType());
            }
            Codec codec = codec(payload);
            if (codec != null) {
                int events = events(media, Codec.CLOCK_RATE);
                return new MediaFormat(codec, payload.payloadType(), events);
            }
        }
        return null;
    }

    private static MediaFormat opus(Media media, int payloadType) {
        int fast = events(media, OpusTerms.CLOCK_RATE);
        int events = fast < 0 ? events(media, Codec.CLOCK_RATE) : fast;
        var terms =
                new OpusTerms(
                        OfferedSound.opusPayloadType(),
                        fast < 0 ? Codec.CLOCK_RATE : OpusTerms.CLOCK_RATE,
                        bitsPerSecond(media, payloadType));
        return MediaFormat.ofOpus(payloadType, events, terms);
    }

    /** The payload type of telephone-event by this clock, or -1. */
    private static int events(Media media, int clockRate) {
        return media.payloads().stream()
                .filter(payload -> payload.isEvents() && payload.clockRate() == clockRate)
                .mapToInt(PayloadFormat::payloadType)
                .findFirst()
                .orElse(-1);
    }

    private static int bitsPerSecond(Media media, int payloadType) {
        Matcher told = BITS_PER_SECOND.matcher(media.parameters().getOrDefault(payloadType, ""));
        return told.find() ? Integer.parseInt(told.group(1)) : USUAL_BITS_PER_SECOND;
    }

    private static @Nullable Codec codec(PayloadFormat payload) {
        if (payload.clockRate() != Codec.CLOCK_RATE || payload.channels() != 1) {
            return null;
        }
        return Codec.named(payload.name());
    }
}
