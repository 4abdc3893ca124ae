package org.consentgateway.sip.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.consentgateway.testkit.DnsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DnsLookupsTest {
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
        assertThat(dns.addresses("a.provider.test"))
                .containsExactlyInAnyOrder(
                        InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));
    }

    @Test
    void whatIsNotThereIsEmpty() throws Exception {
        server.address("a.provider.test", "192.0.2.1");
        assertThat(dns.srv("_sip._tcp.nobody.test")).isEmpty();
        assertThat(dns.srv("a.provider.test")).isEmpty();
        assertThat(dns.addresses("nobody.test")).isEmpty();
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

    @Test
    void theHostsFileCounts() throws Exception {
        assertThat(dns.addresses("localhost")).contains(InetAddress.ofLiteral("127.0.0.1"));
        assertThat(server.asked).noneMatch(question -> question.equals("A localhost"));
    }

    @Test
    void anAddressIsItsOwn() throws Exception {
        assertThat(dns.addresses("192.0.2.1")).containsExactly(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(server.asked).isEmpty();
    }
}
