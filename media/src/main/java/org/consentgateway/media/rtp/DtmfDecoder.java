package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;

/**
 * Makes key presses of RFC 4733 events: one press is one digit, whichever of its packets arrive and
 * in whatever order. Confined to its leg's event loop.
 *
 * <p>A press is known by SSRC and timestamp, never by marker or end bit (either may be lost):
 *
 * <pre>
 *  time      0    20    40    60    80   100   120   140 ms
 *  packet    1     2     3     4     5     6     7     8
 *  timestamp T     T     T     T     T     T     T     T
 *  duration  160   320   480   640   800   800   800   800
 *  bits      M                             E     E     E
 *            ^ down                        ^ up  (or 200 ms after the last packet of the press)
 * </pre>
 *
 * Senders that bend this are understood:
 *
 * <ul>
 *   <li>Long presses go on with a new timestamp 0xFFFF later (RFC 4733 §2.5.1.3), or let the 16-bit
 *       duration wrap.
 *   <li>Broken ones move the timestamp with every packet: the same event, not ended, soon after,
 *       with a duration that goes on rising. So does a press whose duration reaches back to before
 *       our last packet, whatever was lost between: it cannot have begun since.
 *   <li>The SSRC may change while a key is held down, and the clock may begin anew under the same
 *       SSRC, with lower timestamps, which then look overtaken.
 * </ul>
 *
 * <p>In doubt it is one press: a key missed is pressed again, but a key counted twice would agree
 * to something that was never asked.
 */
public final class DtmfDecoder {
    /** A press without packets for so long is over. */
    public static final long TIMEOUT_NANOS = 200_000_000L;

    /**
     * No packet is overtaken by so much: 100 packets of 20 ms, and the receiver takes it for
     * another sequence.
     */
    private static final long LATEST_NANOS = 2_000_000_000L;

    /** Presses remembered, against stragglers. */
    static final int REMEMBERED = 16;

    private static final String DIGITS = "0123456789*#ABCD";
    private static final int SEGMENT = 0xFFFF;
    private static final long NANOS_PER_SAMPLE = 125_000;

    /** Hears of presses, on the event loop. */
    public interface Keys {
        /**
         * @param atNanos when it went down, as the packet tells: the first of them may be lost, and
         *     nobody may have agreed to what was asked since. Of a sender that tells the whole
         *     duration at once it is too early by that.
         */
        void keyDown(char digit, long atNanos);

        /**
         * @param durationMillis by the sender's last duration field
         */
        void keyUp(char digit, int durationMillis, long atNanos);
    }

    private final Keys keys;
    private final long[] pressed = new long[REMEMBERED];
    private int pressCount;

    private boolean known;
    private boolean down;
    private boolean endSeen;
    private int event;
    private int ssrc;
    private int segmentTimestamp;
    private int lastDuration;
    private long durationBefore;
    private long lastNanos;

    /** When the clock of the sender showed {@link #segmentTimestamp}. */
    private long segmentNanos;

    /** When the last press was over that is known to be, as far as was heard. */
    private long endedNanos = Long.MIN_VALUE;

    /** What comes next may be of another sequence, whose timestamps say nothing about ours. */
    private boolean renewed;

    /** The press of which only what was overtaken has come, and when its last packet came. */
    private int overtakenEvent = -1;

    private long overtakenNanos;

    public DtmfDecoder(Keys keys) {
        this.keys = keys;
    }

    /** A new source is believed, or the known one in a new sequence. */
    public void newSource() {
        renewed = true;
    }

    /**
     * @param payload of a telephone-event packet: event, E R volume, 16 bits of duration
     * @return whether it was a well-formed event of a key
     */
    public boolean packet(
            int source, int timestamp, ByteBuffer payload, int offset, int length, long nowNanos) {
        if (length < 4) {
            return false;
        }
        int code = payload.get(offset) & 0xFF;
        if (code >= DIGITS.length()) {
            return false;
        }
        boolean end = (payload.get(offset + 1) & 0x80) != 0;
        int duration = payload.getShort(offset + 2) & 0xFFFF;
        if (belongsToPress(source, timestamp, code, duration, end, nowNanos)) {
            goOn(source, timestamp, duration, end, nowNanos);
        } else if (!wasPressed(source, timestamp, code)
                && !belongsToOvertaken(source, timestamp, code, nowNanos)) {
            press(source, timestamp, code, duration, end, nowNanos);
        }
        return true;
    }

    /**
     * Whether it is another packet of the overtaken press, from a sender that moves the timestamp
     * with every packet.
     */
    private boolean belongsToOvertaken(int source, int timestamp, int code, long nowNanos) {
        boolean behind = source == ssrc && (renewed || timestamp - segmentTimestamp < 0);
        if (!behind || code != overtakenEvent || nowNanos - overtakenNanos >= TIMEOUT_NANOS) {
            return false;
        }
        overtakenNanos = nowNanos;
        return true;
    }

