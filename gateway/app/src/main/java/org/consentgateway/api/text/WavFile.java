package org.consentgateway.api.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A-law octets as a file that every browser plays (RIFF WAVE, format tag 6 of RFC 2361). */
final class WavFile {
    /** Octets a second. */
    static final int RATE = 8_000;

    private static final int HEADER = 44;
    private static final short A_LAW = 6;

    private WavFile() {}

    /**
     * @param octets at 8 kHz, one channel
     */
    static byte[] of(byte[] octets) {
        ByteBuffer file = ByteBuffer.allocate(HEADER + octets.length);
        file.order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("RIFF")).putInt(HEADER - 8 + octets.length).put(ascii("WAVE"));
        file.put(ascii("fmt ")).putInt(16).putShort(A_LAW).putShort((short) 1);
        file.putInt(RATE).putInt(RATE).putShort((short) 1).putShort((short) 8);
        file.put(ascii("data")).putInt(octets.length).put(octets);
        return file.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
