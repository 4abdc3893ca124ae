package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;

/** The ids of a dialog may be overheard: only the trunk it came from may use them. */
class WrongPeerTest {
    private static final List<Trunk> TRUNKS =
            List.of(Bench.loopback("127.0.0.1/32"), Bench.trunk("other", "127.0.0.2/32"));

    private final Switchboard gateway = new Switchboard();
    private final Heard heard = new Heard();

    @Test
    void anotherTrunkEndsNoCall() throws Exception {
        gateway.answerAll(heard);
        try (SipEndpoint endpoint =
                        SipEndpoint.start(
                                Bench.settings(TRUNKS, List.of()), gateway, System::nanoTime);
                SipPeer caller = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
                SipPeer other = SipPeer.udp("127.0.0.2", endpoint.listening().getFirst())) {
            SipDialog phone = new SipDialog(caller);
            phone.connect();
            assertThat(heard.next()).startsWith("media");

            String bye = phone.bye();
            other.send(bye.replace("127.0.0.1:" + caller.port, "127.0.0.2:" + other.port));
            assertThat(other.hearsNothing(300)).isTrue();
            Bench.rejects(endpoint, Rejection.WRONG_PEER, 1);

            caller.send(bye);
            caller.expect(200);
            assertThat(heard.next()).isEqualTo("ended BYE");
        }
    }
}
