package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.PcmFrame.Origin;
import org.consentgateway.media.codec.Codec;
import org.jspecify.annotations.Nullable;

/**
 * Turns packets, as they come, into 20 ms frames: one per tick, or each as soon as it is whole.
 * Confined to its leg's event loop.
 *
 * <p>A ring of samples by media time, half a second long: a packet of whatever length is decoded
 * into its place, and a frame is read where the playing is. So order, duplicates and packet times
 * other than 20 ms need no care of their own.
 *
 * <pre>
 *   position      played        | next frame |   buffered    |  head
 *   state      ...2222222222222 | 1111111111 | 1111 0000 111 |  0000...
 *                               ^ playing               ^ a packet is missing (so far)
 * </pre>
 *
 * By ticks, the delay starts at {@link #START_FRAMES}, grows by what a packet was too late, and
 * shrinks by a frame if it was never needed for {@link #CALM_FRAMES}. Whoever takes what is whole
 * has no delay, and says itself when a frame is waited for no longer.
 */
public final class JitterBuffer {
    /** Frames collected before the first is given out: 40 ms. */
    static final int START_FRAMES = 2;

    /** More than this (240 ms) is never kept waiting; what is older is skipped. */
    static final int MAX_FRAMES = 12;

    /** After so many frames (5 s) with more in store than needed, one is left out. */
    static final int CALM_FRAMES = 250;

    /** A missing frame is bridged by fading the one before it; after so many it is silence. */
    static final int CONCEALED_FRAMES = 3;

    /** A jump of the media time beyond this (half a second) starts a new time line. */
    private static final int RING_AT_8_KHZ = 4096;

    private static final byte MISSING = 0;
    private static final byte HEARD = 1;
    private static final byte QUIET = 2;

    /** Made up by a decoder for what did not come. */
    private static final byte GUESSED = 3;

    private static final int FRAME_MILLIS = 20;

    /** Samples to a tick of the RTP clock. */
    private final int perTick;

    private final int ring;
    private final int mask;

    /** Samples in 20 ms. */
    private final int frame;

    private final short[] samples;
    private final byte[] state;
    private final short[] lastFrame;

    private @Nullable Codec decoded;
    private Codec.@Nullable Decoder decoder;

    private boolean started;
    private boolean filling;

    /** Frames to wait at most for the first fill: a sender may stop after one packet. */
    private int fillTicks;

    /** Media time of the next sample to give out, and after the newest one known, in samples. */
    private long playing;

    private long head;

    /** From an RTP timestamp (extended) to a position. */
    private int originTimestamp;

    private long originPosition;

    private int highestSequence;
    private int missedFrames;
    private boolean quiet;

    /** What the packet that is taken now holds. */
    private byte holds = HEARD;

    /** Samples given out as nothing, of which is not known yet whether any were sent. */
    private long unknown;

    /** Samples that are known to be missing before the next frame. */
    private long lost;

    /** Samples of a packet that was decoded. */
    private int packet;

    /** Samples that packets which are not decoded may have held, behind the newest that was. */
    private long undecoded;

    private int undecodedTimestamp;

    private int calm;
    private long leastDepth = Long.MAX_VALUE;
    private long deliveredMillis;

    /** Told of what was received but never given out. */
    public interface Losses {
        /** A packet came after its time. */
        void late();

        /** A packet brought what another had brought. */
        void duplicate();

        /** A frame, or a packet longer than the buffer, was left out to keep the delay small. */
        void skipped();
    }

    private final Losses losses;

    /**
     * @param startMillis media time of the first frame
     */
    public JitterBuffer(Losses losses, long startMillis) {
        this(losses, startMillis, Codec.NARROWBAND_RATE);
    }

    /**
     * @param rate of the frames: that of narrowband or of wideband sound
     */
    public JitterBuffer(Losses losses, long startMillis, int rate) {
        this.losses = losses;
        this.deliveredMillis = startMillis;
        this.perTick = rate / Codec.CLOCK_RATE;
        this.ring = RING_AT_8_KHZ * perTick;
        this.mask = ring - 1;
        this.frame = PcmFrame.SAMPLES * perTick;
        this.samples = new short[ring];
        this.state = new byte[ring];
        this.lastFrame = new short[frame];
    }

