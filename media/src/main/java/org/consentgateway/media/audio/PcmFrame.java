package org.consentgateway.media.audio;

/**
 * 20 ms of speech: 160 samples of 16-bit linear PCM at 8 kHz, or twice as many where a wideband
 * party is given it. The array belongs to the receiver of the frame and is not written again.
 *
 * @param mediaMillis where the frame stands on the leg's own time line, in milliseconds since its
 *     first packet
 * @param whole whether this is all there was to hear: nothing of it was lost or made up. Where
 *     nothing comes from a sender, who may be silent or may be lost, it is not whole.
 * @param lostMillis how much of what was sent is known to be missing: of this frame, and between it
 *     and the frame before
 */
public record PcmFrame(
        short[] samples, long mediaMillis, Origin origin, boolean whole, int lostMillis) {
    public static final int SAMPLES = 160;
    public static final int SAMPLE_RATE = 8000;

    /** 20 ms. */
    public static final long NANOS = 20_000_000;

    private static final int MILLIS = 1000 * SAMPLES / SAMPLE_RATE;

    /** One of which nothing is missing, unless it was made up. */
    public PcmFrame(short[] samples, long mediaMillis, Origin origin) {
        this(
                samples,
                mediaMillis,
                origin,
                origin != Origin.CONCEALED,
                origin == Origin.CONCEALED ? MILLIS : 0);
    }

    /** The same, where so much before it is missing, too. */
    public PcmFrame behindLost(int millis) {
        return new PcmFrame(samples, mediaMillis, origin, whole, lostMillis + millis);
    }

    /** Where the samples come from. */
    public enum Origin {
        RECEIVED,
        CONCEALED,
        SILENCE
    }
}
