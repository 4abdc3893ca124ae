package org.consentgateway.media.audio;

import java.util.Arrays;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;

/**
 * Immutable. Audio ready to be sent: encoded once, at load time, in both laws, so that playing
 * costs a copy. The arrays are not to be written.
 *
 * @param alaw A-law octets at 8 kHz, a whole number of 160-octet frames (padded with silence)
 * @param ulaw the same in µ-law
 */
public record AudioClip(byte[] alaw, byte[] ulaw) {
    public AudioClip {
        if (alaw.length != ulaw.length || alaw.length % PcmFrame.SAMPLES != 0) {
            throw new IllegalArgumentException(
                    "a clip is whole frames of the same length in both laws, not %d and %d octets"
                            .formatted(alaw.length, ulaw.length));
        }
    }

    /** Encodes 16-bit linear samples at 8 kHz, padded with silence to whole frames. */
    public static AudioClip of(short[] pcm) {
        int frames = Math.ceilDiv(pcm.length, PcmFrame.SAMPLES);
        byte[] alaw = Arrays.copyOf(G711.encode(Codec.PCMA, pcm), frames * PcmFrame.SAMPLES);
        byte[] ulaw = Arrays.copyOf(G711.encode(Codec.PCMU, pcm), frames * PcmFrame.SAMPLES);
        Arrays.fill(alaw, pcm.length, alaw.length, G711.ALAW_SILENCE);
        Arrays.fill(ulaw, pcm.length, ulaw.length, G711.ULAW_SILENCE);
        return new AudioClip(alaw, ulaw);
    }

    /** Silence of this length, rounded up to whole frames. */
    public static AudioClip silence(int millis) {
        return of(new short[millis * 8]);
    }

    /** The octets to send with this codec; not to be written. */
    public byte[] octets(Codec codec) {
        return switch (codec) {
            case PCMA -> alaw;
            case PCMU -> ulaw;
        };
    }

    /** Length in samples, which is octets. */
    public int samples() {
        return alaw.length;
    }

    public int millis() {
        return samples() / 8;
    }
}