    /** A believed new source: what is in store is still played, its time line ends there. */
    public void newSource(int sequence, int timestamp) {
        if (!started) {
            started = true;
            filling = true;
        }
        lost += Math.max(unknown, undecoded);
        unknown = 0;
        undecoded = 0;
        align(sequence, timestamp, Math.max(head, playing));
    }

    /**
     * What was given out as nothing before a packet was nothing, or was lost.
     *
     * @return samples of packets that are not decoded, and were not given out as nothing
     */
    private long settle(long position, int ahead) {
        long given = ahead > 1 ? unknown : Math.min(unknown, undecoded);
        lost += Math.clamp(position - (head - unknown), 0, given);
        long rest = Math.max(0, undecoded - unknown);
        unknown = 0;
        undecoded = 0;
        return rest;
    }

    private void align(int sequence, int timestamp, long position) {
        originTimestamp = timestamp;
        originPosition = position;
        highestSequence = (sequence - 1) & 0xFFFF;
    }

    /** A packet without audio (an event): its sequence number is no hole. */
    public void event(int sequence) {
        if (started && (short) (sequence - highestSequence) > 0) {
            highestSequence = sequence;
        }
        quiet = true;
    }

    /**
     * A packet in a format that nobody here decodes. As long as the one before it may have been
     * sound, and so may all the time up to another that follows it.
     */
    public void undecoded(int sequence, int timestamp) {
        int ahead = (short) (sequence - highestSequence);
        if (!started || ahead <= 0) {
            return;
        }
        quiet = false;
        if (ahead > 1) {
            // Behind one that is missing: all up to the next that is decoded is lost.
            return;
        }
        highestSequence = sequence;
        long since = (long) perTick * (timestamp - undecodedTimestamp);
        undecoded += undecoded == 0 ? packet : Math.clamp(since, packet, ring);
        undecodedTimestamp = timestamp;
    }

    /** What is in a packet of this datagram. */
    public void audio(ByteBuffer datagram, RtpDatagram.Packet packet, Codec codec) {
        audio(
                packet.sequence(),
                packet.timestamp(),
                codec,
                datagram,
                packet.payloadOffset(),
                packet.payloadLength());
    }

    /**
     * What a decoder made up for packets that did not come, of which this would be the last.
     *
     * @param octets as of a payload
     */
    public void guessed(int sequence, int timestamp, Codec codec, ByteBuffer octets) {
        holds = GUESSED;
        audio(sequence, timestamp, codec, octets, 0, octets.remaining());
        holds = HEARD;
    }

    /**
     * @param octets of the payload, from {@code offset} on
     */
    public void audio(
            int sequence, int timestamp, Codec codec, ByteBuffer from, int offset, int octets) {
        if (!started) {
            newSource(sequence, timestamp);
        }
        int length = perTick * codec.samples(octets);
        int ahead = (short) (sequence - highestSequence);
        long position = originPosition + (long) perTick * (timestamp - originTimestamp);
        if (position < playing - ring || position + length > playing + ring) {
            // The sender's clock jumped: go on where we are (RFC 3550 §5.1 allows any timestamp).
            lost += settle(Math.max(head, playing), ahead);
            align(sequence, timestamp, Math.max(head, playing));
            position = originPosition;
            ahead = 1;
            if (position + length > playing + ring) {
                losses.skipped();
                lost += length;
                return;
            }
        }
        if (ahead > 0) {
            long sent = head + settle(position, ahead);
            highestSequence = sequence;
            if (ahead == 1 && position > sent && head >= playing) {
                // Nothing was lost behind it: the sender was silent (discontinuous transmission).
                silence(sent, position);
            }
        }
        quiet = false;
        if (position < playing) {
            losses.late();
            if (ahead <= 0 || filling) {
                return;
            }
            // The newest packet is too late: delay everything from here by what it lacks.
            long shift = playing - position;
            originPosition += shift;
            position = playing;
        }
        write(position, codec, from, offset, octets);
        head = Math.max(head, position + length);
        packet = length > 0 ? length : packet;
        // Keep the arithmetic of timestamps short of wrapping.
        originPosition += (long) perTick * (timestamp - originTimestamp);
        originTimestamp = timestamp;
    }

    private void write(long position, Codec codec, ByteBuffer from, int offset, int octets) {
        int start = (int) (position & mask);
        if (octets > 0 && state[start] != MISSING) {
            losses.duplicate();
            return;
        }
        decoder(codec).decode(from, offset, octets, samples, start, mask);
        int length = perTick * codec.samples(octets);
        for (int i = 0; i < length; i++) {
            state[(start + i) & mask] = holds;
        }
    }

