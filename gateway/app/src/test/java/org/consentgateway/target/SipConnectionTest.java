package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.RtpPorts;
import org.junit.jupiter.api.Test;

class SipConnectionTest {
    /** A far end that has answered and is silent from the first moment on: its caller hears it. */
    @Test
    void ofWhomNothingEverComesIsLost() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (MediaEngine media =
                        MediaEngine.start(
                                new MediaSettings(
                                        here,
                                        RtpPorts.GATEWAY,
                                        RtpPorts.GATEWAY + 7,
                                        Duration.ofSeconds(1),
                                        Duration.ofMillis(100),
                                        1));
                DatagramSocket silent = new DatagramSocket(0, here);
                MediaLeg leg = media.open()) {
            var connection = new SipConnection(leg);
            var there = (InetSocketAddress) silent.getLocalSocketAddress();
            leg.connect(
                    new MediaFormat(G711.PCMA, 8, -1),
                    new MediaPeer(there, there, MediaPeer.Direction.SENDRECV, Set.of()));
            assertThat(connection.ended().toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isEqualTo(new FarLeg.End.Lost());
        }
    }
}
