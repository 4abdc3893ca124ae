package org.consentgateway.media.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.consentgateway.media.TextFormat;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be sent of a text, and what of it again (RFC 4103 §4). Takes the time, owns no
 * clock and no socket. Confined to its leg's event loop.
 *
 * <pre>
 *  ms        0        300        600        900       1200
 *  new      "Ja"     " bitte"    -          -           -
 *  again    -        "Ja"       " bitte"    -           -      first generation
 *  again    -        -          "Ja"       " bitte"     -      second
 *  packet    M         x          x          x        none: nothing to say
 * </pre>
 */
public final class T140Sender {
    /** RFC 4103 §5.1: text is collected for so long, and sent at once after a pause. */
    static final long INTERVAL_MILLIS = 300;

    /** Characters that may wait: some ten of our longest texts. */
    static final int CAPACITY = 8000;

    /** Characters of one packet, so that it stays below 1,000 octets with two generations. */
    static final int PACKET_CHARACTERS = 80;

    /** RFC 4103 §6: over so long the rate is an average. */
    static final long RATE_MILLIS = 10_000;

    private record Block(byte[] octets, long atMillis) {}

    private record Spent(long atMillis, int characters) {}

    private final StringBuilder waiting = new StringBuilder();
    private final Deque<Block> sent = new ArrayDeque<>();
    private final Deque<Spent> spent = new ArrayDeque<>();
    private @Nullable TextFormat format;
    private int packetsAgain;
    private boolean paused = true;
    private boolean marker;
    private long dueMillis = Long.MIN_VALUE;

    /** What was sent before is not sent again: other numbers may mean another reader. */
    public void agreed(TextFormat next) {
        if (!next.equals(format)) {
            format = next;
            sent.clear();
            packetsAgain = 0;
        }
    }

    /**
     * @return how many characters there was no room for
     */
    public int queue(String text) {
        int room = CAPACITY - waiting.length();
        int taken = Math.min(room, text.length());
        waiting.append(text, 0, taken);
        return text.length() - taken;
    }

    /** What has not gone out yet is left out; what has may go out again. */
    public void skip() {
        waiting.setLength(0);
    }

    /** Nothing of it goes out any more, neither for the first time nor again. */
    public void forget() {
        skip();
        sent.clear();
        packetsAgain = 0;
    }

    /** Whether all that was queued has gone out once. */
    public boolean empty() {
        return waiting.isEmpty();
    }

    /**
     * Writes the payload of the packet that is due.
     *
     * @return its octets, or 0 if none is due
     */
    public int write(ByteBuffer packet, int at, long nowMillis) {
        TextFormat agreed = format;
        if (agreed == null || nowMillis < dueMillis) {
            return 0;
        }
        byte[] now = next(agreed, nowMillis).getBytes(StandardCharsets.UTF_8);
        if (now.length == 0 && packetsAgain == 0) {
            paused = waiting.isEmpty();
            return 0;
        }
        int length =
                agreed.redundant() ? redundant(agreed, packet, at, now, nowMillis) : now.length;
        packet.put(at + length - now.length, now);
        packetsAgain = now.length > 0 ? agreed.generations() : packetsAgain - 1;
        marker = paused;
        paused = false;
        dueMillis = nowMillis + INTERVAL_MILLIS;
        return length;
    }

    /** Whether the packet written last is the first after a pause. */
    public boolean marker() {
        return marker;
    }

    /** Octets with the new ones, which are written by the caller. */
    private int redundant(
            TextFormat agreed, ByteBuffer packet, int at, byte[] now, long nowMillis) {
        int header = at;
        int block =
                at + sent.size() * RedundantPayload.OLDER_HEADER + RedundantPayload.NEWEST_HEADER;
        for (Block older : sent) {
            long offset = nowMillis - older.atMillis;
            boolean tooOld = offset > RedundantPayload.MOST_OFFSET;
            byte[] octets = tooOld ? new byte[0] : older.octets;
            int word = ((int) Math.min(offset, RedundantPayload.MOST_OFFSET) << 10) | octets.length;
            packet.putInt(header, 0x8000_0000 | (agreed.payloadType() << 24) | word);
            packet.put(block, octets);
            header += RedundantPayload.OLDER_HEADER;
            block += octets.length;
        }
        packet.put(header, (byte) agreed.payloadType());
        sent.addLast(new Block(now, nowMillis));
        if (sent.size() > agreed.generations()) {
            sent.removeFirst();
        }
        return block - at + now.length;
    }

    private String next(TextFormat agreed, long nowMillis) {
        int most = Math.min(PACKET_CHARACTERS, allowance(agreed, nowMillis));
        int end = 0;
        int characters = 0;
        while (end < waiting.length() && characters < most) {
            end += Character.charCount(Character.codePointAt(waiting, end));
            characters++;
        }
        String text = waiting.substring(0, end);
        waiting.delete(0, end);
        if (characters > 0) {
            spent.addLast(new Spent(nowMillis, characters));
        }
        return text;
    }

    /** What is left of the ten seconds that end now. */
    private int allowance(TextFormat agreed, long nowMillis) {
        while (!spent.isEmpty() && nowMillis - spent.getFirst().atMillis >= RATE_MILLIS) {
            spent.removeFirst();
        }
        long used = spent.stream().mapToLong(Spent::characters).sum();
        long most = agreed.charactersPerSecond() * RATE_MILLIS / 1000;
        return Math.clamp(most - used, 0, PACKET_CHARACTERS);
    }
}
