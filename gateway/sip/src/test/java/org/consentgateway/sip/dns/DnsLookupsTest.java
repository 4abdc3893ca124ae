package org.consentgateway.sip.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.consentgateway.testkit.DnsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DnsLookupsTest {
    private static final Predicate<InetAddress> ANY = _ -> true;
    private static final Predicate<InetAddress> FOUR = address -> address instanceof Inet4Address;

    private DnsServer server;
    private Dns dns;

    @BeforeEach
    void start() throws IOException {
        server = new DnsServer();
        dns = DnsLookups.of(List.of(server.address()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void recordsAreReadAsTheyAre() throws Exception {
        server.naptr("provider.test", 10, "SIP+D2T", "_sip._tcp.provider.test")
                .srv("_sip._tcp.provider.test", 1, 5062, "a.provider.test")
                .address("a.provider.test", "192.0.2.1")
                .address("a.provider.test", "2001:db8::1");
        assertThat(dns.naptr("provider.test"))
                .containsExactly(new Dns.Naptr(10, 10, "s", "SIP+D2T", "_sip._tcp.provider.test"));
        assertThat(dns.srv("_sip._tcp.provider.test"))
                .containsExactly(new Dns.Srv(1, 10, 5062, "a.provider.test"));
        assertThat(dns.addresses("a.provider.test", ANY))
                .containsExactlyInAnyOrder(
                        InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));
    }

    @Test
    void whatIsNotThereIsEmpty() throws Exception {
        server.address("a.provider.test", "192.0.2.1");
        assertThat(dns.srv("_sip._tcp.nobody.test")).isEmpty();
        assertThat(dns.srv("a.provider.test")).isEmpty();
        assertThat(dns.addresses("nobody.test", ANY)).isEmpty();
    }

    @Test
    void anAnswerCountsForAsLongAsItsTtl() throws Exception {
        server.srv("_sip._udp.long.test", 1, 5060, "a.test");
        server.ttl = 2;
        server.srv("_sip._udp.short.test", 1, 5060, "a.test");
        for (int i = 0; i < 3; i++) {
            assertThat(dns.srv("_sip._udp.long.test")).hasSize(1);
            assertThat(dns.srv("_sip._udp.short.test")).hasSize(1);
        }
        assertThat(server.asked).hasSize(2);
        server.forget();
        server.srv("_sip._udp.short.test", 1, 5080, "b.test");
        await().until(() -> dns.srv("_sip._udp.short.test").getFirst().port() == 5080);
        assertThat(dns.srv("_sip._udp.long.test").getFirst().port()).isEqualTo(5060);
        assertThat(server.asked).filteredOn(each -> each.contains("long")).hasSize(1);
    }

    @Test
    void silenceIsNoAnswerAndTheNextNameServerIsAsked() throws Exception {
        server.fallSilent();
        assertThatThrownBy(() -> dns.srv("_sip._udp.provider.test"))
                .isInstanceOf(Dns.Unavailable.class);
        try (DnsServer second = new DnsServer()) {
            second.srv("_sip._udp.provider.test", 1, 5060, "a.test");
            List<InetSocketAddress> both = List.of(server.address(), second.address());
            assertThat(DnsLookups.of(both).srv("_sip._udp.provider.test")).hasSize(1);
        }
    }

    /**
     * RFC 3263 §4.1 goes on with SRV: many name servers cannot do NAPTR, and say so in many ways.
     */
    @ParameterizedTest
    @ValueSource(strings = {"SERVFAIL", "NOTIMP", "REFUSED"})
    void whoCannotDoNaptrHasNone(String rcode) throws Exception {
        server.naptr("provider.test", 10, "SIP+D2T", "_sip._tcp.provider.test")
                .fails("NAPTR", rcode);
        assertThat(dns.naptr("provider.test")).isEmpty();
    }

    @Test
    void whoRefusesToSayWhichServersThereAreHasNotSaid() {
        server.fails("SRV", "REFUSED");
        assertThatThrownBy(() -> dns.srv("_sip._udp.provider.test"))
                .isInstanceOf(Dns.Unavailable.class);
    }

    /** As behind firewalls that know no IPv6. */
    @Test
    void anAddressIsNotWaitedForBehindOneOfTheOtherFamily() throws Exception {
        server.address("a.provider.test", "192.0.2.1").fails("AAAA", "");
        long before = System.nanoTime();
        assertThat(dns.addresses("a.provider.test", ANY))
                .containsExactly(InetAddress.ofLiteral("192.0.2.1"));
        // A question that gets no answer takes two seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isLessThan(Duration.ofMillis(1500));
    }

    /** Else where it is slow, whoever has an address of the other family has no server. */
    @Test
    void behindAnAddressThatCannotBeReachedTheOtherFamilyIsWaitedFor() throws Exception {
        server.address("a.provider.test", "192.0.2.1").address("a.provider.test", "2001:db8::1");
        server.delays("A", Duration.ofMillis(500));
        assertThat(dns.addresses("a.provider.test", FOUR))
                .contains(InetAddress.ofLiteral("192.0.2.1"));
    }

    @Test
    void anAddressThatCannotBeReachedIsNotTheAnswerForTheFamilyThatIsUntold() {
        server.address("a.provider.test", "2001:db8::1").fails("A", "");
        assertThatThrownBy(() -> dns.addresses("a.provider.test", FOUR))
                .isInstanceOf(Dns.Unavailable.class);
    }

    @Test
    void whoHasNoAddressThatCanBeReachedHasNone() throws Exception {
        server.address("a.provider.test", "2001:db8::1");
        assertThat(dns.addresses("a.provider.test", FOUR))
                .containsExactly(InetAddress.ofLiteral("2001:db8::1"));
    }

    @Test
    void whatOfBothFamiliesIsUntoldIsNotNone() {
        server.fails("AAAA", "");
        server.fails("A", "SERVFAIL");
        assertThatThrownBy(() -> dns.addresses("a.provider.test", ANY))
                .isInstanceOf(Dns.Unavailable.class);
    }

    @Test
    void theHostsFileCounts() throws Exception {
        assertThat(dns.addresses("localhost", ANY)).contains(InetAddress.ofLiteral("127.0.0.1"));
        assertThat(server.asked).noneMatch(question -> question.equals("A localhost"));
    }

    @Test
    void anAddressIsItsOwn() throws Exception {
        assertThat(dns.addresses("192.0.2.1", ANY))
                .containsExactly(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(server.asked).isEmpty();
    }
}
