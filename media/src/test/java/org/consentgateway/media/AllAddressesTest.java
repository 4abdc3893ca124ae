package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A machine that is to be heard at all of its addresses, of which SDP tells one. */
@EnabledOnOs(OS.LINUX) // where all of 127.0.0.0/8 is this machine
class AllAddressesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RealTimeTest
    void aPeerIsHeardAtTheAddressItWasToldAndNotAtThatOfItsRouteAlone() throws Exception {
        var listener = new RecordingListener();
        var everywhere =
                new MediaSettings(
                        InetAddress.ofLiteral("0.0.0.0"),
                        RtpPorts.GATEWAY + 1100,
                        RtpPorts.GATEWAY + 1103,
                        SECOND,
                        SECOND,
                        1);
        try (MediaEngine engine = MediaEngine.start(everywhere);
                var phone = new Phone(G711.PCMA, 4711)) {
            MediaLeg leg = phone.connected(engine, listener);
            var told =
                    new InetSocketAddress(
                            InetAddress.ofLiteral("127.0.0.2"), leg.local().getPort());
            phone.say(new short[1600], told);
            await().until(() -> listener.arrivals == 1);
            phone.press(5, told);
            await().untilAsserted(() -> assertThat(listener.keys).contains("down 5"));
        }
    }
}
