package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.jspecify.annotations.Nullable;

/**
 * 20 ms at a time, in order and without holes, for a listener who keeps no pace: each frame when it
 * has come, so that nothing waits for what may be late. Confined to its event loop.
 */
public final class ArrivingFrames {
    static final long FRAME_NANOS = PcmFrame.NANOS;

    /** 40 ms: no packet that another has overtaken is later. */
    private static final int OVERTAKEN_TURNS = 2;

    /** 80 ms without a packet: then the peer sends none, and there is silence. */
    private static final int SILENT_TURNS = 4;

    /** By so much a packet may be later than the one before it lasts. */
    private static final int LATE_TURNS = 2;

    /** 200 ms: no packet that lasts longer is waited for. */
    private static final int LONGEST_FRAMES = 10;

    private static final long LEAST_NANOS = FRAME_NANOS / 2;

    /**
     * Half a second may come at once; more than 50 frames a second in the long run would be a peer
     * that sends too much, or timestamps that make much of little.
     */
    private static final long MOST_AHEAD_NANOS = 25 * FRAME_NANOS;

    private final JitterBuffer buffer;
    private final Consumer<PcmFrame> listener;

    /** Turns that have begun since something came. */
    private int turnsWithout;

    /** Of the longest recent packet: the next comes only when as much has been said. */
    private int longestFrames;

    private long lastTurnNanos;

    /** How much may be given now. */
    private long allowedNanos = MOST_AHEAD_NANOS;

    /**
     * @param nowNanos of {@link System#nanoTime}, as in {@link #turn}
     */
    public ArrivingFrames(JitterBuffer buffer, Consumer<PcmFrame> listener, long nowNanos) {
        this.buffer = buffer;
        this.listener = listener;
        this.lastTurnNanos = nowNanos;
    }

    /** As {@link JitterBuffer#newSource}. */
    public void newSource(RtpDatagram.Packet packet) {
        buffer.newSource(packet.sequence(), packet.timestamp());
    }

    /**
     * Takes one, and gives what is whole by it.
     *
     * @param codec of the payload, or null where there is no sound in it
     */
    public void packet(ByteBuffer datagram, RtpDatagram.Packet packet, @Nullable Codec codec) {
        if (codec == null) {
            buffer.event(packet.sequence());
            return;
        }
        int frames = Math.ceilDiv(codec.samples(packet.payloadLength()), PcmFrame.SAMPLES);
        longestFrames = Math.clamp(frames, longestFrames - 1, LONGEST_FRAMES);
        buffer.audio(datagram, packet, codec);
        giveWhole();
    }

    /** Takes one that is not decoded, and may be sound. */
    public void undecoded(RtpDatagram.Packet packet) {
        buffer.undecoded(packet.sequence(), packet.timestamp());
    }

    private void giveWhole() {
        while (buffer.isWhole()) {
            turnsWithout = 0;
            give();
        }
    }

    private void give() {
        if (allowedNanos < FRAME_NANOS) {
            buffer.leaveOut();
            return;
        }
        allowedNanos -= FRAME_NANOS;
        listener.accept(buffer.due());
    }

    /**
     * 20 ms have gone by, in which the peer was silent, or a packet was lost or is late. Turns that
     * are made up for count as one: behind a stall of ours, what has come is still to be read.
     */
    public void turn(long nowNanos) {
        if (nowNanos - lastTurnNanos < LEAST_NANOS) {
            return;
        }
        allowedNanos = Math.min(MOST_AHEAD_NANOS, allowedNanos + nowNanos - lastTurnNanos);
        lastTurnNanos = nowNanos;
        turnsWithout++;
        if (buffer.hasStarted() && turnsWithout > patience()) {
            give();
            giveWhole();
        }
    }

    /** Turns that the next frame is waited for. */
    private int patience() {
        return buffer.holdsLater()
                ? OVERTAKEN_TURNS
                : Math.max(SILENT_TURNS, longestFrames + LATE_TURNS);
    }
}
