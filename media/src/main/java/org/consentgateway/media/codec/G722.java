package org.consentgateway.media.codec;

import java.nio.ByteBuffer;

/**
 * ITU-T G.722 at 64 kbit/s. Immutable.
 *
 * <p>Sixteen thousand samples a second in two sub-bands of eight thousand, an octet for each pair;
 * the RTP clock runs at 8 kHz all the same (RFC 3551 §4.5.2), so that an octet is a tick. Inside
 * the engine sound has 8 kHz, which is the lower sub-band as it is: what is decoded, listened to or
 * translated is that band, and what we say leaves the other one empty. Only what is relayed from
 * one leg to another that both speak it keeps its upper band.
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
    public Decoder decoder() {
        return new Decoding();
    }

    @Override
    public Encoder encoder() {
        return new Encoding();
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
    private static final class Encoding implements Encoder {
        private final LowerBand lower = new LowerBand();
        private final HigherBand higher = new HigherBand();

        byte octet(int sample) {
            return (byte) (higher.encode(0) << 6 | lower.encode(sample >> 1));
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
