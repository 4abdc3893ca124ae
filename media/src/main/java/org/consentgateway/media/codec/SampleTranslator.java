package org.consentgateway.media.codec;

import java.nio.ByteBuffer;

/**
 * Translates by decoding and encoding again, as any two codecs can. Confined to one direction of
 * one stream.
 */
final class SampleTranslator implements Codec.Translator {
    /** 120 ms: nobody puts more into one packet, and what is beyond is left out. */
    static final int MAX_SAMPLES = 960;

    private final Codec from;
    private final Codec.Decoder decoder;
    private final Codec.Encoder encoder;
    private final short[] samples = new short[MAX_SAMPLES];

    SampleTranslator(Codec from, Codec to) {
        this.from = from;
        this.decoder = from.decoder();
        this.encoder = to.encoder();
    }

    @Override
    public int translate(ByteBuffer packet, int offset, int octets) {
        int most = MAX_SAMPLES / from.samples(from.frameOctets()) * from.frameOctets();
        int taken = Math.min(octets, most);
        decoder.decode(packet, offset, taken, samples, 0, -1);
        return encoder.encode(samples, from.samples(taken), packet, offset);
    }
}
