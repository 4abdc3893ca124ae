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

    /** What says by which transports the servers are reached. */
    enum Chosen {
        BY_NAPTR,
        /** By ours, since whether there is a NAPTR was not told. */
        NAPTR_UNTOLD,
        WITHOUT_NAPTR
    }

    /**
     * What was found.
     *
     * @param servers the first to be tried first; none if the domain has none that we can reach
     */
    record Located(List<ServerAddress> servers, Chosen chosen) {
        /**
         * What counts from now on: a NAPTR that is not told any more leaves its choice, such as
         * that of TLS, as it was.
         */
        Located renewedBy(Located next) {
            return chosen == Chosen.BY_NAPTR && next.chosen == Chosen.NAPTR_UNTOLD ? this : next;
        }
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
     * @throws Dns.Unavailable where the DNS did not say
     */
    Located locate(Wanted wanted) throws Dns.Unavailable {
        Set<ServerAddress> found = new LinkedHashSet<>();
        Chosen chosen = Chosen.WITHOUT_NAPTR;
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
            chosen = byNaptr(found, wanted.host());
        }
        return new Located(found.stream().limit(MAX_SERVERS).toList(), chosen);
    }

    private Chosen byNaptr(Set<ServerAddress> found, String domain) throws Dns.Unavailable {
        List<Naptr> records = List.of();
        Chosen without = Chosen.WITHOUT_NAPTR;
        try {
            records = usable(dns.naptr(domain));
        } catch (Dns.Unavailable untold) {
            // Some name servers drop what they do not know; those without NAPTR have SRV.
            without = Chosen.NAPTR_UNTOLD;
        }
        for (Naptr record : records) {
            Transport transport = transport(record);
            if (transport != null && reach.reaches(transport)) {
                try {
                    bySrv(found, transport, record.replacement(), domain);
                } catch (Dns.Unavailable untold) {
                    if (found.isEmpty()) {
                        throw untold; // no other takes the place of the one that is preferred
                    }
                }
            }
        }
        if (!found.isEmpty()) {
            return Chosen.BY_NAPTR;
        }
        withoutNaptr(found, domain);
        return without;
    }

    private static List<Naptr> usable(List<Naptr> records) {
        return records.stream()
                .filter(record -> record.flags().equalsIgnoreCase("s"))
                .filter(record -> transport(record) != null)
                .sorted(Comparator.comparingInt(Naptr::order).thenComparingInt(Naptr::preference))
                .toList();
    }

    /**
     * Each of our transports by itself: one of which nothing is told keeps nobody from the others.
     * The domain itself is a server only where no service of it is named.
     */
    private void withoutNaptr(Set<ServerAddress> found, String domain) throws Dns.Unavailable {
        Dns.Unavailable untold = null;
        boolean named = false;
        for (Transport transport : Transport.values()) {
            if (reach.reaches(transport)) {
                List<Srv> records = List.of();
                try {
                    records = dns.srv(service(transport) + domain);
                    targets(found, transport, records, domain);
                } catch (Dns.Unavailable silent) {
                    untold = silent;
                    named |= !records.isEmpty();
                }
            }
        }
        if (found.isEmpty() && !named) {
            addHost(found, Transport.UDP, domain, -1, domain);
        }
        if (found.isEmpty() && !named && !reach.reaches(Transport.UDP)) {
            Transport only = reach.reaches(Transport.TCP) ? Transport.TCP : Transport.TLS;
            addHost(found, only, domain, -1, domain);
        }
        if (found.isEmpty() && untold != null) {
            throw untold;
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

    private void bySrv(Set<ServerAddress> found, Transport transport, String name, String domain)
            throws Dns.Unavailable {
        targets(found, transport, dns.srv(name), domain);
    }

    /**
     * Targets that the DNS does not tell, as in a zone of their own that is out, keep nobody from
     * the others of this transport; none of them are known as no answer at all, so that no other
     * transport takes the place of TLS.
     */
    private void targets(
            Set<ServerAddress> found, Transport transport, List<Srv> records, String domain)
            throws Dns.Unavailable {
        int before = found.size();
        int silent = 0;
        for (Srv record : BY_WEIGHT.inOrder(records, random)) {
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
            for (InetAddress address :
                    dns.addresses(host, each -> reach.reaches(transport, each))) {
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
