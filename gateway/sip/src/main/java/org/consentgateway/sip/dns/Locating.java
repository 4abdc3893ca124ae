package org.consentgateway.sip.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.consentgateway.sip.dns.Dns.Naptr;
import org.consentgateway.sip.dns.Dns.Srv;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. From the domain of a SIP URI to the servers to try, in order (RFC 3263 §4):
 *
 * <pre>
 *   transport told, or address, or port told ────────────┐
 *   else NAPTR ── which transports, in their order ──┐   │
 *   else SRV of each of ours ────────────────────────┴───┴─ port told: A, AAAA
 *                                                           else SRV, then A, AAAA of its targets
 *                                                           no SRV: A, AAAA at the usual port
 * </pre>
 */
public final class Locating {
    /** Servers of one domain that are tried at most. */
    static final int MAX_SERVERS = 16;

    /** Targets of one service whose addresses are waited for in vain, some seconds each. */
    private static final int MAX_SILENT = 2;

    /** RFC 3263 §4.1. */
    private static final Map<String, Transport> SERVICES =
            Map.of("sip+d2u", Transport.UDP, "sip+d2t", Transport.TCP, "sips+d2t", Transport.TLS);

    static final Preference<Srv> BY_WEIGHT = new Preference<>(Srv::priority, Srv::weight);

    private final Dns dns;
    private final Reach reach;
    private final RandomGenerator random;

    /** Which transports we have, and to whom. */
    public interface Reach {
        boolean reaches(Transport transport);

        boolean reaches(Transport transport, InetAddress address);
    }

    /**
     * What of a URI says where it leads.
     *
     * @param port -1 where none is told
     * @param transport null if none is told
     * @param secure a SIPS URI: TLS and nothing else
     */
    record Wanted(String host, int port, @Nullable Transport transport, boolean secure) {}

    Locating(Dns dns, Reach reach, RandomGenerator random) {
        this.dns = dns;
        this.reach = reach;
        this.random = random;
    }

    /**
     * The servers, the first to be tried first; none if the domain has none that we can reach.
     *
     * @throws Dns.Unavailable where the DNS did not say
     */
    List<ServerAddress> servers(Wanted wanted) throws Dns.Unavailable {
        Set<ServerAddress> found = new LinkedHashSet<>();
        InetAddress literal = SipText.address(wanted.host());
        Transport told = wanted.secure() ? Transport.TLS : wanted.transport();
        if (told == null && (literal != null || wanted.port() > 0)) {
            told = Transport.UDP;
        }
        if (literal != null && told != null) {
            add(found, told, literal, wanted.port(), wanted.host());
        } else if (wanted.port() > 0 && told != null) {
            addHost(found, told, wanted.host(), wanted.port(), wanted.host());
        } else if (told != null) {
            bySrv(found, told, service(told) + wanted.host(), wanted.host());
            if (found.isEmpty()) {
                addHost(found, told, wanted.host(), -1, wanted.host());
            }
        } else {
            byNaptr(found, wanted.host());
        }
        return found.stream().limit(MAX_SERVERS).toList();
    }

    private void byNaptr(Set<ServerAddress> found, String domain) throws Dns.Unavailable {
        List<Naptr> records =
                dns.naptr(domain).stream()
                        .filter(record -> record.flags().equalsIgnoreCase("s"))
                        .filter(record -> transport(record) != null)
                        .sorted(
                                Comparator.comparingInt(Naptr::order)
                                        .thenComparingInt(Naptr::preference))
                        .toList();
        for (Naptr record : records) {
            Transport transport = transport(record);
            if (transport != null && reach.reaches(transport)) {
                bySrv(found, transport, record.replacement(), domain);
            }
        }
        if (!records.isEmpty() && !found.isEmpty()) {
            return;
        }
        for (Transport transport : Transport.values()) {
            if (reach.reaches(transport)) {
                bySrv(found, transport, service(transport) + domain, domain);
            }
        }
        if (found.isEmpty()) {
            addHost(found, Transport.UDP, domain, -1, domain);
        }
        if (found.isEmpty() && !reach.reaches(Transport.UDP)) {
            Transport only = reach.reaches(Transport.TCP) ? Transport.TCP : Transport.TLS;
            addHost(found, only, domain, -1, domain);
        }
    }

    private static @Nullable Transport transport(Naptr record) {
        return SERVICES.get(record.service().toLowerCase(Locale.ROOT));
    }

    private static String service(Transport transport) {
        return switch (transport) {
            case UDP -> "_sip._udp.";
            case TCP -> "_sip._tcp.";
            case TLS -> "_sips._tcp.";
        };
    }

    /**
     * Targets that the DNS does not tell, as in a zone of their own that is out, keep nobody from
     * the others of this transport; none of them are known as no answer at all, so that no other
     * transport takes the place of TLS.
     */
    private void bySrv(Set<ServerAddress> found, Transport transport, String name, String domain)
            throws Dns.Unavailable {
        int before = found.size();
        int silent = 0;
        for (Srv record : BY_WEIGHT.inOrder(dns.srv(name), random)) {
            if (silent == MAX_SILENT || record.target().isEmpty() || record.target().equals(".")) {
                continue;
            }
            try {
                addHost(found, transport, record.target(), record.port(), domain);
            } catch (Dns.Unavailable untold) {
                silent++;
            }
        }
        if (silent > 0 && found.size() == before) {
            throw new Dns.Unavailable("no answer from the DNS about any target");
        }
    }

    private void addHost(
            Set<ServerAddress> found, Transport transport, String host, int port, String name)
            throws Dns.Unavailable {
        if (found.size() < MAX_SERVERS && reach.reaches(transport)) {
            for (InetAddress address : dns.addresses(host)) {
                add(found, transport, address, port, name);
            }
        }
    }

    private void add(
            Set<ServerAddress> found,
            Transport transport,
            InetAddress address,
            int port,
            String name) {
        if (reach.reaches(transport, address)) {
            InetSocketAddress at =
                    new InetSocketAddress(address, port > 0 ? port : transport.usualPort());
            found.add(new ServerAddress(transport, at, name));
        }
    }
}
