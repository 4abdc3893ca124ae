package org.consentgateway.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An RTP packet without extensions or padding (RFC 3550 §5.1).
 *
 * @param type of its payload, 0 to 127
 */
public record RtpPacket(
        boolean marker, int type, int sequence, int timestamp, int ssrc, byte[] payload) {
    public static final int HEADER = 12;

    /** Packets of a key: five updates of 20 ms, and its end three times (RFC 4733 §2.5.1.4). */
    public static final int KEY_PACKETS = 8;

    static final int KEY_UPDATES = 5;
    private static final int FRAME_SAMPLES = 160;
    private static final String KEYS = "0123456789*#ABCD";

    static RtpPacket of(byte[] octets, int length) {
        ByteBuffer packet = ByteBuffer.wrap(octets);
        return new RtpPacket(
                packet.get(1) < 0,
                packet.get(1) & 0x7F,
                packet.getShort(2) & 0xFFFF,
                packet.getInt(4),
                packet.getInt(8),
                Arrays.copyOfRange(octets, HEADER, length));
    }

    public byte[] octets() {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put((byte) 0x80)
                .put((byte) (type | (marker ? 0x80 : 0)))
                .putShort((short) sequence)
                .putInt(timestamp)
                .putInt(ssrc)
                .put(payload)
                .array();
    }

    /**
     * The payload of one packet of a key of 100 ms.
     *
     * @param step 0 to {@link #KEY_PACKETS} - 1
     */
    public static byte[] key(char key, int step) {
        int samples = Math.min(step + 1, KEY_UPDATES) * FRAME_SAMPLES;
        byte volume = (byte) (step >= KEY_UPDATES ? 0x8A : 0x0A);
        return ByteBuffer.allocate(4)
                .put((byte) KEYS.indexOf(key))
                .put(volume)
                .putShort((short) samples)
                .array();
    }

    /** Whose packet an event is. */
    char pressed() {
        return KEYS.charAt(payload[0]);
    }
}
