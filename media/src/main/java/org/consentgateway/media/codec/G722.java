package org.consentgateway.media.codec;

import java.nio.ByteBuffer;

/**
 * ITU-T G.722 at 64 kbit/s. Immutable.
 *
 * <p>Sixteen thousand samples a second in two sub-bands of eight thousand, an octet for each pair;
 * the RTP clock runs at 8 kHz all the same (RFC 3551 §4.5.2), so that an octet is a tick. Sound at
 * 8 kHz is the lower sub-band as it is: what is listened to or goes to a narrowband party is that
 * band, and what comes from there, our prompts too, leaves the other one empty.
 */
public final class G722 extends Codec {
    public static final G722 WIDEBAND = new G722();

    private static final int FRAME_OCTETS = 160;

    /** After so long a silence its octets repeat. */
    private static final int SETTLED_OCTETS = 50 * FRAME_OCTETS;

    private final byte[] silence = new byte[FRAME_OCTETS];

    private G722() {
        super("G722", 9, FRAME_OCTETS);
        var nothing = new Encoding();
        for (int i = 0; i < SETTLED_OCTETS; i++) {
            silence[i % FRAME_OCTETS] = nothing.octet(0);
        }
    }

    @Override
    public boolean isWideband() {
        return true;
    }

    @Override
    public int samples(int octets) {
        return octets;
    }

    @Override
    public byte[] silence() {
        return silence;
    }

    @Override
    public Decoder decoder(int rate) {
        return rate == NARROWBAND_RATE ? new Decoding() : new WideDecoding();
    }

    @Override
    public Encoder encoder(int rate) {
        return new Encoding().at(rate);
    }

    @Override
    public G711 recordedIn() {
        return G711.PCMA;
    }

    /** Confined to one stream. */
    private static final class Decoding implements Decoder {
        private final LowerBand lower = new LowerBand();

        /** The band has 15 bits, sound has 16. */
        short sample(byte octet) {
            return (short) (lower.decode(octet & 0x3F) << 1);
        }

        @Override
        public void decode(
                ByteBuffer from, int offset, int octets, short[] to, int position, int mask) {
            for (int i = 0; i < octets; i++) {
                to[(position + i) & mask] = sample(from.get(offset + i));
            }
        }
    }

    /** Confined to one stream. */
    private static final class WideDecoding implements Decoder {
        private final LowerBand lower = new LowerBand();
        private final HigherBand higher = new HigherBand();
        private final BandSynthesis bands = new BandSynthesis();

        @Override
        public void decode(
                ByteBuffer from, int offset, int octets, short[] to, int position, int mask) {
            int at = position;
            for (int i = 0; i < octets; i++) {
                int octet = from.get(offset + i);
                bands.take(lower.decode(octet & 0x3F), higher.decode(octet >> 6 & 3));
                to[at++ & mask] = bands.first();
                to[at++ & mask] = bands.second();
            }
        }
    }

    /** Confined to one stream. */
    private static final class Encoding implements Encoder {
        private final LowerBand lower = new LowerBand();
        private final HigherBand higher = new HigherBand();
        private final Encoder wide = new Wide();

        byte octet(int sample) {
            return octet(sample >> 1, 0);
        }

        private byte octet(int low, int high) {
            return (byte) (higher.encode(high) << 6 | lower.encode(low));
        }

        @Override
        public Encoder at(int rate) {
            return rate == NARROWBAND_RATE ? this : wide;
        }

        /** The same stream from 16 kHz: what the far decoder knows of it goes on. */
        private final class Wide implements Encoder {
            private final BandAnalysis bands = new BandAnalysis();

            @Override
            public int encode(short[] samples, int count, ByteBuffer to, int offset) {
                for (int i = 0; i < count / 2; i++) {
                    bands.take(samples[2 * i], samples[2 * i + 1]);
                    to.put(offset + i, octet(bands.lower(), bands.higher()));
                }
                return count / 2;
            }

            @Override
            public Encoder at(int rate) {
                return Encoding.this.at(rate);
            }
        }

        @Override
        public int encode(short[] samples, int count, ByteBuffer to, int offset) {
            for (int i = 0; i < count; i++) {
                to.put(offset + i, octet(samples[i]));
            }
            return count;
        }
    }
}
