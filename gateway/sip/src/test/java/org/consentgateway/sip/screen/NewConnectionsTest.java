package org.consentgateway.sip.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose connection is given up for a new one. */
class NewConnectionsTest {
    private static final int PER_SOURCE = 3;
    private static final int IN_ALL = 6;

    private final NewConnections connections = new NewConnections(() -> PER_SOURCE, () -> IN_ALL);

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    /** Those given up for it. */
    private List<Socket> adds(InetSocketAddress peer, Socket connection) {
        return connections.add(peer, connection);
    }

    @Test
    void whoHasAnIpv6NetworkHasTheSharesOfOneSource() {
        Socket first = new Socket();
        assertThat(adds(at("2001:db8::1", 1), first)).isEmpty();
        assertThat(adds(at("2001:db8::2", 1), new Socket())).isEmpty();
        assertThat(adds(at("2001:db8::3", 1), new Socket())).isEmpty();
        assertThat(adds(at("2001:db8::4", 1), new Socket())).containsExactly(first);
    }

    @Test
    void whoComesFromEveryAddressOfANetworkCostsNobodyElseAConnection() {
        NewConnections roomy = new NewConnections(() -> IN_ALL, () -> IN_ALL);
        Socket other = new Socket();
        assertThat(roomy.add(at("2001:db8:0:1::1", 1), other)).isEmpty();
        assertThat(roomy.add(at("2001:db8:0:1::1", 2), new Socket())).isEmpty();
        for (int i = 1; i <= 4 * IN_ALL; i++) {
            assertThat(roomy.add(at("2001:db8::" + i, 1), new Socket())).doesNotContain(other);
        }
    }

    @Test
    void whatHasSpokenOrIsClosedIsCountedNoMore() {
        for (int i = 1; i <= 4 * PER_SOURCE; i++) {
            assertThat(adds(at("2001:db8::" + i, i), new Socket())).isEmpty();
            connections.remove(at("2001:db8::" + i, i));
        }
    }

    @Test
    void ipv4AddressesHaveTheirSharesEach() {
        for (int i = 1; i <= IN_ALL; i++) {
            assertThat(adds(at("192.0.2." + i, 1), new Socket())).isEmpty();
        }
    }
}
