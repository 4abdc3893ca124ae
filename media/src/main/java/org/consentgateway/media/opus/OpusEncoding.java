package org.consentgateway.media.opus;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.util.Arrays;
import org.consentgateway.media.codec.Codec;

/**
 * 20 ms after 20 ms of sound at 16 kHz to packets of Opus. Confined to one stream, whose frames are
 * encoded one after the other.
 *
 * <p>Only its transform coder (CELT) is used: it takes less than half the time of the one for
 * speech, holds 2.5 ms of the sound back instead of 6.5, and at this bit rate loses nothing that a
 * telephone has.
 */
final class OpusEncoding {
    /** Samples in 20 ms. */
    static final int FRAME = Codec.WIDEBAND_RATE / 50;

    /** Of mono speech with 8 kHz (RFC 7587 §3.1.1 has 28 to 40 kbit/s for more than that). */
    static final int BITS_PER_SECOND = 40_000;

    /** RFC 6716 §2.1.1. */
    private static final int LEAST_BITS_PER_SECOND = 6_000;

    /** Of ten: what more would bring is not heard. */
    private static final int COMPLEXITY = 3;

    /** RFC 6716 §3.2.1, of one frame. */
    private static final int MOST_OCTETS = 1275;

    private final OpusEncoder encoder;
    private final byte[] packet = new byte[MOST_OCTETS];

    /**
     * @param mostBitsPerSecond that the far end bears
     */
    OpusEncoding(int mostBitsPerSecond) {
        try {
            encoder =
                    new OpusEncoder(
                            Codec.WIDEBAND_RATE,
                            1,
                            OpusApplication.OPUS_APPLICATION_RESTRICTED_LOWDELAY);
        } catch (OpusException e) {
            throw new IllegalStateException(e);
        }
        encoder.setBitrate(Math.clamp(mostBitsPerSecond, LEAST_BITS_PER_SECOND, BITS_PER_SECOND));
        encoder.setComplexity(COMPLEXITY);
    }

    /**
     * @param samples 20 ms at 16 kHz
     */
    byte[] encode(short[] samples) {
        try {
            int octets = encoder.encode(samples, 0, FRAME, packet, 0, packet.length);
            return Arrays.copyOf(packet, octets);
        } catch (OpusException e) {
            throw new IllegalStateException(e);
        }
    }
}
