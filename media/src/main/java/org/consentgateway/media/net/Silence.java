package org.consentgateway.media.net;

import java.util.Arrays;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;

/** Immutable. 20 ms of nothing in each law; not to be written. */
final class Silence {
    private static final byte[] ALAW = frameOf(G711.silence(Codec.PCMA));
    private static final byte[] ULAW = frameOf(G711.silence(Codec.PCMU));

    private Silence() {}

    static byte[] frame(Codec codec) {
        return switch (codec) {
            case PCMA -> ALAW;
            case PCMU -> ULAW;
        };
    }

    private static byte[] frameOf(byte octet) {
        byte[] frame = new byte[PcmFrame.SAMPLES];
        Arrays.fill(frame, octet);
        return frame;
    }
}
