package org.consentgateway.media.opus;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.util.Arrays;
import org.consentgateway.media.codec.Codec;
import org.jspecify.annotations.Nullable;

/**
 * Packets of Opus to sound at 16 kHz, in one channel whatever was sent. Confined to one stream,
 * whose packets are decoded one after the other.
 */
final class OpusDecoding {
    /** Samples in 120 ms: no packet holds more (RFC 6716 §3.2.5). */
    static final int MOST_SAMPLES = Codec.WIDEBAND_RATE * 120 / 1000;

    private final short[] samples = new short[MOST_SAMPLES];
    private OpusDecoder decoder = fresh();

    private static OpusDecoder fresh() {
        try {
            return new OpusDecoder(Codec.WIDEBAND_RATE, 1);
        } catch (OpusException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @return null if it is no packet of Opus
     */
    short @Nullable [] decode(byte[] packet) {
        return packet.length == 0 ? null : decode(packet, packet.length, MOST_SAMPLES);
    }

    /**
     * What may have been in a packet that was lost, out of those before it.
     *
     * @param count of samples, a multiple of 2.5 ms and no more than 120 ms
     */
    short[] conceal(int count) {
        short[] guessed = decode(null, 0, count);
        return guessed == null ? new short[count] : guessed;
    }

    // The library asserts what a stranger's packet has to be by AssertionError.
    private short @Nullable [] decode(byte @Nullable [] packet, int octets, int most) {
        try {
            int count = decoder.decode(packet, 0, octets, samples, 0, most, false);
            return Arrays.copyOf(samples, count);
        } catch (OpusException | RuntimeException | AssertionError malformed) {
            // Half of it may have been taken in.
            decoder = fresh();
            return null;
        }
    }
}
