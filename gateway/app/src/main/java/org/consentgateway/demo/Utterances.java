package org.consentgateway.demo;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;

/**
 * Cuts what a caller says into utterances, by how loud it is: enough to say it after them. Confined
 * to one call.
 */
final class Utterances {
    /** 40 dB below the loudest. */
    private static final double LEAST_LEVEL = 330;

    private static final int SHORTEST_FRAMES = 10;
    private static final int PAUSE_FRAMES = 35;
    private static final int LONGEST_FRAMES = 500;
    private static final int FRAME_OCTETS = PcmFrame.SAMPLES * 2;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private int loud;
    private int quiet;

    /**
     * The next 20 ms.
     *
     * @return what has been said, once it is over
     */
    Optional<AudioClip> hear(short[] samples) {
        if (Tone.level(samples) >= LEAST_LEVEL) {
            loud++;
            quiet = 0;
        } else if (loud == 0) {
            return Optional.empty();
        } else {
            quiet++;
        }
        ByteBuffer octets = ByteBuffer.allocate(samples.length * 2);
        octets.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(samples);
        said.writeBytes(octets.array());
        boolean over = quiet >= PAUSE_FRAMES || said.size() >= LONGEST_FRAMES * FRAME_OCTETS;
        if (!over) {
            return Optional.empty();
        }
        Optional<AudioClip> whole =
                loud >= SHORTEST_FRAMES ? Optional.of(clip()) : Optional.empty();
        forget();
        return whole;
    }

    private AudioClip clip() {
        byte[] octets = said.toByteArray();
        short[] samples = new short[octets.length / 2];
        ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return AudioClip.of(samples);
    }

    /** What was being said is not said again. */
    void forget() {
        said.reset();
        loud = 0;
        quiet = 0;
    }
}
