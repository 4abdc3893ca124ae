package org.consentgateway.media.opus;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.L16;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to one leg as Opus: a frame of sound is handed over at each turn, and the packet of
 * an earlier one is sent, in their order. Confined to the leg's event loop.
 *
 * <pre>
 *   turn           1        2        3        4        5        6
 *   handed over    a        b        c        d        e        f
 *   coded           └a─┐     └b──────────┐└c┐  └d─┐     └e─┐
 *   sent           silence  a        (b late) b        c        d, all 20 ms later from here on
 *                                    concealed
 * </pre>
 *
 * The turns are the leg's clock, whatever the coder does: one that is late delays the sound by a
 * frame, up to {@link #MOST_UNDER_WAY}, and a pause in the sound brings it back.
 */
public final class OpusSender {
    /** Frames (80 ms): of what waits longer, the oldest is left out. */
    static final int MOST_UNDER_WAY = 4;

    /** A frame with nothing louder than this may be left out unheard. */
    private static final int QUIET = 64;

    /** Configuration, channels and number of frames are in the first octet (RFC 6716 §3.1). */
    private static final int ONE_FRAME = 0xFC;

    private static final byte[] SILENCE =
            new OpusEncoding(OpusEncoding.BITS_PER_SECOND).encode(new short[OpusEncoding.FRAME]);

    private final Executor coder;
    private final int mostBitsPerSecond;
    private final JitterBuffer.Losses losses;
    private final Deque<HandedOver> underWay = new ArrayDeque<>();
    private OpusEncoding encoding;
    private @Nullable JitterBuffer relayed;
    private byte[] last = SILENCE;

    /** Whether anything was sent since it was made, or told to forget. */
    private boolean spoke;

    /** Handed over by the event loop, coded elsewhere. */
    private static final class HandedOver {
        private final short[] samples;
        private final boolean quiet;
        private volatile boolean leftOut;
        private volatile byte @Nullable [] packet;

        HandedOver(short[] samples) {
            this.samples = samples;
            boolean silent = true;
            for (short sample : samples) {
                silent &= sample > -QUIET && sample < QUIET;
            }
            this.quiet = silent;
        }

        void code(OpusEncoding with) {
            if (!leftOut) {
                packet = with.encode(samples);
            }
        }
    }

    /**
     * @param coder does what is handed over later, in its order
     * @param losses told of what came and is never sent
     */
    public OpusSender(Executor coder, OpusTerms terms, JitterBuffer.Losses losses) {
        this.coder = coder;
        this.mostBitsPerSecond = terms.mostBitsPerSecond();
        this.losses = losses;
        this.encoding = new OpusEncoding(mostBitsPerSecond);
    }

    /** A packet of another leg, to be said at turns of ours. */
    public void relay(ByteBuffer datagram, RtpDatagram.Packet packet, Codec codec) {
        buffer().audio(datagram, packet, codec);
    }

    /** A packet of another leg without sound. */
    public void relayEvent(RtpDatagram.Packet packet) {
        buffer().event(packet.sequence());
    }

    private JitterBuffer buffer() {
        JitterBuffer present = relayed;
        if (present == null) {
            present = new JitterBuffer(losses, 0, Codec.WIDEBAND_RATE);
            relayed = present;
        }
        return present;
    }

    /**
     * Writes the next 20 ms of the other leg, as {@link L16}.
     *
     * @return false where there is nothing
     */
    public boolean next(ByteBuffer packet, int offset) {
        JitterBuffer buffer = relayed;
        PcmFrame frame = buffer == null ? null : buffer.tick();
        if (frame == null) {
            return false;
        }
        for (int i = 0; i < OpusEncoding.FRAME; i++) {
            packet.putShort(offset + 2 * i, frame.samples()[i]);
        }
        return true;
    }

    /**
     * Hands over 20 ms, and writes what is sent now in their place.
     *
     * @return its octets
     */
    public int turn(ByteBuffer packet, int offset) {
        byte[] sent = earlier();
        short[] samples = new short[OpusEncoding.FRAME];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = packet.getShort(offset + 2 * i);
        }
        HandedOver frame = new HandedOver(samples);
        OpusEncoding with = encoding;
        underWay.add(frame);
        coder.execute(() -> frame.code(with));
        packet.put(offset, sent);
        return sent.length;
    }

    private byte[] earlier() {
        if (underWay.size() >= MOST_UNDER_WAY) {
            leaveOut();
        }
        while (underWay.size() > 1 && underWay.getFirst().quiet && isCoded()) {
            underWay.removeFirst();
        }
        byte[] packet = underWay.isEmpty() ? null : underWay.getFirst().packet;
        if (packet == null) {
            // RFC 6716 §4.4, §2.1.9: a frame without octets is one that the far end conceals.
            return spoke ? new byte[] {(byte) (last[0] & ONE_FRAME)} : SILENCE;
        }
        underWay.removeFirst();
        last = packet;
        spoke = true;
        return packet;
    }

    private boolean isCoded() {
        return underWay.getFirst().packet != null;
    }

    private void leaveOut() {
        HandedOver oldest = underWay.removeFirst();
        oldest.leftOut = true;
        losses.skipped();
    }

    /** Nothing that was handed over is sent any more, nor what the coder holds back of it. */
    public void forget() {
        underWay.forEach(frame -> frame.leftOut = true);
        underWay.clear();
        relayed = null;
        encoding = new OpusEncoding(mostBitsPerSecond);
        spoke = false;
    }
}
