package org.consentgateway.sip.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import gov.nist.javax.sip.address.SipUri;
import java.net.InetAddress;
import java.text.ParseException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.consentgateway.sip.message.SipText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is remembered for a time without a DNS. */
class LocatorTest {
    private volatile boolean down;
    private volatile boolean naptrDown;
    private volatile List<Dns.Naptr> naptr = List.of();
    private volatile String address = "192.0.2.1";

    /** Who asks waits for this, as for a name server that is out. */
    private volatile CountDownLatch answers = new CountDownLatch(0);

    private final Dns dns =
            new Dns() {
                @Override
                public List<Naptr> naptr(String domain) throws Unavailable {
                    if (naptrDown) {
                        throw new Unavailable("dropped");
                    }
                    return of(naptr);
                }

                @Override
                public List<Srv> srv(String name) throws Unavailable {
                    return of(
                            name.equals("_sips._tcp.peer.example")
                                    ? List.of(new Srv(1, 1, 5061, "tls.example"))
                                    : List.of());
                }

                @Override
                public List<InetAddress> addresses(String host, Predicate<InetAddress> reachable)
                        throws Unavailable {
                    InetAddress literal = SipText.address(host);
                    return of(List.of(literal == null ? InetAddress.ofLiteral(address) : literal));
                }

                private <T> List<T> of(List<T> records) throws Unavailable {
                    try {
                        answers.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    if (down) {
                        throw new Unavailable("down");
                    }
                    return records;
                }
            };

    private final Locating.Reach everywhere =
            new Locating.Reach() {
                @Override
                public boolean reaches(Transport wanted) {
                    return true;
                }

                @Override
                public boolean reaches(Transport wanted, InetAddress address) {
                    return true;
                }
            };

    private final Locator locator = new Locator(dns, everywhere, new Backoff(System::nanoTime));

    private List<String> servers(String host) throws ParseException {
        SipUri uri = new SipUri();
        uri.setHost(host);
        return locator.locate(uri, Transport.UDP).stream().map(ServerAddress::toString).toList();
    }

    @Test
    void strangersNamesDisplaceNoPeerThatIsAskedForBetweenThem() throws Exception {
        for (int i = 0; i < Locator.MAX_DOMAINS + 100; i++) {
            servers("stranger-" + i + ".example");
            if (i % 500 == 0) {
                servers("peer.example");
            }
        }
        down = true;
        assertThat(servers("peer.example")).containsExactly("udp:192.0.2.1:5060");
        assertThat(servers("stranger-0.example")).isEmpty();
    }

    private List<String> anyServers(String host) throws ParseException {
        SipUri uri = new SipUri();
        uri.setHost(host);
        return locator.locate(uri).stream().map(ServerAddress::toString).toList();
    }

    /** A call to it is given up after seconds; what the DNS says later counts for the next. */
    @Test
    @Timeout(20)
    void whoIsRememberedIsNotWaitedForUntilTheDnsIsGivenUp() throws Exception {
        assertThat(servers("peer.example")).containsExactly("udp:192.0.2.1:5060");
        address = "192.0.2.2";
        answers = new CountDownLatch(1);
        // A name server that is out never counts the latch down: who waits for it fails here.
        assertThat(servers("peer.example")).containsExactly("udp:192.0.2.1:5060");
        answers.countDown();
        await().untilAsserted(() ->
                assertThat(servers("peer.example")).containsExactly("udp:192.0.2.2:5060"));
    }

    @Test
    void aNameServerThatAnswersIsWaitedFor() throws Exception {
        assertThat(servers("peer.example")).containsExactly("udp:192.0.2.1:5060");
        address = "192.0.2.2";
        assertThat(servers("peer.example")).containsExactly("udp:192.0.2.2:5060");
    }

    @Test
    void whoHadNoServerIsAskedForToTheEnd() throws Exception {
        down = true;
        assertThat(servers("peer.example")).isEmpty();
        down = false;
        answers = new CountDownLatch(1);
        CompletableFuture<Void> _ =
                CompletableFuture.runAsync(
                        answers::countDown,
                        CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS));
        assertThat(servers("peer.example")).containsExactly("udp:192.0.2.1:5060");
    }

    /** Else whoever drops one question of ours has us call in clear. */
    @Test
    void whatANaptrChoseStaysWhileItIsNotTold() throws Exception {
        naptr = List.of(new Dns.Naptr(1, 1, "s", "SIPS+D2T", "_sips._tcp.peer.example"));
        assertThat(anyServers("peer.example")).containsExactly("tls:192.0.2.1:5061");
        naptrDown = true;
        address = "192.0.2.2";
        assertThat(anyServers("peer.example")).containsExactly("tls:192.0.2.1:5061");
        assertThat(anyServers("other.example")).containsExactly("udp:192.0.2.2:5060");
        naptrDown = false;
        naptr = List.of();
        assertThat(anyServers("peer.example")).containsExactly("tls:192.0.2.2:5061");
    }
}
