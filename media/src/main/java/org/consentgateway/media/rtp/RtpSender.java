package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;
import org.consentgateway.media.audio.PcmFrame;

/**
 * The one clock of what a leg sends: one SSRC, gapless sequence numbers and a timestamp that
 * follows real time, whether the packet is a prompt of ours, a key, silence, or relayed from
 * another party. Confined to its leg's event loop; the counters may be read from anywhere.
 *
 * <pre>
 *  prompt      prompt      relayed (their 7000)  relayed (7160)   prompt
 *  seq 10      seq 11      seq 12                seq 13           seq 14
 *  ts 1600     ts 1760     ts 1920               ts 2080          ts 2240
 * </pre>
 */
public final class RtpSender {
    private static final int FRAME_SAMPLES = 160;
    private static final long FRAME_NANOS = PcmFrame.NANOS;

    /** Within this a relayed packet may be older than the newest one. */
    private static final int MAX_MISORDER = 100;

    /** A relayed timestamp may run off real time by so much (3 s) before it is mapped anew. */
    private static final int MAX_DRIFT = 3 * 8000;

    private final int ssrc;

    /** Of the clock on the wire to the one here. */
    private int ratio = 1;

    private int nextSequence;
    private int nextTimestamp;
    private boolean started;

    /** The newest packet's media time, and when it went out: what the clock goes on from. */
    private int clockTimestamp;

    private long clockNanos;

    private boolean mapped;
    private int relayedSsrc;
    private int relayedFirst;
    private int sequenceOffset;
    private int timestampOffset;

    private final Tally packets = new Tally();
    private final Tally octets = new Tally();

    /**
     * @param sequence random start (RFC 3550 §5.1)
     * @param timestamp random start
     */
    public RtpSender(int ssrc, int sequence, int timestamp) {
        this.ssrc = ssrc;
        this.nextSequence = sequence & 0xFFFF;
        this.nextTimestamp = timestamp;
    }

    /**
     * From now on with timestamps on the wire that run so many times as fast: all of them start at
     * zero together, and wrap together.
     */
    public void clock(int ratio) {
        this.ratio = ratio;
    }

    /** As given to {@link #clock}. */
    public int ratio() {
        return ratio;
    }

    /** Writes the header of a packet of our own, for the frame whose time is now. */
    public void own(ByteBuffer packet, int payloadType, boolean marker, long nowNanos) {
        int timestamp = tick(nowNanos);
        header(packet, 0, payloadType, marker || mapped, nextSequence, timestamp);
        mapped = false;
        nextSequence = (nextSequence + 1) & 0xFFFF;
    }

    /** The same for a packet with an earlier packet's timestamp (RFC 4733 events). */
    public void own(ByteBuffer packet, int payloadType, int timestamp, long nowNanos) {
        tick(nowNanos);
        header(packet, 0, payloadType, false, nextSequence, timestamp);
        mapped = false;
        nextSequence = (nextSequence + 1) & 0xFFFF;
    }

    /** Moves the clock to the frame that is now, without a packet if none is to go (hold). */
    private int tick(long nowNanos) {
        if (!started) {
            started = true;
        } else {
            nextTimestamp = clockTimestamp + FRAME_SAMPLES * framesSince(nowNanos);
        }
        clockTimestamp = nextTimestamp;
        clockNanos = nowNanos;
        return nextTimestamp;
    }

    /** At least one: two packets of audio never have the same timestamp. */
    private int framesSince(long nowNanos) {
        long frames = (nowNanos - clockNanos + FRAME_NANOS / 2) / FRAME_NANOS;
        return Math.clamp(frames, 1, Integer.MAX_VALUE / FRAME_SAMPLES);
    }

    /** The timestamp of the newest packet. */
    public int timestamp() {
        return clockTimestamp;
    }

    /**
     * Writes our header over the one of a packet from another party, 12 octets from {@code offset}.
     * Its gaps and its order stay, so that the far end sees the loss there was.
     *
     * @param event an RFC 4733 packet, whose timestamp tells when the key went down
     * @return false if it cannot be placed on our clock (from before the relaying began): drop it
     */
    public boolean relay(
            ByteBuffer packet,
            int offset,
            int payloadType,
            boolean event,
            RtpDatagram.Packet from,
            long nowNanos) {
        boolean marker = from.marker;
        if (!mapped || from.ssrc != relayedSsrc || drifted(from, event, nowNanos)) {
            map(from, nowNanos);
            marker |= !event;
        }
        int behind = (short) (from.sequence - relayedFirst);
        if (behind < 0 && behind > -MAX_MISORDER) {
            return false;
        }
        int sequence = (from.sequence + sequenceOffset) & 0xFFFF;
        int timestamp = from.timestamp + timestampOffset;
        header(packet, offset, payloadType, marker, sequence, timestamp);
        int ahead = (sequence - nextSequence) & 0xFFFF;
        if (ahead < 0x8000) {
            nextSequence = (sequence + 1) & 0xFFFF;
            // Far from the start, so that an old number does not look like one from before it.
            if ((short) (from.sequence - relayedFirst) > 2 * MAX_MISORDER) {
                relayedFirst = (from.sequence - MAX_MISORDER) & 0xFFFF;
            }
        }
        if (timestamp - clockTimestamp > 0 || !started) {
            clockTimestamp = timestamp;
            clockNanos = nowNanos;
            started = true;
        }
        return true;
    }

    private void map(RtpDatagram.Packet from, long nowNanos) {
        int timestamp =
                started ? clockTimestamp + FRAME_SAMPLES * framesSince(nowNanos) : nextTimestamp;
        mapped = true;
        relayedSsrc = from.ssrc;
        relayedFirst = from.sequence;
        sequenceOffset = nextSequence - from.sequence;
        timestampOffset = timestamp - from.timestamp;
    }

    private boolean drifted(RtpDatagram.Packet from, boolean event, long nowNanos) {
        int jump = (short) (from.sequence + sequenceOffset - nextSequence);
        if (jump > RtpReceiver.MAX_DROPOUT || jump < -MAX_MISORDER) {
            return true;
        }
        if (event) {
            return false;
        }
        long elapsed = (nowNanos - clockNanos) / 125_000;
        int advance = from.timestamp + timestampOffset - clockTimestamp;
        return Math.abs(advance - elapsed) > MAX_DRIFT;
    }

    private void header(
            ByteBuffer packet, int at, int payloadType, boolean marker, int sequence, int time) {
        int second = marker ? 0x80 | payloadType : payloadType;
        packet.putInt(at, 0x8000_0000 | second << 16 | sequence);
        packet.putInt(at + 4, ratio * time);
        packet.putInt(at + 8, ssrc);
    }

    /** Counts what the socket took (RFC 3550 §6.4.1: octets of payload). */
    public void sent(int payloadOctets) {
        packets.one();
        octets.add(payloadOctets);
    }

    public int ssrc() {
        return ssrc;
    }

    /** The RTP timestamp that corresponds to now, for sender reports. */
    public int timestampAt(long nowNanos) {
        int ticks =
                started
                        ? clockTimestamp + (int) ((nowNanos - clockNanos) / 125_000)
                        : nextTimestamp;
        return ratio * ticks;
    }

    /** Any thread. */
    public long packets() {
        return packets.value();
    }

    /** Any thread. */
    public long octets() {
        return octets.value();
    }
}
