package org.consentgateway.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.timing.RealTimeTest;

/** The engine on machines without epoll. */
class NioTransportTest {
    private final MediaLoops loops =
            MediaLoops.start(
                    new MediaSettings(
                            InetAddress.getLoopbackAddress(),
                            RtpPorts.GATEWAY + 400,
                            RtpPorts.GATEWAY + 419,
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(1),
                            1),
                    false);

    private static DatagramChannel phone() throws Exception {
        DatagramChannel phone =
                DatagramChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        phone.configureBlocking(false);
        return phone;
    }

    private static void connect(MediaLeg leg, DatagramChannel phone) throws Exception {
        InetSocketAddress address = (InetSocketAddress) phone.getLocalAddress();
        leg.connect(
                new MediaFormat(G711.PCMA, 8, 101),
                new MediaPeer(address, address, MediaPeer.Direction.SENDRECV, Set.of()));
    }

    /** How many of its packets have this first octet of payload. */
    private static int count(DatagramChannel phone, int payload) throws Exception {
        ByteBuffer in = ByteBuffer.allocate(2048);
        int found = 0;
        while (phone.receive(in.clear()) != null) {
            found += in.position() == 172 && (in.get(12) & 0xFF) == payload ? 1 : 0;
        }
        return found;
    }

    @RealTimeTest
    void sendsSilenceAndRelaysAndSurvivesAPeerThatIsGone() throws Exception {
        DatagramChannel caller = phone();
        DatagramChannel assistant = phone();
        MediaLeg first = loops.open();
        MediaLeg second = loops.open(first);
        connect(first, caller);
        connect(second, assistant);
        LockSupport.parkNanos(300_000_000);
        assertThat(count(caller, 0xD5)).isBetween(8, 17);
        loops.bridge(first, second, false);
        ByteBuffer packet = ByteBuffer.allocate(172);
        for (int i = 0; i < 25; i++) {
            packet.clear();
            packet.put(0, (byte) 0x80).put(1, (byte) 8).putShort(2, (short) i);
            packet.putInt(4, i * 160).putInt(8, 5).put(12, (byte) 0x42);
            caller.send(packet, first.local());
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(count(assistant, 0x42)).isBetween(23, 25);
        assistant.close();
        LockSupport.parkNanos(300_000_000);
        var cut = loops.bridge(first, second, false).cutFirstToSecond();
        assertThat(cut.toCompletableFuture().get(10, TimeUnit.SECONDS)).isPositive();
        assertThat(count(caller, 0xD5)).isPositive();
        caller.close();
        loops.close();
    }
}
