package org.consentgateway.sip.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.consentgateway.sip.dns.Dns.Naptr;
import org.consentgateway.sip.dns.Dns.Srv;
import org.consentgateway.sip.dns.Locating.Wanted;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RFC 3263 §4, by example. */
@Timeout(60)
class LocatingTest {
    private final Records dns = new Records();
    private Set<Transport> ours = EnumSet.allOf(Transport.class);
    private boolean six = true;

    /** Confined to one test. */
    private static final class Records implements Dns {
        private final Map<String, List<Naptr>> naptr = new HashMap<>();
        private final Map<String, List<Srv>> srv = new HashMap<>();
        private final Map<String, List<InetAddress>> addresses = new HashMap<>();
        private final Set<String> silent = new HashSet<>();
        private boolean down;
        private boolean naptrSilent;

        @Override
        public List<Naptr> naptr(String domain) throws Unavailable {
            if (naptrSilent) {
                throw new Unavailable("dropped");
            }
            return of(naptr, domain);
        }

        @Override
        public List<Srv> srv(String name) throws Unavailable {
            return of(srv, name);
        }

        @Override
        public List<InetAddress> addresses(String host, Predicate<InetAddress> reachable)
                throws Unavailable {
            InetAddress literal = SipText.address(host);
            return literal != null ? List.of(literal) : of(addresses, host);
        }

        private <T> List<T> of(Map<String, List<T>> records, String name) throws Unavailable {
            if (down || silent.contains(name)) {
                throw new Unavailable("down");
            }
            return records.getOrDefault(name, List.of());
        }

        void host(String name, String... literals) {
            List<InetAddress> all = new ArrayList<>();
            for (String literal : literals) {
                all.add(InetAddress.ofLiteral(literal));
            }
            addresses.put(name, all);
        }
    }

    private List<String> servers(
            String host, int port, @Nullable Transport transport, boolean secure)
            throws Dns.Unavailable {
        Locating.Reach reach =
                new Locating.Reach() {
                    @Override
                    public boolean reaches(Transport wanted) {
                        return ours.contains(wanted);
                    }

                    @Override
                    public boolean reaches(Transport wanted, InetAddress address) {
                        return ours.contains(wanted) && (six || !(address instanceof Inet6Address));
                    }
                };
        return new Locating(dns, reach, new Random(1))
                .locate(new Wanted(host, port, transport, secure)).servers().stream()
                        .map(ServerAddress::toString)
                        .toList();
    }

    @Test
    void anAddressNeedsNoDns() throws Exception {
        dns.down = true;
        assertThat(servers("192.0.2.7", -1, null, false)).containsExactly("udp:192.0.2.7:5060");
        assertThat(servers("192.0.2.7", 5080, Transport.TCP, false))
                .containsExactly("tcp:192.0.2.7:5080");
        assertThat(servers("2001:db8::7", -1, null, true))
                .containsExactly("tls:[2001:db8:0:0:0:0:0:7]:5061");
    }

    @Test
    void aPortThatIsToldIsTaken() throws Exception {
        dns.host("sip.provider.test", "192.0.2.7");
        dns.srv.put("_sip._udp.sip.provider.test", List.of(new Srv(1, 1, 9999, "no.test")));
        assertThat(servers("sip.provider.test", 5080, null, false))
                .containsExactly("udp:192.0.2.7:5080");
    }

    @Test
    void naptrSaysTheTransportAndSrvTheServersInTheirOrder() throws Exception {
        dns.naptr.put(
                "provider.test",
                List.of(
                        new Naptr(20, 1, "s", "SIP+D2U", "_sip._udp.provider.test"),
                        new Naptr(10, 2, "s", "SIP+D2T", "_sip._tcp.provider.test"),
                        new Naptr(10, 1, "s", "SIPS+D2T", "_sips._tcp.provider.test"),
                        new Naptr(1, 1, "u", "E2U+sip", "ignored.test")));
        dns.srv.put(
                "_sip._tcp.provider.test",
                List.of(new Srv(2, 1, 5062, "b.test"), new Srv(1, 1, 5061, "a.test")));
        dns.srv.put("_sips._tcp.provider.test", List.of(new Srv(1, 1, 5071, "s.test")));
        dns.srv.put("_sip._udp.provider.test", List.of(new Srv(1, 1, 5060, "u.test")));
        dns.host("a.test", "192.0.2.1", "2001:db8::1");
        dns.host("b.test", "192.0.2.2");
        dns.host("s.test", "192.0.2.3");
        dns.host("u.test", "192.0.2.4");
        assertThat(servers("provider.test", -1, null, false))
                .containsExactly(
                        "tls:192.0.2.3:5071",
                        "tcp:192.0.2.1:5061",
                        "tcp:[2001:db8:0:0:0:0:0:1]:5061",
                        "tcp:192.0.2.2:5062",
                        "udp:192.0.2.4:5060");
        ours = EnumSet.of(Transport.UDP, Transport.TCP);
        six = false;
        assertThat(servers("provider.test", -1, null, false))
                .containsExactly("tcp:192.0.2.1:5061", "tcp:192.0.2.2:5062", "udp:192.0.2.4:5060");
    }

