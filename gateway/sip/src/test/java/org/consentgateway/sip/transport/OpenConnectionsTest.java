package org.consentgateway.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.channel.StalledWrites;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.FreePort;
import org.junit.jupiter.api.Test;

/** Who may have one more connection. */
class OpenConnectionsTest {
    private static final int PER_SOURCE = 3;
    private static final List<Trunk> TRUNKS =
            List.of(
                    Trunk.trustedWithNothing(
                            "wide",
                            List.of(
                                    Cidr.parse("2001:db8::/32"),
                                    Cidr.parse("192.0.2.0/24"),
                                    Cidr.parse("127.0.0.1/32")),
                            List.of(),
                            Numbering.GERMANY));

    private final LiveCounters counters = new LiveCounters(() -> 0);
    private final ScreenedConnections.Open open =
            new ScreenedConnections.Open(
                    new KnownSources(TRUNKS), counters, settings(), new StalledWrites(() -> 0));

    private static SipSettings settings() {
        Duration any = Duration.ofSeconds(5);
        return new SipSettings(
                List.of(),
                Optional.empty(),
                "test",
                TRUNKS,
                8192,
                any,
                any,
                any,
                new SipSettings.Limits(100, 100, PER_SOURCE, any, any, 100, 10),
                Optional.empty(),
                List.of(),
                SipSettings.SIGNALLING,
                false,
                List.of(),
                Optional.empty());
    }

    private boolean admits(String address) {
        return open.admits(InetAddress.ofLiteral(address), Transport.TLS);
    }

    private Long rejected() {
        return counters.snapshot(0, 0, Map.of())
                .rejected()
                .getOrDefault(Rejection.TOO_MANY_CONNECTIONS, 0L);
    }

    @Test
    void whoHasAnIpv6NetworkHasThePlacesOfOneSource() {
        for (int i = 1; i <= PER_SOURCE; i++) {
            assertThat(admits("2001:db8::" + i)).isTrue();
        }
        assertThat(admits("2001:db8::ffff:1")).isFalse();
        assertThat(rejected()).isEqualTo(1);
        assertThat(admits("2001:db8:0:1::1")).isTrue();
    }

    @Test
    void aPlaceIsFreeAgainForTheWholeNetwork() {
        for (int i = 1; i <= 4 * PER_SOURCE; i++) {
            assertThat(admits("2001:db8::" + i)).isTrue();
            open.leave(InetAddress.ofLiteral("2001:db8::" + i));
        }
    }

    @Test
    void ipv4AddressesHaveTheirPlacesEach() {
        for (int i = 1; i <= 4 * PER_SOURCE; i++) {
            assertThat(admits("192.0.2." + i)).isTrue();
        }
    }

    // ------------------------------------------------------------------ to write to

    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private ServerSocket listening() throws IOException {
        return new ScreenedConnections(0, 5, HERE, open, Transport.TCP, (_, in) -> in);
    }

    private static Socket connected(int from, ServerSocket to) throws IOException {
        Socket socket = new Socket();
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        socket.bind(new InetSocketAddress(HERE, from));
        socket.connect(to.getLocalSocketAddress());
        return socket;
    }

    /** A peer may have two from one port, as to two of ours. */
    @Test
    void aPeerIsThereForAsLongAsOneOfItsConnectionsFromThere() throws Exception {
        int port = FreePort.next();
        var peer = new InetSocketAddress(HERE, port);
        try (ServerSocket one = listening();
                ServerSocket other = listening();
                Socket toOne = connected(port, one);
                Socket toOther = connected(port, other)) {
            Socket before = one.accept();
            try (Socket after = other.accept()) {
                assertThat(after.getPort()).isEqualTo(before.getPort()).isEqualTo(port);
                before.close();
                assertThat(open.holds(peer)).isTrue();
            }
            assertThat(open.holds(peer)).isFalse();
            assertThat(toOne.getLocalPort()).isEqualTo(toOther.getLocalPort());
        }
    }
}
