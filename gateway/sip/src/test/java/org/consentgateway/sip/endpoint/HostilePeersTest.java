package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Dns;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers who say where to meet them, or what they want, so that we wait, or never end. */
@Timeout(60)
class HostilePeersTest {
    private final Heard heard = new Heard();
    private final CountDownLatch nameServersAnswer = new CountDownLatch(1);
    private Bench bench;
    private SipPeer peer;

    @BeforeEach
    void listen() throws IOException {
        bench =
                new Bench(
                        Duration.ofSeconds(90),
                        ClockAndDns.real(System::nanoTime).with(new Silent(nameServersAnswer)));
        bench.gateway.answerAll(heard);
        peer = bench.udpPeer();
    }

    @AfterEach
    void close() throws IOException {
        nameServersAnswer.countDown();
        peer.close();
        bench.close();
    }

    /** Name servers that do not answer until they are let. */
    private record Silent(CountDownLatch until) implements Dns {
        @Override
        public List<Naptr> naptr(String domain) {
            return List.of();
        }

        @Override
        public List<Srv> srv(String name) throws Unavailable {
            addresses(name, _ -> true);
            return List.of();
        }

        @Override
        public List<InetAddress> addresses(String host, Predicate<InetAddress> reachable)
                throws Unavailable {
            try {
                until.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            throw new Unavailable("silent");
        }
    }

    private void othersAreHeard() throws IOException {
        try (SipPeer other = bench.udpPeer()) {
            SipDialog asking = new SipDialog(other);
            other.send(asking.request("OPTIONS", 1, "z9hG4bKother", "", ""));
            asking.expect(200);
        }
    }

    private OutgoingCall dial() {
        return bench.endpoint.dial(Bench.challenged("sip:called@127.0.0.1:" + peer.port), heard);
    }

    private SipMessage answeredAt(String contact) throws IOException {
        SipMessage invite = peer.expectRequest("INVITE");
        peer.send(
                invite.response("200 OK", "t1", "Contact: <" + contact + ">\r\n", SipDialog.OFFER));
        return invite;
    }

    @Test
    void aContactThatIsANameInItsMaddrKeepsNobodyWaiting() throws Exception {
        dial();
        answeredAt("sip:called@127.0.0.1:" + peer.port + ";maddr=silent.invalid");
        othersAreHeard();
    }

    @Test
    void anotherForkWithANameForItsContactKeepsNobodyWaiting() throws Exception {
        dial();
        SipMessage invite = answeredAt("sip:called@127.0.0.1:" + peer.port);
        peer.expectRequest("ACK");
        peer.send(
                invite.response(
                        "200 OK",
                        "t2",
                        "Contact: <sip:called@silent.invalid>\r\n",
                        SipDialog.OFFER));
        assertThat(heard.next()).startsWith("media");
        othersAreHeard();
    }

    @Test
    void aPortThatIsNoneInAContactIsPassedOver() throws Exception {
        OutgoingCall call = dial();
        answeredAt("sip:called@127.0.0.1:70000");
        peer.expectRequest("ACK");
        assertThat(heard.next()).startsWith("media");
        call.hangUp(IncomingCall.Ending.NORMAL);
        SipMessage bye = peer.expectRequest("BYE");
        peer.send(bye.response("200 OK", "", ""));
        assertThat(heard.next()).isEqualTo("ended BY_US");
    }

    @Test
    void whoFindsEachPasswordTooOldIsAskedNoMore() throws Exception {
        dial();
        int invites = 0;
        while (heard.all.isEmpty()) {
            SipMessage invite = peer.receive(100);
            if (invite != null && invite.method().equals("INVITE")) {
                invites++;
                peer.send(
                        invite.response(
                                "401 Unauthorized",
                                "t",
                                "WWW-Authenticate: Digest realm=\"r\", stale=true, nonce=\"n"
                                        + invites
                                        + "\"\r\n",
                                ""));
            }
            assertThat(invites).isLessThan(20);
        }
        assertThat(heard.next()).isEqualTo("refused 401");
    }
}
