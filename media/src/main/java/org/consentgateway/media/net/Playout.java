package org.consentgateway.media.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.media.codec.Codec;

/**
 * Thread-safe. What a party says that sends faster than it speaks: a queue of octets, read 20 ms at
 * a time, with marks in it. Positions count octets from the beginning, those forgotten included.
 *
 * <pre>
 *   position 0 ────────── taken ────────────── put
 *             played             queued, marks
 * </pre>
 */
final class Playout {
    /** More than this (five minutes of G.711) is not kept. */
    static final int MOST_MILLIS = 300_000;

    /** Marks that may be waited for at once. */
    static final int MOST_MARKS = 1000;

    /** 40 ms: whoever sends at the speed of speech is late now and then. */
    static final int FIRST_FRAMES = 2;

    /** Turns after which what has come is played, though it is less. */
    static final int FIRST_TURNS = 3;

    /** 200 ms: silence that belongs to what is said. */
    static final int PAUSE_FRAMES = 10;

    /** Mean square of 16-bit samples, about -52 dBFS: less is silence. */
    private static final long SOUND = 80 * 80;

    /** How many octets there are to a frame, and what silence is. */
    private final Codec codec;

    private final int frame;
    private final short[] heard;
    private final Codec.Decoder decoder;
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private final Deque<Mark> marks = new ArrayDeque<>();

    /** Octets of the first chunk that are gone. */
    private int gone;

    private long put;
    private long taken;
    private boolean running;
    private int waited;
    private boolean catchingUp = true;
    private int quiet;

    /** Octets that were looked at and not yet taken. */
    private int peeked;

    private record Mark(String name, long position) {}

    Playout(Codec codec) {
        this.codec = codec;
        this.frame = codec.frameOctets();
        this.heard = new short[codec.rate() * 20 / 1000];
        this.decoder = codec.decoder(codec.rate());
    }

    synchronized boolean put(byte[] octets) {
        long most = (long) frame * MOST_MILLIS / 20;
        if (put - taken + octets.length > most) {
            return false;
        }
        if (octets.length > 0) {
            add(octets);
            put += octets.length;
        }
        return true;
    }

    /** Whoever sends octet by octet has no array for each kept. */
    private void add(byte[] octets) {
        byte[] last = chunks.peekLast();
        if (last == null || chunks.size() == 1 || last.length + octets.length > frame) {
            chunks.add(octets);
            return;
        }
        byte[] both = Arrays.copyOf(last, last.length + octets.length);
        System.arraycopy(octets, 0, both, last.length, octets.length);
        chunks.removeLast();
        chunks.add(both);
    }

    synchronized boolean mark(String name) {
        return marks.size() < MOST_MARKS && marks.add(new Mark(name, put));
    }

    synchronized StreamLeg.Cleared clear() {
        var cleared = new StreamLeg.Cleared(taken, marks.stream().map(Mark::name).toList());
        chunks.clear();
        marks.clear();
        gone = 0;
        taken = put;
        peeked = 0;
        running = false;
        return cleared;
    }

    synchronized long position() {
        return taken;
    }

    synchronized long queued() {
        return put;
    }

    /**
     * What is played waits, or has waited, for its listener: until it is caught up with, long
     * silence is left out.
     */
    synchronized void heldBack() {
        catchingUp = true;
    }

    /**
     * The next frame; it stays in the queue until {@link #take}.
     *
     * @param into a frame; filled up with silence
     * @return its octets that are from the queue, 0 to a frame
     */
    synchronized int peek(byte[] into) {
        peeked = 0;
        if (!running && !enough()) {
            System.arraycopy(codec.silence(), 0, into, 0, frame);
            return 0;
        }
        running = true;
        int octets = copy(into);
        while (catchingUp && octets > 0 && isLongSilence(into, octets)) {
            drop(octets);
            octets = copy(into);
        }
        if (octets < frame) {
            System.arraycopy(codec.silence(), octets, into, octets, frame - octets);
            catchingUp = false;
            running = octets > 0;
            waited = 0;
        }
        peeked = octets;
        return octets;
    }

    private boolean enough() {
        if (put == taken) {
            waited = 0;
            return false;
        }
        return put - taken >= (long) FIRST_FRAMES * frame || ++waited > FIRST_TURNS;
    }

    private boolean isLongSilence(byte[] octets, int length) {
        int count = codec.samples(length) * (codec.rate() / Codec.NARROWBAND_RATE);
        decoder.decode(ByteBuffer.wrap(octets), 0, length, heard, 0, -1);
        long energy = 0;
        for (int i = 0; i < count; i++) {
            energy += (long) heard[i] * heard[i];
        }
        quiet = energy > SOUND * count ? 0 : quiet + 1;
        return quiet > PAUSE_FRAMES;
    }

    private int copy(byte[] into) {
        int copied = 0;
        int from = gone;
        for (byte[] chunk : chunks) {
            int length = Math.min(chunk.length - from, frame - copied);
            System.arraycopy(chunk, from, into, copied, length);
            copied += length;
            from = 0;
            if (copied == frame) {
                break;
            }
        }
        return copied;
    }

    private void drop(int octets) {
        taken += octets;
        gone += octets;
        while (!chunks.isEmpty() && gone >= chunks.getFirst().length) {
            gone -= chunks.removeFirst().length;
        }
    }

    /**
     * Takes what was looked at, unless it was forgotten meanwhile.
     *
     * @return the marks that are reached by it
     */
    synchronized List<String> take() {
        drop(peeked);
        peeked = 0;
        if (marks.isEmpty() || marks.getFirst().position() > taken) {
            return List.of();
        }
        List<String> reached = new ArrayList<>();
        while (!marks.isEmpty() && marks.getFirst().position() <= taken) {
            reached.add(marks.removeFirst().name());
        }
        return reached;
    }
}
