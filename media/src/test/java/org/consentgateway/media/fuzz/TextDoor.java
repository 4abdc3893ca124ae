package org.consentgateway.media.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.consentgateway.media.TextFormat;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.RtpReader;
import org.consentgateway.media.text.T140Receiver;
import org.consentgateway.testkit.fuzz.Datagrams;
import org.consentgateway.testkit.fuzz.Door;

/** Real-time text, with and without redundancy (RFC 4103, RFC 2198). */
final class TextDoor implements Door {
    private static final TextFormat FORMAT = new TextFormat(98, 100, 2, 30);

    /** Characters to an octet: none is made up but the marks of what was lost. */
    private static final int MARKS = 65_536;

    private final ByteBuffer datagram = ByteBuffer.allocateDirect(Datagrams.LONGEST);

    @Override
    public List<byte[]> seeds() {
        String head = "8064%04x0000%04x00001234";
        byte[] one = Samples.hex(head.formatted(1, 0) + "e2000000e2000000" + "624a61");
        byte[] two = Samples.hex(head.formatted(2, 300) + "e2000000e204b002" + "624a61c3a9");
        byte[] late = Samples.hex(head.formatted(9, 900) + "e2096002e204b003" + "624a6120c3a921");
        byte[] plain = Samples.hex("8062000300000000000012344a61");
        return List.of(
                Datagrams.joined(300, one),
                Datagrams.joined(300, one, two, late),
                Datagrams.joined(300, late, two, one),
                Datagrams.joined(300, plain, plain));
    }

    @Override
    public void takes(byte[] input) throws Exception {
        RtpReader reader = new RtpReader();
        T140Receiver receiver = new T140Receiver(FORMAT);
        long[] now = {0};
        Datagrams.each(
                input,
                (octets, after) -> {
                    now[0] += after;
                    datagram.put(0, octets);
                    String text = "";
                    if (reader.read(datagram, octets.length) instanceof RtpDatagram.Packet p) {
                        text =
                                receiver.packet(
                                        p.sequence(),
                                        p.payloadType(),
                                        datagram,
                                        p.payloadOffset(),
                                        p.payloadLength(),
                                        now[0]);
                    }
                    text += receiver.tick(now[0]);
                    assertThat(text.length()).isLessThan(MARKS);
                });
    }
}
