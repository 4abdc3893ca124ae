package org.consentgateway.media.codec;

import java.nio.ByteBuffer;

/** Turns a codec of 8 kHz to one of 16 kHz, with nothing in the band that it has not got. */
final class WideSound {
    private WideSound() {}

    /** Confined to one stream. */
    static final class Decoder implements Codec.Decoder {
        private final Codec codec;
        private final Codec.Decoder narrow;
        private final BandSynthesis bands = new BandSynthesis();
        private final short[] samples = new short[SampleTranslator.MAX_SAMPLES];

        Decoder(Codec codec) {
            this.codec = codec;
            this.narrow = codec.decoder();
        }

        @Override
        public void decode(
                ByteBuffer from, int offset, int octets, short[] to, int position, int mask) {
            int done = 0;
            int most = SampleTranslator.MAX_SAMPLES / codec.samples(codec.frameOctets());
            int at = position;
            while (done < octets) {
                int part = Math.min(octets - done, most * codec.frameOctets());
                narrow.decode(from, offset + done, part, samples, 0, -1);
                int count = codec.samples(part);
                for (int i = 0; i < count; i++) {
                    bands.take(samples[i] >> 1, 0);
                    to[at++ & mask] = bands.first();
                    to[at++ & mask] = bands.second();
                }
                done += part;
            }
        }
    }

    /** Confined to one stream. */
    static final class Encoder implements Codec.Encoder {
        private final Codec.Encoder narrow;
        private final BandAnalysis bands = new BandAnalysis();
        private final short[] samples = new short[SampleTranslator.MAX_SAMPLES];

        Encoder(Codec.Encoder narrow) {
            this.narrow = narrow;
        }

        @Override
        public int encode(short[] sound, int count, ByteBuffer to, int offset) {
            int octets = 0;
            int kept = 0;
            for (int i = 0; i + 1 < count; i += 2) {
                bands.take(sound[i], sound[i + 1]);
                samples[kept++] = (short) (bands.lower() << 1);
                if (kept == samples.length) {
                    octets += narrow.encode(samples, kept, to, offset + octets);
                    kept = 0;
                }
            }
            return octets + narrow.encode(samples, kept, to, offset + octets);
        }

        @Override
        public Codec.Encoder at(int rate) {
            return rate == Codec.WIDEBAND_RATE ? this : narrow;
        }
    }
}
