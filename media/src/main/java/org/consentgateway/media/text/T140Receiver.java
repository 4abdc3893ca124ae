package org.consentgateway.media.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.consentgateway.media.TextFormat;
import org.jspecify.annotations.Nullable;

/**
 * Puts a party's text together (RFC 4103 §5.4): each block once and in order, lost ones from the
 * redundancy of later packets, and U+FFFD for what nobody has sent again. Takes the time, owns no
 * clock and no socket. Confined to its leg's event loop.
 */
public final class T140Receiver {
    /** Stands for text that was lost on the way (T.140 Addendum 1). */
    public static final char LOST = '\uFFFD';

    /** A gap that redundancy does not fill is waited for: its packets may be late. */
    static final long PATIENCE_MILLIS = 500;

    /** Packets that wait for earlier ones. */
    private static final int MOST_HELD = 16;

    /** RFC 4103 §8: says the order of octets, and is no text. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final RedundantPayload NOTHING = new RedundantPayload(List.of(), new byte[0]);

    private record Held(int sequence, RedundantPayload payload) {}

    private final Deque<Held> held = new ArrayDeque<>();
    private TextFormat format;
    private boolean started;

    /** Of those that the first packet repeats, how many nobody has read yet. */
    private int mostRepeated = Integer.MAX_VALUE;

    private boolean malformed;
    private int expected;
    private long waitsSince;

    public T140Receiver(TextFormat format) {
        this.format = format;
    }

    public void agreed(TextFormat next) {
        format = next;
    }

    /**
     * The numbers that come now have nothing to do with those before.
     *
     * @param sameSource whether it is the same source that counts anew: then what its first packet
     *     repeats has been read
     * @return what still waited for what is lost now
     */
    public String restart(boolean sameSource) {
        var text = new StringBuilder();
        while (!held.isEmpty()) {
            giveUp(text);
        }
        started = false;
        mostRepeated = sameSource ? 0 : Integer.MAX_VALUE;
        return text.toString();
    }

    /**
     * Takes a packet.
     *
     * @return what can be read now, perhaps nothing
     */
    public String packet(
            int sequence,
            int payloadType,
            ByteBuffer datagram,
            int at,
            int length,
            long nowMillis) {
        RedundantPayload payload = payload(payloadType, datagram, at, length);
        malformed = payload == null;
        if (payload == null) {
            payload = NOTHING; // it is no gap, and hides none
        }
        if (!started) {
            started = true;
            expected = sequence - Math.min(mostRepeated, payload.older().size());
        }
        int ahead = ahead(sequence);
        if (ahead < 0) {
            return "";
        }
        var text = new StringBuilder();
        if (ahead <= payload.older().size()) {
            take(sequence, payload, text);
            takeHeld(text);
        } else {
            hold(new Held(sequence, payload), nowMillis);
            if (held.size() > MOST_HELD) {
                giveUp(text);
            }
        }
        return text.toString();
    }

    /** Whether the payload taken last was none, or none that was agreed. */
    public boolean malformed() {
        return malformed;
    }

    /** What can be read now that time has passed; mostly nothing. */
    public String tick(long nowMillis) {
        if (held.isEmpty() || nowMillis - waitsSince < PATIENCE_MILLIS) {
            return "";
        }
        var text = new StringBuilder();
        giveUp(text);
        waitsSince = nowMillis;
        return text.toString();
    }

    private @Nullable RedundantPayload payload(
            int payloadType, ByteBuffer datagram, int at, int length) {
        if (payloadType == format.payloadType()) {
            return new RedundantPayload(List.of(), RedundantPayload.octets(datagram, at, length));
        }
        return payloadType == format.redundantPayloadType()
                ? RedundantPayload.read(datagram, at, length, format.payloadType())
                : null;
    }

    private int ahead(int sequence) {
        return (short) (sequence - expected);
    }

    /** With what it repeats of those that are missing. */
    private void take(int sequence, RedundantPayload payload, StringBuilder text) {
        List<byte[]> older = payload.older();
        int missing = Math.min(ahead(sequence), older.size());
        older.subList(older.size() - missing, older.size()).forEach(block -> add(block, text));
        add(payload.newest(), text);
        expected = (sequence + 1) & 0xFFFF;
    }

    private static void add(byte[] block, StringBuilder text) {
        text.append(new String(block, StandardCharsets.UTF_8).replace(BYTE_ORDER_MARK, ""));
    }

    private void hold(Held late, long nowMillis) {
        if (held.isEmpty()) {
            waitsSince = nowMillis;
        }
        if (held.stream().noneMatch(one -> one.sequence == late.sequence)) {
            held.addLast(late);
        }
    }

    /** Those that follow now without a gap. */
    private void takeHeld(StringBuilder text) {
        Held next = nearest();
        while (next != null && ahead(next.sequence) <= next.payload.older().size()) {
            held.remove(next);
            if (ahead(next.sequence) >= 0) {
                take(next.sequence, next.payload, text);
            }
            next = nearest();
        }
    }

    /** The gap is not filled any more. */
    private void giveUp(StringBuilder text) {
        Held next = nearest();
        if (next != null) {
            held.remove(next);
            text.append(LOST);
            take(next.sequence, next.payload, text);
            takeHeld(text);
        }
    }

    private @Nullable Held nearest() {
        Held nearest = null;
        for (Held one : held) {
            if (nearest == null || ahead(one.sequence) < ahead(nearest.sequence)) {
                nearest = one;
            }
        }
        return nearest;
    }
}