    private boolean belongsToPress(
            int source, int timestamp, int code, int duration, boolean end, long nowNanos) {
        if (!known || code != event) {
            return false;
        }
        if (source == ssrc && timestamp == segmentTimestamp) {
            return true;
        }
        if (nextSegment(source, timestamp)) {
            return !endSeen;
        }
        if (wasPressed(source, timestamp, code)) {
            return false;
        }
        long gap = nowNanos - lastNanos;
        boolean soon = gap < TIMEOUT_NANOS;
        if (overtaken(source, timestamp, nowNanos)) {
            return soon;
        }
        boolean rising = isAnew(source) || (short) (duration - lastDuration) >= 0;
        boolean begunBefore = duration * NANOS_PER_SAMPLE >= gap;
        return rising && (soon || begunBefore) && (end || !endSeen);
    }

    private boolean nextSegment(int source, int timestamp) {
        return !isAnew(source) && timestamp - segmentTimestamp == SEGMENT;
    }

    /** Whether its timestamps cannot be compared with ours. */
    private boolean isAnew(int source) {
        return renewed || source != ssrc;
    }

    private boolean overtaken(int source, int timestamp, long nowNanos) {
        return !isAnew(source)
                && timestamp - segmentTimestamp < 0
                && nowNanos - lastNanos < LATEST_NANOS;
    }

    private void goOn(int source, int timestamp, int duration, boolean end, long nowNanos) {
        boolean overtaken = overtaken(source, timestamp, nowNanos);
        lastNanos = nowNanos;
        if (overtaken) {
            return;
        }
        if (nextSegment(source, timestamp)) {
            durationBefore += SEGMENT;
            lastDuration = 0;
        } else if (isAnew(source)) {
            lastDuration = 0;
        } else if (lastDuration - duration > 0x8000) {
            durationBefore += SEGMENT + 1;
            lastDuration = 0;
        }
        if (source != ssrc || timestamp != segmentTimestamp) {
            ssrc = source;
            segmentTimestamp = timestamp;
            segmentNanos = nowNanos - duration * NANOS_PER_SAMPLE;
            remember(source, timestamp, event);
        }
        renewed = false;
        lastDuration = Math.max(lastDuration, duration);
        endSeen |= end;
        if (down && end) {
            release(nowNanos);
        }
    }

    private void press(
            int source, int timestamp, int code, int duration, boolean end, long nowNanos) {
        if (known && overtaken(source, timestamp, nowNanos)) {
            // A straggler of a press of which nothing else arrived: it was a press, and is over.
            overtakenEvent = code;
            overtakenNanos = nowNanos;
            remember(source, timestamp, code);
            keys.keyDown(DIGITS.charAt(code), overtakenFrom(timestamp, duration, nowNanos));
            keys.keyUp(DIGITS.charAt(code), duration / 8, nowNanos);
            return;
        }
        segmentNanos = nowNanos - duration * NANOS_PER_SAMPLE;
        long atNanos = Math.max(segmentNanos, down ? lastNanos : endedNanos);
        if (down) {
            release(atNanos);
        }
        known = true;
        renewed = false;
        down = true;
        endSeen = end;
        event = code;
        ssrc = source;
        segmentTimestamp = timestamp;
        lastDuration = duration;
        durationBefore = 0;
        lastNanos = nowNanos;
        remember(source, timestamp, code);
        keys.keyDown(DIGITS.charAt(code), atNanos);
        if (end) {
            release(nowNanos);
        }
    }

    /**
     * By the clock of the press that overtook it; where that would make the packet later than any
     * is, the clock has begun anew and tells nothing.
     */
    private long overtakenFrom(int timestamp, int duration, long nowNanos) {
        long told = nowNanos - duration * NANOS_PER_SAMPLE;
        long begun = segmentNanos - (segmentTimestamp - timestamp) * NANOS_PER_SAMPLE;
        return told - begun < LATEST_NANOS ? Math.min(begun, told) : told;
    }

    private void release(long nowNanos) {
        down = false;
        endedNanos = endSeen ? nowNanos : lastNanos;
        int millis = (int) Math.min(Integer.MAX_VALUE, (durationBefore + lastDuration) / 8);
        keys.keyUp(DIGITS.charAt(event), millis, nowNanos);
    }

    /** To be called now and then: ends a press whose end was lost. */
    public void tick(long nowNanos) {
        if (down && nowNanos - lastNanos >= TIMEOUT_NANOS) {
            release(nowNanos);
        }
    }

    private void remember(int source, int timestamp, int code) {
        pressed[pressCount++ % REMEMBERED] = name(source, timestamp, code);
        if (pressCount == 2 * REMEMBERED) {
            pressCount = REMEMBERED;
        }
    }

    private boolean wasPressed(int source, int timestamp, int code) {
        long name = name(source, timestamp, code);
        for (int i = 0; i < Math.min(pressCount, REMEMBERED); i++) {
            if (pressed[i] == name) {
                return true;
            }
        }
        return false;
    }

    /** With the key, as there are senders whose clock stands still while they send no audio. */
    private static long name(int source, int timestamp, int code) {
        return ((long) source << 32 | (timestamp & 0xFFFFFFFFL)) * 31 + code;
    }

    /** The event code of a key, or -1. */
    static int code(char digit) {
        return DIGITS.indexOf(Character.toUpperCase(digit));
    }
}
