package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Optional;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A telephone or an exchange that loses its connection comes again, often from the same port. */
@Timeout(30)
final class ReconnectedPeersTest {
    /** Longer than a call that is never acknowledged is hung up on, by a BYE that nobody takes. */
    private static final int GONE_MILLIS = 600;

    @Test
    void whoComesAgainFromTheSamePortIsAnswered() throws Exception {
        int port = FreePort.next();
        try (var endpoint = new OpenEndpoint(Transport.TCP, Optional.empty())) {
            for (int call = 0; call < 3; call++) {
                call(port, endpoint);
                Thread.sleep(GONE_MILLIS);
            }
        }
    }

    @Test
    void whoComesFromThePortThatWeAreConnectedToIsAnswered() throws Exception {
        int port = FreePort.next();
        try (var endpoint = new OpenEndpoint(Transport.TCP, Optional.empty());
                ServerSocket there = new ServerSocket()) {
            there.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            call(port, endpoint);
            there.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            try (Socket hungUpOn = there.accept()) {
                // Of our BYE, or of the answer that is repeated before it.
                assertThat(afterLineEnds(hungUpOn.getInputStream())).isIn((int) 'B', (int) 'S');
                call(port, endpoint);
            }
        }
    }

    /** The stack sends one behind a connection that has ended, maybe before all else. */
    private static int afterLineEnds(InputStream in) throws IOException {
        int octet = in.read();
        while (octet == '\r' || octet == '\n') {
            octet = in.read();
        }
        return octet;
    }

    private static void call(int port, OpenEndpoint endpoint) throws IOException {
        try (SipPeer peer = SipPeer.resetting("127.0.0.1", port, endpoint.address())) {
            peer.send(new SipDialog(peer).invite(SipDialog.OFFER));
            peer.expect(200);
        }
    }
}
