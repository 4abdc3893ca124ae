package org.consentgateway.media.codec;

import java.nio.ByteBuffer;

/**
 * Translates by decoding and encoding again, as any two codecs can; at 16 kHz where both have more
 * than 4 kHz. Confined to one direction of one stream.
 */
final class SampleTranslator implements Codec.Translator {
    /** 120 ms at 8 kHz: nobody puts more into one packet, and what is beyond is left out. */
    static final int MAX_SAMPLES = 960;

    private final Codec from;
    private final Codec to;
    private final int perTick;
    private final Codec.Decoder decoder;
    private final Codec.Encoder encoder;
    private final short[] samples;

    SampleTranslator(Codec from, Codec to) {
        this(from, to, to.encoder());
    }

    private SampleTranslator(Codec from, Codec to, Codec.Encoder stream) {
        this.from = from;
        this.to = to;
        int rate = Math.min(from.rate(), to.rate());
        this.perTick = rate / Codec.NARROWBAND_RATE;
        this.decoder = from.decoder(rate);
        this.encoder = stream.at(rate);
        this.samples = new short[MAX_SAMPLES * perTick];
    }

    @Override
    public int translate(ByteBuffer packet, int offset, int octets) {
        int most = MAX_SAMPLES / from.samples(from.frameOctets()) * from.frameOctets();
        int taken = Math.min(octets, most);
        decoder.decode(packet, offset, taken, samples, 0, -1);
        return encoder.encode(samples, perTick * from.samples(taken), packet, offset);
    }

    @Override
    public Codec.Translator from(Codec other) {
        return new SampleTranslator(other, to, encoder);
    }
}
