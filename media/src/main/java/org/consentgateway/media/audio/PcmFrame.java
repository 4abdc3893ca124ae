package org.consentgateway.media.audio;

/**
 * 20 ms of speech: 160 samples of 16-bit linear PCM at 8 kHz, or twice as many where a wideband
 * party is given it. The array belongs to the receiver of the frame and is not written again.
 *
 * @param mediaMillis where the frame stands on the leg's own time line, in milliseconds since its
 *     first packet
 * @param whole whether this is all there was to hear: nothing of it was lost or made up
 */
public record PcmFrame(short[] samples, long mediaMillis, Origin origin, boolean whole) {
    public static final int SAMPLES = 160;
    public static final int SAMPLE_RATE = 8000;

    /** 20 ms. */
    public static final long NANOS = 20_000_000;

    /** One of which nothing is missing, unless it was made up. */
    public PcmFrame(short[] samples, long mediaMillis, Origin origin) {
        this(samples, mediaMillis, origin, origin != Origin.CONCEALED);
    }

    /** Where the samples come from. */
    public enum Origin {
        RECEIVED,
        CONCEALED,
        SILENCE
    }
}
