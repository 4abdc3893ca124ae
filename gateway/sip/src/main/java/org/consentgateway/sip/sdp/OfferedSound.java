package org.consentgateway.sip.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.codec.Codec;

/**
 * What sound an offer of ours names, the preferred one first. Immutable.
 *
 * @param opusAt before which of the codecs Opus stands; {@link #NO_OPUS} for nowhere
 */
public record OfferedSound(List<Codec> codecs, int opusAt) {
    public static final int NO_OPUS = -1;

    /** Where telephone-event is ours to number. */
    private static final int EVENT_PAYLOAD_TYPE = 101;

    /** RFC 4733 §2.1: events run by the clock of the sound beside them. */
    private static final int FAST_EVENT_PAYLOAD_TYPE = 110;

    private static final int OPUS_PAYLOAD_TYPE = 111;

    public OfferedSound {
        codecs = List.copyOf(codecs);
    }

    /**
     * Wideband is offered only where the other leg has it: elsewhere nothing is gained, and each
     * packet would have to be translated. Opus, which has to be coded, comes behind what can be
     * relayed: before G.711 where that would lose the upper band, else behind all.
     *
     * @param preferred the one of the other leg
     */
    public static OfferedSound of(Codec preferred, boolean opus) {
        Stream<Codec> narrow = Codec.all().stream().filter(codec -> !codec.isWideband());
        List<Codec> codecs = Stream.concat(Stream.of(preferred), narrow).distinct().toList();
        int behind = preferred.isWideband() ? 1 : codecs.size();
        return new OfferedSound(codecs, opus ? behind : NO_OPUS);
    }

    /** Of what is in use already, that first. */
    public static OfferedSound again(MediaFormat agreed) {
        return agreed.opus() == null
                ? of(agreed.codec(), false)
                : new OfferedSound(of(Codec.all().getFirst(), false).codecs(), 0);
    }

    /** With the events that go with them. */
    List<PayloadFormat> payloads() {
        List<PayloadFormat> payloads = new ArrayList<>();
        for (Codec codec : codecs) {
            payloads.add(PayloadFormat.of(codec, codec.staticPayloadType()));
        }
        if (opusAt != NO_OPUS) {
            payloads.add(opusAt, PayloadFormat.ofOpus(OPUS_PAYLOAD_TYPE));
            payloads.add(PayloadFormat.ofEvents(FAST_EVENT_PAYLOAD_TYPE, OpusTerms.CLOCK_RATE));
        }
        payloads.add(PayloadFormat.ofEvents(EVENT_PAYLOAD_TYPE, Codec.CLOCK_RATE));
        return payloads;
    }

    /** Under which number of ours events by this clock come in. */
    static int eventPayloadType(int clockRate) {
        return clockRate == OpusTerms.CLOCK_RATE ? FAST_EVENT_PAYLOAD_TYPE : EVENT_PAYLOAD_TYPE;
    }

    /** Under which number of ours Opus comes in. */
    static int opusPayloadType() {
        return OPUS_PAYLOAD_TYPE;
    }
}
