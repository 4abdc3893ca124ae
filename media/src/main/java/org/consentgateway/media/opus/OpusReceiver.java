package org.consentgateway.media.opus;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.L16;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.jspecify.annotations.Nullable;

/**
 * What comes from one leg as Opus: packets are handed over as they come, and at each turn 20 ms are
 * taken of what is decoded. Confined to the leg's event loop.
 */
public final class OpusReceiver {
    /** Packets (240 ms of them, if they are usual): more at once are dropped. */
    static final int MOST_UNDER_WAY = 12;

    /** What no packet holds: 2.5 to 120 ms are these many octets at most. */
    private static final int MOST_OCTETS = 1500;

    /** More in a row are not guessed (60 ms, if they are usual). */
    private static final int MOST_CONCEALED = 3;

    private static final int OCTETS_PER_SAMPLE = 2;

    /** Samples at 16 kHz to a tick of the clock inside the engine. */
    private static final int PER_TICK = Codec.WIDEBAND_RATE / Codec.CLOCK_RATE;

    private static final short[] NOTHING = {};

    private final Executor coder;
    private final JitterBuffer buffer;
    private final Malformed malformed;
    private final Deque<Packet> underWay = new ArrayDeque<>();
    private final Decoding decoding = new Decoding();

    /** Told of each packet that is none of Opus. */
    public interface Malformed {
        void one();
    }

    /** Handed over by the event loop, decoded elsewhere. */
    private static final class Packet {
        private final int sequence;
        private final int timestamp;
        private final byte[] octets;

        /** Where the packet is the first of a source. */
        private final boolean first;

        /** Of packets before it that did not come; set before {@link #sound}. */
        private short[] concealed = NOTHING;

        private volatile short @Nullable [] sound;

        Packet(int sequence, int timestamp, byte[] octets, boolean first) {
            this.sequence = sequence;
            this.timestamp = timestamp;
            this.octets = octets;
            this.first = first;
        }
    }

    /** Confined to the thread that decodes. */
    private static final class Decoding {
        private final OpusDecoding decoder = new OpusDecoding();
        private int highest;
        private int samples;

        void take(Packet packet) {
            int ahead = (short) (packet.sequence - highest);
            if (!packet.first && samples > 0 && ahead > 1 && ahead <= MOST_CONCEALED + 1) {
                packet.concealed = conceal(ahead - 1);
            }
            short[] sound = decoder.decode(packet.octets);
            if (packet.first || samples == 0 || ahead > 0) {
                highest = packet.sequence;
            }
            if (sound != null) {
                samples = sound.length;
            }
            packet.sound = sound == null ? NOTHING : sound;
        }

        private short[] conceal(int packets) {
            short[] all = new short[packets * samples];
            for (int i = 0; i < packets; i++) {
                System.arraycopy(decoder.conceal(samples), 0, all, i * samples, samples);
            }
            return all;
        }
    }

    /**
     * @param coder does what is handed over later, in its order
     * @param losses told of what came and is never given out
     */
    public OpusReceiver(Executor coder, JitterBuffer.Losses losses, Malformed malformed) {
        this.coder = coder;
        this.buffer = new JitterBuffer(losses, 0, Codec.WIDEBAND_RATE);
        this.malformed = malformed;
    }

    /**
     * @param first whether it is the first of a source that is believed now
     * @return false if it is not taken
     */
    public boolean audio(ByteBuffer datagram, RtpDatagram.Packet packet, boolean first) {
        int octets = packet.payloadLength();
        if (underWay.size() >= MOST_UNDER_WAY || octets > MOST_OCTETS) {
            return false;
        }
        byte[] payload = new byte[octets];
        datagram.get(packet.payloadOffset(), payload);
        Packet handedOver = new Packet(packet.sequence(), packet.timestamp(), payload, first);
        underWay.add(handedOver);
        coder.execute(() -> decoding.take(handedOver));
        return true;
    }

    /** A packet without sound. */
    public void event(int sequence) {
        buffer.event(sequence);
    }

    /** The 20 ms of this turn at 16 kHz, or null while nothing has come. */
    public @Nullable PcmFrame turn() {
        for (Packet next = underWay.peek(); next != null; next = underWay.peek()) {
            short[] sound = next.sound;
            if (sound == null) {
                break;
            }
            underWay.remove();
            take(next, sound);
        }
        return buffer.tick();
    }

    private void take(Packet packet, short[] sound) {
        if (packet.first) {
            buffer.newSource(packet.sequence, packet.timestamp);
        }
        if (sound.length == 0) {
            malformed.one();
            return;
        }
        int missed = packet.concealed.length / PER_TICK;
        if (missed > 0) {
            buffer.guessed(
                    (packet.sequence - 1) & 0xFFFF,
                    packet.timestamp - missed,
                    L16.WIDEBAND,
                    octets(packet.concealed));
        }
        ByteBuffer octets = octets(sound);
        buffer.audio(packet.sequence, packet.timestamp, L16.WIDEBAND, octets, 0, octets.capacity());
    }

    private static ByteBuffer octets(short[] samples) {
        ByteBuffer octets = ByteBuffer.allocate(OCTETS_PER_SAMPLE * samples.length);
        octets.asShortBuffer().put(samples);
        return octets;
    }
}
