package org.consentgateway.media.audio;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.media.codec.Codec;

/**
 * Audio ready to be sent: encoded once, when it is loaded, in every codec we speak, so that playing
 * costs a copy. Immutable.
 */
public final class AudioClip {
    private final int samples;
    private final Map<Codec, byte[]> encoded;

    private AudioClip(int samples, Map<Codec, byte[]> encoded) {
        this.samples = samples;
        this.encoded = Map.copyOf(encoded);
    }

    /** Encodes 16-bit linear samples at 8 kHz, padded with silence to whole frames. */
    public static AudioClip of(short[] pcm) {
        int samples = Math.ceilDiv(pcm.length, PcmFrame.SAMPLES) * PcmFrame.SAMPLES;
        short[] whole = Arrays.copyOf(pcm, samples);
        var encoded = new HashMap<Codec, byte[]>();
        Codec.all().forEach(codec -> encoded.put(codec, codec.encode(whole)));
        return new AudioClip(samples, encoded);
    }

    /** The first of its frames, or all if it has no more. */
    public AudioClip first(int frames) {
        var cut = new HashMap<Codec, byte[]>();
        int taken = Math.min(frames, samples / PcmFrame.SAMPLES);
        encoded.forEach((codec, octets) ->
                cut.put(codec, Arrays.copyOf(octets, taken * codec.frameOctets())));
        return new AudioClip(taken * PcmFrame.SAMPLES, cut);
    }

    /** The octets to send with this codec, whole frames of it; not to be written. */
    public byte[] octets(Codec codec) {
        return Objects.requireNonNull(encoded.get(codec));
    }

    /** As it sounds to who hears it in our preferred codec: 16-bit linear at 8 kHz. */
    public short[] linear() {
        Codec preferred = Codec.all().getFirst();
        return preferred.decode(octets(preferred));
    }

    /** Length in samples at 8 kHz. */
    public int samples() {
        return samples;
    }

    public int millis() {
        return samples / 8;
    }
}
