package org.consentgateway.media.codec;

import java.nio.ByteBuffer;

/**
 * Linear samples of 16 bits at 16 kHz, the higher octet first: what a party on a stream says that
 * has more than 4 kHz. Immutable. No RTP of ours carries it, so it has no payload type and is not
 * among {@link Codec#all}.
 */
public final class L16 extends Codec {
    public static final L16 WIDEBAND = new L16();

    private static final int FRAME_OCTETS = 640;
    private static final int OCTETS_PER_SAMPLE = 2;

    /** Samples at 16 kHz for one at 8 kHz. */
    private static final int TWICE = 2;

    private final byte[] silence = new byte[FRAME_OCTETS];

    private L16() {
        super("L16", NO_PAYLOAD_TYPE, FRAME_OCTETS);
    }

    @Override
    public boolean isWideband() {
        return true;
    }

    @Override
    public int samples(int octets) {
        return octets / (OCTETS_PER_SAMPLE * TWICE);
    }

    @Override
    public byte[] silence() {
        return silence;
    }

    @Override
    public Decoder decoder(int rate) {
        return rate == WIDEBAND_RATE ? L16::wide : new Narrowing();
    }

    private static void wide(
            ByteBuffer from, int offset, int octets, short[] to, int position, int mask) {
        for (int i = 0; i < octets / OCTETS_PER_SAMPLE; i++) {
            to[(position + i) & mask] = from.getShort(offset + OCTETS_PER_SAMPLE * i);
        }
    }

    @Override
    public Encoder encoder(int rate) {
        Encoder wide = new Plain();
        return wide.at(rate);
    }

    @Override
    public G711 recordedIn() {
        return G711.PCMA;
    }

    /** Confined to one stream. */
    private static final class Narrowing implements Decoder {
        private final BandAnalysis bands = new BandAnalysis();

        @Override
        public void decode(
                ByteBuffer from, int offset, int octets, short[] to, int position, int mask) {
            int pair = OCTETS_PER_SAMPLE * TWICE;
            for (int i = 0; i < octets / pair; i++) {
                int at = offset + pair * i;
                bands.take(from.getShort(at), from.getShort(at + OCTETS_PER_SAMPLE));
                to[(position + i) & mask] = (short) (bands.lower() << 1);
            }
        }
    }

    /** Confined to one stream. */
    private static final class Plain implements Encoder {
        @Override
        public int encode(short[] samples, int count, ByteBuffer to, int offset) {
            for (int i = 0; i < count; i++) {
                to.putShort(offset + OCTETS_PER_SAMPLE * i, samples[i]);
            }
            return OCTETS_PER_SAMPLE * count;
        }

        @Override
        public Encoder at(int rate) {
            return rate == WIDEBAND_RATE ? this : new Widening();
        }
    }

    /** Confined to one stream. */
    private static final class Widening implements Encoder {
        private final BandSynthesis bands = new BandSynthesis();

        @Override
        public int encode(short[] samples, int count, ByteBuffer to, int offset) {
            int at = offset;
            for (int i = 0; i < count; i++) {
                bands.take(samples[i] >> 1, 0);
                to.putShort(at, bands.first()).putShort(at + OCTETS_PER_SAMPLE, bands.second());
                at += OCTETS_PER_SAMPLE * TWICE;
            }
            return at - offset;
        }

        @Override
        public Encoder at(int rate) {
            return rate == NARROWBAND_RATE ? this : new Plain();
        }
    }
}