    @Test
    void withoutNaptrTheSrvOfOurTransportsCount() throws Exception {
        dns.srv.put("_sip._tcp.provider.test", List.of(new Srv(1, 1, 5060, "a.test")));
        dns.host("a.test", "192.0.2.1");
        assertThat(servers("provider.test", -1, null, false)).containsExactly("tcp:192.0.2.1:5060");
        assertThat(servers("provider.test", -1, Transport.TCP, false))
                .containsExactly("tcp:192.0.2.1:5060");
    }

    @Test
    void withoutSrvTheDomainItselfIsTheServer() throws Exception {
        dns.host("provider.test", "192.0.2.1");
        assertThat(servers("provider.test", -1, null, false)).containsExactly("udp:192.0.2.1:5060");
        assertThat(servers("provider.test", -1, Transport.TLS, false))
                .containsExactly("tls:192.0.2.1:5061");
        ours = EnumSet.of(Transport.TCP);
        assertThat(servers("provider.test", -1, null, false)).containsExactly("tcp:192.0.2.1:5060");
    }

    @Test
    void aSipsUriGoesByTlsOnly() throws Exception {
        dns.srv.put("_sip._udp.provider.test", List.of(new Srv(1, 1, 5060, "a.test")));
        dns.srv.put("_sips._tcp.provider.test", List.of(new Srv(1, 1, 5091, "a.test")));
        dns.host("a.test", "192.0.2.1");
        assertThat(servers("provider.test", -1, Transport.UDP, true))
                .containsExactly("tls:192.0.2.1:5091");
        ours = EnumSet.of(Transport.UDP);
        assertThat(servers("provider.test", -1, null, true)).isEmpty();
    }

    @Test
    void aServiceThatIsNotThereIsNotThere() throws Exception {
        // RFC 2782: a target of "." means that the service is decidedly not available.
        dns.srv.put("_sip._udp.provider.test", List.of(new Srv(0, 0, 0, ".")));
        assertThat(servers("provider.test", -1, Transport.UDP, false)).isEmpty();
        assertThat(servers("nobody.test", -1, null, false)).isEmpty();
    }

    @Test
    void aTargetThatTheDnsDoesNotTellKeepsNobodyFromTheOthers() throws Exception {
        dns.srv.put(
                "_sip._udp.provider.test",
                List.of(new Srv(1, 1, 5060, "silent.test"), new Srv(2, 1, 5060, "b.test")));
        dns.silent.add("silent.test");
        dns.host("b.test", "192.0.2.8");
        assertThat(servers("provider.test", -1, Transport.UDP, false))
                .containsExactly("udp:192.0.2.8:5060");
    }

    @Test
    void whoseTargetsByTlsAreNotToldIsNotReachedByAnother() {
        dns.naptr.put(
                "provider.test",
                List.of(
                        new Naptr(1, 1, "s", "SIPS+D2T", "_sips._tcp.provider.test"),
                        new Naptr(2, 1, "s", "SIP+D2U", "_sip._udp.provider.test")));
        dns.srv.put("_sips._tcp.provider.test", List.of(new Srv(1, 1, 5061, "silent.test")));
        dns.srv.put("_sip._udp.provider.test", List.of(new Srv(1, 1, 5060, "b.test")));
        dns.silent.add("silent.test");
        dns.host("b.test", "192.0.2.8");
        assertThatThrownBy(() -> servers("provider.test", -1, null, false))
                .isInstanceOf(Dns.Unavailable.class);
    }

