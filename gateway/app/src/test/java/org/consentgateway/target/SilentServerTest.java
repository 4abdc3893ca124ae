package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.sip.dns.Dns;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A target with two servers (RFC 3263 §4.3), of which the first takes everything in silence. */
@Timeout(60)
class SilentServerTest {
    /** As long as a server that looks for a telephone may well take. */
    private static final int SLOW_MILLIS = 1000;

    private SipEndpoint endpoint;
    private SipPeer silent;
    private SipPeer second;

    private final class TwoServers implements Dns {
        @Override
        public List<Naptr> naptr(String domain) {
            return List.of();
        }

        @Override
        public List<Srv> srv(String name) {
            return name.startsWith("_sip._udp.")
                    ? List.of(
                            new Srv(10, 1, silent.port, "a.human.example"),
                            new Srv(20, 1, second.port, "b.human.example"))
                    : List.of();
        }

        @Override
        public List<InetAddress> addresses(String host, Predicate<InetAddress> reachable) {
            return List.of(InetAddress.getLoopbackAddress());
        }
    }

    @BeforeEach
    void start() throws Exception {
        endpoint = TestDialling.endpoint(ClockAndDns.real(System::nanoTime).with(new TwoServers()));
        silent = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
        second = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
    }

    @AfterEach
    void stop() throws Exception {
        endpoint.close();
        silent.close();
        second.close();
    }

    private SipDialling<SipHumanEnd> dial() {
        return TestDialling.dial(endpoint, "sip:team@human.example");
    }

    @Test
    void theNextServerHasSecondsOfItsOwnForASignOfLife() throws Exception {
        SipDialling<SipHumanEnd> dialling = dial();
        silent.expectRequest("INVITE");
        SipMessage invite = second.expectRequest("INVITE");
        TimeUnit.MILLISECONDS.sleep(SLOW_MILLIS);
        second.send(invite.response("180 Ringing", "t", ""));
        TestDialling.answers(second, invite, dialling);
    }

    @Test
    void whereAllServersAreSilentNobodyIsReached() throws Exception {
        SipDialling<SipHumanEnd> dialling = dial();
        second.expectRequest("INVITE");
        assertThat(dialling.result().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEqualTo(new Dialled.NotReached<>(Dialled.Why.UNREACHABLE, 408));
    }
}
