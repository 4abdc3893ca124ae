package org.consentgateway.media.audio;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;

/**
 * Audio ready to be sent: encoded once, when it is loaded, in every codec that recordings are kept
 * in, so that playing costs a copy. Immutable.
 */
public final class AudioClip {
    private final int samples;
    private final Map<G711, byte[]> encoded;

    private AudioClip(int samples, Map<G711, byte[]> encoded) {
        this.samples = samples;
        this.encoded = Map.copyOf(encoded);
    }

    /** Encodes 16-bit linear samples at 8 kHz, padded with silence to whole frames. */
    public static AudioClip of(short[] pcm) {
        int samples = Math.ceilDiv(pcm.length, PcmFrame.SAMPLES) * PcmFrame.SAMPLES;
        short[] whole = Arrays.copyOf(pcm, samples);
        var encoded = new HashMap<G711, byte[]>();
        Codec.all().stream()
                .map(Codec::recordedIn)
                .distinct()
                .forEach(codec -> encoded.put(codec, codec.encode(whole)));
        return new AudioClip(samples, encoded);
    }

    /** The first of its frames, or all if it has no more. */
    public AudioClip first(int frames) {
        var cut = new HashMap<G711, byte[]>();
        int taken = Math.min(frames, samples / PcmFrame.SAMPLES);
        encoded.forEach((codec, octets) ->
                cut.put(codec, Arrays.copyOf(octets, taken * codec.frameOctets())));
        return new AudioClip(taken * PcmFrame.SAMPLES, cut);
    }

    /** The octets to send with this codec, whole frames of it; not to be written. */
    public byte[] octets(G711 codec) {
        return Objects.requireNonNull(encoded.get(codec));
    }

    /** As it sounds to who hears it in our preferred codec: 16-bit linear at 8 kHz. */
    public short[] linear() {
        G711 preferred = Codec.all().getFirst().recordedIn();
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
