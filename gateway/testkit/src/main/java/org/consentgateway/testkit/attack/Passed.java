package org.consentgateway.testkit.attack;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A packet of a running call, when and which one. Immutable.
 *
 * @param nanos of any clock, the same for all packets that are compared
 * @param sequence 0 to 65535
 * @param timestamp in samples, 8000 a second
 * @param mark the number of a packet of ours whose sound is in it; {@link #NO_MARK} where it is
 *     none of them
 */
record Passed(long nanos, int sequence, int timestamp, int mark) {
    static final int NO_MARK = -1;

    private static final int HEADER = 12;
    private static final int SAMPLES = 160;
    private static final byte SILENCE = (byte) 0xD5;
    private static final byte SIGN = (byte) 0x80;
    private static final int BITS = 16;

    /**
     * A mark is there four times, each time with other bits turned over: no voice has such signs.
     */
    private static final int[] TURNED = {0x0000, 0xFFFF, 0xA5A5, 0x5A5A};

    /** Of an RTP packet of 20 ms of G.711. */
    static Passed of(long nanos, byte[] rtp, int length) {
        ByteBuffer packet = ByteBuffer.wrap(rtp);
        return new Passed(
                nanos,
                packet.getShort(2) & 0xFFFF,
                packet.getInt(4),
                length == HEADER + SAMPLES ? mark(rtp) : NO_MARK);
    }

    /**
     * Sound that bears a number: in the signs of samples as quiet as A-law has them, so that nobody
     * takes it for speech and µ-law on the way does not change it.
     *
     * @param number 0 to 65535
     */
    static byte[] sound(int number) {
        byte[] sound = new byte[SAMPLES];
        Arrays.fill(sound, SILENCE);
        for (int word = 0; word < TURNED.length; word++) {
            for (int bit = 0; bit < BITS; bit++) {
                if (((number ^ TURNED[word]) >> bit & 1) == 0) {
                    sound[word * BITS + bit] ^= SIGN;
                }
            }
        }
        return sound;
    }

    private static int mark(byte[] rtp) {
        int mark = bits(rtp, HEADER);
        for (int word = 1; word < TURNED.length; word++) {
            if (bits(rtp, HEADER + word * BITS) != (mark ^ TURNED[word])) {
                return NO_MARK;
            }
        }
        return mark;
    }

    private static int bits(byte[] rtp, int from) {
        int bits = 0;
        for (int i = 0; i < BITS; i++) {
            bits |= (rtp[from + i] >> 7 & 1) << i;
        }
        return bits;
    }
}
