package org.consentgateway.media.net;

import java.nio.ByteBuffer;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.L16;
import org.consentgateway.media.opus.OpusReceiver;
import org.consentgateway.media.opus.OpusThreads;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.WideClock;
import org.jspecify.annotations.Nullable;

/**
 * What a peer says in Opus, as frames: at 16 kHz for the leg it is bridged to, at 8 kHz for who
 * listens here. Confined to its leg's event loop.
 */
final class OpusSound {
    private static final int OCTETS_PER_SAMPLE = 2;

    /** Of a telephone event (RFC 4733 §2.3). */
    private static final int EVENT = 4;

    private final OpusTerms terms;
    private final OpusReceiver receiver;
    private final WideClock clock = new WideClock();
    private final Codec.Decoder narrow = L16.WIDEBAND.decoder(Codec.NARROWBAND_RATE);
    private final byte[] wide = new byte[L16.WIDEBAND.frameOctets()];
    private final ByteBuffer octets = ByteBuffer.wrap(wide);
    private boolean newSource = true;

    OpusSound(
            OpusTerms terms,
            OpusThreads.Place place,
            JitterBuffer.Losses losses,
            OpusReceiver.Malformed malformed) {
        this.terms = terms;
        this.receiver = new OpusReceiver(place, losses, malformed);
    }

    boolean isAgreedIn(OpusTerms other) {
        return terms.equals(other);
    }

    /** The next packet is the first of a source that is believed now. */
    void newSource() {
        newSource = true;
    }

    /** Puts it on the clock of the engine; what it tells of a key as well. */
    void slow(ByteBuffer datagram, RtpDatagram.Packet packet, boolean event) {
        clock.slow(packet);
        if (event && terms.eventClock() > Codec.CLOCK_RATE && packet.payloadLength() >= EVENT) {
            int duration = packet.payloadOffset() + 2;
            int told = datagram.getShort(duration) & 0xFFFF;
            datagram.putShort(duration, (short) (told / WideClock.RATIO));
        }
        if (event) {
            receiver.event(packet.sequence());
        }
    }

    /** Whether it is of the payload type of ours, or of the peer's. */
    boolean isOf(int payloadType, int theirs) {
        return payloadType == theirs || payloadType == terms.offeredAs();
    }

    /**
     * @return false if it is not taken
     */
    boolean audio(ByteBuffer datagram, RtpDatagram.Packet packet) {
        boolean taken = receiver.audio(datagram, packet, newSource);
        newSource &= !taken;
        return taken;
    }

    /**
     * The frame of these 20 ms.
     *
     * @param onward where it goes as well, at 16 kHz
     * @return at 8 kHz, or null while nothing has come
     */
    @Nullable PcmFrame turn(Inbound.@Nullable Onward onward, long turnNanos) {
        PcmFrame frame = receiver.turn();
        if (frame == null) {
            return null;
        }
        octets.asShortBuffer().put(frame.samples());
        if (onward != null) {
            onward.pass(wide, L16.WIDEBAND, turnNanos);
        }
        short[] heard = new short[frame.samples().length / OCTETS_PER_SAMPLE];
        narrow.decode(octets, 0, wide.length, heard, 0, -1);
        return new PcmFrame(
                heard, frame.mediaMillis(), frame.origin(), frame.whole(), frame.lostMillis());
    }
}
