package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.sip.dns.Dns;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A target that is called by its name, and answers at once, while the DNS does not. */
@Timeout(60)
class SlowDnsTest {
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
        endpoint = TestDialling.endpoint(ClockAndDns.real(System::nanoTime).with(new Slow()));
        target = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
    }

    @AfterEach
    void stop() throws Exception {
        answers.countDown();
        endpoint.close();
        target.close();
    }

    private SipDialling<SipHumanEnd> dial() {
        return TestDialling.dial(endpoint, "sip:team@human.example:" + target.port);
    }

    private void answers(SipDialling<SipHumanEnd> dialling) throws Exception {
        TestDialling.answers(target, target.expectRequest("INVITE"), dialling);
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
