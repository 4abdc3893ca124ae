package org.consentgateway.sip.endpoint;

import java.util.Optional;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;

/** A telephone or an exchange that loses its connection comes again, often from the same port. */
final class ReconnectedPeersTest {
    /** Longer than a call that is never acknowledged is hung up on, by a BYE that nobody takes. */
    private static final int GONE_MILLIS = 600;

    @Test
    void whoComesAgainFromTheSamePortIsAnswered() throws Exception {
        int port = FreePort.next();
        try (var endpoint = new OpenEndpoint(Transport.TCP, Optional.empty())) {
            for (int call = 0; call < 3; call++) {
                try (SipPeer peer = SipPeer.resetting("127.0.0.1", port, endpoint.address())) {
                    peer.send(new SipDialog(peer).invite(SipDialog.OFFER));
                    peer.expect(200);
                }
                Thread.sleep(GONE_MILLIS);
            }
        }
    }
}
