package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;

/**
 * Sends keys as RFC 4733 events, one packet per 20 ms instead of audio: the timestamp of the first
 * stays for all, the marker is on the first only, the end packet goes out three times (§2.5.1.4),
 * and a pause follows so that two equal keys stay two. Confined to its leg's event loop.
 */
public final class DtmfSender {
    /** Keys waiting at most; more are refused. */
    public static final int MAX_WAITING = 64;

    /** Octets of an event. */
    public static final int PAYLOAD = 4;

    private static final int FRAMES = 5;
    private static final int END_PACKETS = 3;
    private static final int PAUSE_FRAMES = 3;
    private static final int FRAME_SAMPLES = 160;

    /** RFC 4733 §2.5.2.3: power in -dBm0. */
    private static final int VOLUME = 10;

    private final byte[] waiting = new byte[MAX_WAITING];
    private int head;
    private int count;
    private int step = -1;
    private int event;

    /**
     * @return false if this is no key or too many wait
     */
    public boolean queue(char digit) {
        int code = DtmfDecoder.code(digit);
        if (code < 0 || count == MAX_WAITING) {
            return false;
        }
        waiting[(head + count++) % MAX_WAITING] = (byte) code;
        return true;
    }

    /** Whether this frame's time belongs to a key (or to the pause after it), not to audio. */
    public boolean active() {
        return step >= 0 || count > 0;
    }

    /** Whether the next frame sends a packet; in the pause it does not, and silence goes out. */
    public boolean sendsNow() {
        return step < FRAMES + END_PACKETS;
    }

    /** Whether the next packet starts a key: it takes the clock's timestamp and the marker. */
    public boolean first() {
        return step <= 0;
    }

    /** Moves to the next 20 ms. Call {@link #write} before, if {@link #sendsNow()}. */
    public void advance() {
        step++;
        if (step >= FRAMES + END_PACKETS + PAUSE_FRAMES) {
            step = -1;
        }
    }

    /**
     * Drops the keys that wait, for a peer that understands none.
     *
     * @return how many
     */
    public int skip() {
        int skipped = count;
        count = 0;
        step = -1;
        return skipped;
    }

    /**
     * Writes the payload of the present packet.
     *
     * @param ratio of the clock in which its duration is told to that of the engine
     */
    public void write(ByteBuffer packet, int offset, int ratio) {
        if (step < 0) {
            event = waiting[head];
            head = (head + 1) % MAX_WAITING;
            count--;
            step = 0;
        }
        boolean end = step >= FRAMES;
        int duration = Math.min(step + 1, FRAMES) * FRAME_SAMPLES;
        packet.put(offset, (byte) event);
        packet.put(offset + 1, (byte) (end ? 0x80 | VOLUME : VOLUME));
        packet.putShort(offset + 2, (short) (ratio * duration));
    }
}