    private Codec.Decoder decoder(Codec codec) {
        Codec.Decoder present = decoder;
        if (present == null || codec != decoded) {
            present = codec.decoder(perTick * Codec.NARROWBAND_RATE);
            decoder = present;
            decoded = codec;
        }
        return present;
    }

    private void silence(long from, long to) {
        for (long position = from; position < to; position++) {
            int at = (int) (position & mask);
            samples[at] = 0;
            state[at] = QUIET;
        }
        head = to;
    }

    /** The frame of this 20 ms, or null while nothing has come or the buffer fills. */
    public @Nullable PcmFrame tick() {
        if (!started) {
            return null;
        }
        if (filling) {
            if (depth() < (long) START_FRAMES * frame && ++fillTicks <= START_FRAMES) {
                return null;
            }
        }
        adapt();
        return due();
    }

    /** Whether all of the next frame has come; for a listener who needs no steady pace. */
    public boolean isWhole() {
        if (!started || depth() < frame) {
            return false;
        }
        for (int i = 0; i < frame; i++) {
            if (state[(int) ((playing + i) & mask)] == MISSING) {
                return false;
            }
        }
        return true;
    }

    /** Whether anything has come. */
    public boolean hasStarted() {
        return started;
    }

    /** Whether something has come that lies behind the next frame. */
    public boolean holdsLater() {
        return depth() > frame;
    }

    /** The next frame, whatever is missing of it. */
    public PcmFrame due() {
        filling = false;
        short[] out = new short[frame];
        int found = 0;
        int guessed = 0;
        int missing = 0;
        int before = Math.clamp(head - playing, 0, frame);
        boolean silent = quiet;
        for (int i = 0; i < frame; i++) {
            int at = (int) ((playing + i) & mask);
            switch (state[at]) {
                case HEARD -> {
                    out[i] = samples[at];
                    found++;
                }
                case GUESSED -> {
                    out[i] = samples[at];
                    guessed++;
                }
                case QUIET -> silent = true;
                default -> {
                    missing++;
                    lost += i < before ? 1 : 0;
                }
            }
            state[at] = MISSING;
        }
        playing += frame;
        head = Math.max(head, playing);
        Origin origin;
        if (found + guessed > 0) {
            missedFrames = 0;
            System.arraycopy(out, 0, lastFrame, 0, frame);
            origin = found > 0 ? Origin.RECEIVED : Origin.CONCEALED;
        } else if (!silent && missedFrames < CONCEALED_FRAMES) {
            int fade = ++missedFrames;
            for (int i = 0; i < frame; i++) {
                out[i] = (short) (lastFrame[i] >> fade);
            }
            origin = Origin.CONCEALED;
        } else {
            Arrays.fill(out, (short) 0);
            origin = Origin.SILENCE;
        }
        long at = deliveredMillis;
        deliveredMillis += FRAME_MILLIS;
        unknown += quiet ? 0 : frame - before;
        boolean whole = missing + guessed == 0 || quiet;
        return new PcmFrame(out, at, origin, whole, lostMillis(guessed));
    }

    /** Of the frame that is given out. */
    private int lostMillis(int guessed) {
        long millis = Math.ceilDiv((lost + guessed) * FRAME_MILLIS, frame);
        lost = 0;
        return (int) millis;
    }

    private void adapt() {
        long depth = depth();
        while (depth > (long) MAX_FRAMES * frame) {
            leaveOut();
            depth -= frame;
        }
        leastDepth = Math.min(leastDepth, depth);
        if (++calm >= CALM_FRAMES) {
            if (leastDepth > (long) START_FRAMES * frame) {
                leaveOut();
            }
            calm = 0;
            leastDepth = Long.MAX_VALUE;
        }
    }

    /** Nobody is given the next frame; the one behind it says so. */
    public void leaveOut() {
        for (int i = 0; i < frame; i++) {
            int at = (int) ((playing + i) & mask);
            lost += state[at] == QUIET ? 0 : 1;
            state[at] = MISSING;
        }
        playing += frame;
        head = Math.max(head, playing);
        losses.skipped();
    }

    /** Samples in store. */
    long depth() {
        return head - playing;
    }
}
