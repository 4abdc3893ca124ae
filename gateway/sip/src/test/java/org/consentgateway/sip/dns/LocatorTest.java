package org.consentgateway.sip.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.address.SipUri;
import java.net.InetAddress;
import java.text.ParseException;
import java.util.List;
import org.consentgateway.sip.message.SipText;
import org.junit.jupiter.api.Test;

/** What is remembered for a time without a DNS. */
class LocatorTest {
    private boolean down;

    private final Dns dns =
            new Dns() {
                @Override
                public List<Naptr> naptr(String domain) throws Unavailable {
                    return of(List.of());
                }

                @Override
                public List<Srv> srv(String name) throws Unavailable {
                    return of(List.of());
                }

                @Override
                public List<InetAddress> addresses(String host) throws Unavailable {
                    InetAddress literal = SipText.address(host);
                    return of(
                            List.of(
                                    literal == null
                                            ? InetAddress.ofLiteral("192.0.2.1")
                                            : literal));
                }

                private <T> List<T> of(List<T> records) throws Unavailable {
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
}
