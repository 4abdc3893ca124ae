package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Dns;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A target that is called by its name, and answers at once, while the DNS does not. */
@Timeout(60)
class SlowDnsTest {
    private static final InetSocketAddress HERE =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 20_000);

    /** Longer than whoever has got an INVITE may be silent, shorter than servers are looked for. */
    private static final int SLOW_MILLIS = 4500;

    private volatile CountDownLatch answers = new CountDownLatch(0);
    private SipEndpoint endpoint;
    private SipPeer target;

    private final class Slow implements Dns {
        @Override
        public List<Naptr> naptr(String domain) {
            return List.of();
        }

        @Override
        public List<Srv> srv(String name) {
            return List.of();
        }

        @Override
        public List<InetAddress> addresses(String host, Predicate<InetAddress> reachable)
                throws Unavailable {
            try {
                if (answers.await(20, TimeUnit.SECONDS)) {
                    return List.of(InetAddress.getLoopbackAddress());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new Unavailable("out");
        }
    }

    @BeforeEach
    void start() throws Exception {
        var settings =
                SipSettings.usual(
                        List.of(new SipSettings.Listen(Transport.UDP, "127.0.0.1", 0)),
                        "consent-gateway-test",
                        List.of());
        endpoint =
                SipEndpoint.start(
                        settings,
                        CallHandler.none(),
                        ClockAndDns.real(System::nanoTime).with(new Slow()));
        target = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
    }

    @AfterEach
    void stop() throws Exception {
        answers.countDown();
        endpoint.close();
        target.close();
    }

    private SipDialling<SipHumanEnd> dial() {
        String uri = "sip:team@human.example:" + target.port;
        var human = TestTargets.of("human", Duration.ofSeconds(20), new SipTarget.At(uri, 0, 1));
        MediaLeg leg =
                (MediaLeg)
                        Proxy.newProxyInstance(
                                MediaLeg.class.getClassLoader(),
                                new Class<?>[] {MediaLeg.class},
                                (_, method, _) ->
                                        method.getReturnType().equals(CompletionStage.class)
                                                ? new CompletableFuture<>()
                                                : null);
        return SipDialling.start(
                endpoint,
                human,
                OutgoingCall.Dial.straight(uri, "+4930123456", Map.of(), HERE, G711.PCMA),
                new SipDialling.Ours(leg, () -> false),
                SipHumanEnd::new,
                Map.of());
    }

    private void answers(SipDialling<SipHumanEnd> dialling) throws Exception {
        SipMessage invite = target.expectRequest("INVITE");
        String contact = "Contact: <sip:b@127.0.0.1:" + target.port + ">\r\n";
        target.send(invite.response("200 OK", "t", contact, SipDialog.OFFER));
        assertThat(dialling.result().toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOf(Dialled.Connected.class);
        target.expectRequest("ACK");
    }

    @Test
    void whoIsRememberedIsReachedThoughTheDnsIsOut() throws Exception {
        answers(dial());
        answers = new CountDownLatch(1);
        answers(dial());
    }

    @Test
    void theSignOfLifeIsWaitedForFromTheInviteOn() throws Exception {
        answers = new CountDownLatch(1);
        SipDialling<SipHumanEnd> dialling = dial();
        Thread.sleep(SLOW_MILLIS);
        answers.countDown();
        answers(dialling);
    }

    @Test
    void whoseServersNobodyTellsIsUnreachable() throws Exception {
        answers = new CountDownLatch(1);
        assertThat(dial().result().toCompletableFuture().get(15, TimeUnit.SECONDS))
                .isEqualTo(new Dialled.NotReached<>(Dialled.Why.UNREACHABLE, 408));
    }
}
