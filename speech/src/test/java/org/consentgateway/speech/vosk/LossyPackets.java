package org.consentgateway.speech.vosk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.rtp.ArrivingFrames;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.RtpReader;

/** Sound as a leg hears it whose packets do not all come, by the product's own reception. */
final class LossyPackets {
    private static final JitterBuffer.Losses UNCOUNTED =
            new JitterBuffer.Losses() {
                @Override
                public void late() {}

                @Override
                public void duplicate() {}

                @Override
                public void skipped() {}
            };

    private LossyPackets() {}

    /**
     * @param lost of the packets, by number
     */
    static void hear(InlineSession session, short[] sound, IntPredicate lost) {
        var frames = new ArrivingFrames(new JitterBuffer(UNCOUNTED, 0), session::hear, 0);
        var reader = new RtpReader();
        for (int i = 0; (i + 1) * PcmFrame.SAMPLES <= sound.length; i++) {
            if (!lost.test(i)) {
                ByteBuffer packet = packet(i, sound);
                if (reader.read(packet, packet.limit()) instanceof RtpDatagram.Packet read) {
                    frames.packet(packet, read, G711.PCMA);
                }
            }
            frames.turn((i + 1) * PcmFrame.NANOS);
        }
    }

    private static ByteBuffer packet(int number, short[] sound) {
        int at = number * PcmFrame.SAMPLES;
        ByteBuffer packet = ByteBuffer.allocate(RtpReader.HEADER + PcmFrame.SAMPLES);
        packet.put((byte) 0x80).put((byte) 8).putShort((short) number).putInt(at).putInt(7);
        packet.put(G711.PCMA.encode(Arrays.copyOfRange(sound, at, at + PcmFrame.SAMPLES)));
        return packet.flip();
    }
}
