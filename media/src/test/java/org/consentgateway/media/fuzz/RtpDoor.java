package org.consentgateway.media.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.rtp.CountedLosses;
import org.consentgateway.media.rtp.DtmfDecoder;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.RtpReader;
import org.consentgateway.media.rtp.RtpReceiver;
import org.consentgateway.media.rtp.RtpSender;
import org.consentgateway.testkit.fuzz.Datagrams;
import org.consentgateway.testkit.fuzz.Door;

/** What a peer's packets go through, from the reader on: keys, jitter buffer, relay. */
final class RtpDoor implements Door {
    private static final String KEYS = "0123456789*#ABCD";

    private final ByteBuffer datagram = ByteBuffer.allocateDirect(Datagrams.LONGEST);

    /** Of one input. */
    private final class Leg implements DtmfDecoder.Keys {
        private final RtpReader reader = new RtpReader();
        private final RtpReceiver receiver = new RtpReceiver();
        private final JitterBuffer jitter = new JitterBuffer(new CountedLosses(), 0);
        private final DtmfDecoder decoder = new DtmfDecoder(this);
        private final RtpSender sender = new RtpSender(1, 2, 3);
        private long now;

        void takes(byte[] octets, long afterMillis) {
            now += afterMillis * 1_000_000;
            datagram.put(0, octets);
            if (reader.read(datagram, octets.length) instanceof RtpDatagram.Packet p) {
                int at = p.payloadOffset();
                int length = p.payloadLength();
                assertThat(at + length).isLessThanOrEqualTo(octets.length);
                receiver.packet(p.ssrc(), p.sequence(), now);
                receiver.timed(p.timestamp(), now);
                decoder.packet(p.ssrc(), p.timestamp(), datagram, at, length, now);
                jitter.audio(p.sequence(), p.timestamp(), G711.PCMA, datagram, at, length);
                sender.relay(datagram, at - 12, 8, false, p, now);
            }
            decoder.tick(now);
            jitter.tick();
        }

        @Override
        public void keyDown(char digit, long atNanos) {
            assertThat(KEYS.indexOf(digit)).isNotNegative();
        }

        @Override
        public void keyUp(char digit, int durationMillis, long atNanos) {
            assertThat(durationMillis).isNotNegative();
        }
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        Samples.RTP.forEach(packet -> seeds.add(Datagrams.joined(20, packet)));
        seeds.add(Datagrams.joined(20, Samples.RTP.toArray(byte[][]::new)));
        return seeds;
    }

    @Override
    public void takes(byte[] input) throws Exception {
        Datagrams.each(input, new Leg()::takes);
    }
}
