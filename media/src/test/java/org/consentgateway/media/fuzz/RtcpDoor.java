package org.consentgateway.media.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.consentgateway.media.rtp.RtcpReports;
import org.consentgateway.media.rtp.RtpReceiver;
import org.consentgateway.media.rtp.RtpSender;
import org.consentgateway.testkit.fuzz.Datagrams;
import org.consentgateway.testkit.fuzz.Door;

/** Reports of the peer. */
final class RtcpDoor implements Door {
    /** 2026 on the clock of NTP, any moment. */
    private static final long NTP = 0x1234_5678_9ABC_DEF0L;

    private final ByteBuffer datagram = ByteBuffer.allocateDirect(Datagrams.LONGEST);

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        Samples.RTCP.forEach(packet -> seeds.add(Datagrams.joined(100, packet)));
        seeds.add(Datagrams.joined(100, Samples.RTCP.toArray(byte[][]::new)));
        return seeds;
    }

    @Override
    public void takes(byte[] input) throws Exception {
        RtcpReports reports =
                new RtcpReports(
                        new RtpSender(0x1000_0001, 2, 3), new RtpReceiver(), "c", new Random(1));
        long[] millis = {1};
        Datagrams.each(
                input,
                (octets, after) -> {
                    millis[0] += after;
                    datagram.put(0, octets);
                    boolean _ = reports.read(datagram, octets.length, millis[0] * 1_000_000, NTP);
                    assertThat(reports.roundTripMillis()).isBetween(-1.0, 30_000.0);
                    assertThat(reports.farLostPackets()).isBetween(-1L, 0x7FFFFFL);
                });
    }
}
