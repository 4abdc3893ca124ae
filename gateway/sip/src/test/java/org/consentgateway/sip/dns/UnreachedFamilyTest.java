package org.consentgateway.sip.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.address.SipUri;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import org.consentgateway.testkit.DnsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node with IPv4 alone, and a server that has IPv6 as well, while the DNS tells only of that. */
@Timeout(30)
class UnreachedFamilyTest {
    private DnsServer server;
    private Locator locator;

    private static final Locating.Reach FOUR =
            new Locating.Reach() {
                @Override
                public boolean reaches(Transport wanted) {
                    return true;
                }

                @Override
                public boolean reaches(Transport wanted, InetAddress address) {
                    return address instanceof Inet4Address;
                }
            };

    @BeforeEach
    void start() throws IOException {
        server = new DnsServer();
        Dns dns = DnsLookups.of(List.of(server.address()));
        locator = new Locator(dns, FOUR, new Backoff(System::nanoTime));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<String> servers(String host, int port) throws ParseException {
        SipUri uri = new SipUri();
        uri.setHost(host);
        uri.setPort(port);
        return locator.all(uri).stream().map(ServerAddress::toString).toList();
    }

    @Test
    void whoIsRememberedIsNotForgottenForAnAddressThatCannotBeReached() throws Exception {
        server.ttl = 0; // nothing is remembered but by us
        server.address("a.example", "192.0.2.1").address("a.example", "2001:db8::1");
        assertThat(servers("a.example", 5060)).containsExactly("udp:192.0.2.1:5060");
        server.fails("A", "");
        assertThat(servers("a.example", 5060)).containsExactly("udp:192.0.2.1:5060");
    }

    /** Else the one question that is late has us call in clear. */
    @Test
    void noOtherTransportTakesThePlaceOfTheOneWhoseAddressIsLate() throws Exception {
        server.naptr("peer.example", 1, "SIPS+D2T", "_sips._tcp.peer.example")
                .naptr("peer.example", 2, "SIP+D2U", "_sip._udp.peer.example")
                .srv("_sips._tcp.peer.example", 1, 5061, "a.example")
                .srv("_sip._udp.peer.example", 1, 5060, "a.example")
                .address("a.example", "192.0.2.1")
                .address("a.example", "2001:db8::1");
        server.delays("A", Duration.ofMillis(300));
        assertThat(servers("peer.example", -1).getFirst()).isEqualTo("tls:192.0.2.1:5061");
    }
}