    @Test
    void aTransportOfWhichNothingIsToldKeepsNobodyFromTheOthers() throws Exception {
        dns.srv.put("_sip._udp.provider.test", List.of(new Srv(1, 1, 5060, "a.test")));
        dns.silent.add("_sips._tcp.provider.test");
        dns.host("a.test", "192.0.2.1");
        assertThat(servers("provider.test", -1, null, false)).containsExactly("udp:192.0.2.1:5060");
        dns.silent.add("_sip._udp.provider.test");
        dns.host("provider.test", "192.0.2.2");
        assertThat(servers("provider.test", -1, null, false))
                .as("the domain itself")
                .containsExactly("udp:192.0.2.2:5060");
    }

    @Test
    void whoIsAskedForNaptrInVainIsAskedForSrv() throws Exception {
        dns.naptrSilent = true;
        dns.srv.put("_sip._tcp.provider.test", List.of(new Srv(1, 1, 5060, "a.test")));
        dns.host("a.test", "192.0.2.1");
        assertThat(servers("provider.test", -1, null, false)).containsExactly("tcp:192.0.2.1:5060");
    }

    @Test
    void aTransportThatIsDemandedIsNotReplacedByAnother() {
        dns.srv.put("_sip._udp.provider.test", List.of(new Srv(1, 1, 5060, "a.test")));
        dns.silent.add("_sips._tcp.provider.test");
        dns.host("a.test", "192.0.2.1");
        assertThatThrownBy(() -> servers("provider.test", -1, null, true))
                .isInstanceOf(Dns.Unavailable.class);
        assertThatThrownBy(() -> servers("provider.test", -1, Transport.TLS, false))
                .isInstanceOf(Dns.Unavailable.class);
    }

    /** Its service is named, by TLS alone, so it is not called in clear at the domain's address. */
    @Test
    void aDomainWhoseOneServiceIsNotToldIsNotItsOwnServer() {
        dns.srv.put("_sips._tcp.provider.test", List.of(new Srv(1, 1, 5061, "silent.test")));
        dns.silent.add("silent.test");
        dns.host("provider.test", "192.0.2.2");
        assertThatThrownBy(() -> servers("provider.test", -1, null, false))
                .isInstanceOf(Dns.Unavailable.class);
    }

    @Test
    void whatNaptrPrefersIsKeptWhereALaterOneIsNotTold() throws Exception {
        dns.naptr.put(
                "provider.test",
                List.of(
                        new Naptr(1, 1, "s", "SIPS+D2T", "_sips._tcp.provider.test"),
                        new Naptr(2, 1, "s", "SIP+D2U", "_sip._udp.provider.test")));
        dns.srv.put("_sips._tcp.provider.test", List.of(new Srv(1, 1, 5061, "a.test")));
        dns.silent.add("_sip._udp.provider.test");
        dns.host("a.test", "192.0.2.1");
        assertThat(servers("provider.test", -1, null, false)).containsExactly("tls:192.0.2.1:5061");
    }

    @Test
    void noAnswerIsNotNo() {
        dns.down = true;
        assertThatThrownBy(() -> servers("provider.test", -1, null, false))
                .isInstanceOf(Dns.Unavailable.class);
    }

    @Test
    void ofOnePriorityTheHeavierComesFirstMoreOften() {
        List<Srv> records =
                List.of(
                        new Srv(1, 75, 5060, "heavy.test"),
                        new Srv(1, 25, 5060, "light.test"),
                        new Srv(2, 0, 5060, "spare.test"));
        Map<String, Integer> firsts = new TreeMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 4000; i++) {
            List<Srv> ordered = Locating.BY_WEIGHT.inOrder(records, random);
            assertThat(ordered).hasSize(3);
            assertThat(ordered.getLast().target()).isEqualTo("spare.test");
            firsts.merge(ordered.getFirst().target(), 1, Integer::sum);
        }
        assertThat(firsts.get("heavy.test")).isBetween(2800, 3200);
    }

    @Test
    void serversAreLimited() throws Exception {
        List<Srv> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(new Srv(1, 1, 5000 + i, "a.test"));
        }
        dns.srv.put("_sip._udp.provider.test", many);
        dns.host("a.test", "192.0.2.1", "192.0.2.2", "192.0.2.3");
        assertThat(servers("provider.test", -1, Transport.UDP, false))
                .hasSize(Locating.MAX_SERVERS);
    }
}
