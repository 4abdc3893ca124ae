package org.consentgateway.sip.dns;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.sip.address.SipURI;
import org.consentgateway.sip.dns.Locating.Wanted;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;

/**
 * The servers behind a SIP URI, in the order they are to be tried. Thread-safe. Where the DNS does
 * not answer, those it named last are good enough: a name server's outage must not end telephony.
 */
public final class Locator {
    /** Domains whose servers are remembered. */
    static final int MAX_DOMAINS = 1024;

    private final Dns dns;
    private final Locating.Reach reach;
    private final Backoff backoff;
    private final Map<Wanted, List<ServerAddress>> last = Collections.synchronizedMap(new Latest());

    /** Whoever was not asked for longest goes, so that names of strangers displace no peer. */
    private static final class Latest extends LinkedHashMap<Wanted, List<ServerAddress>> {
        private Latest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Wanted, List<ServerAddress>> eldest) {
            return size() > MAX_DOMAINS;
        }
    }

    public Locator(Dns dns, Locating.Reach reach, Backoff backoff) {
        this.dns = dns;
        this.reach = reach;
        this.backoff = backoff;
    }

    /** Rested ones first; none if there is none. May wait for the DNS. */
    public List<ServerAddress> locate(SipURI uri) {
        return backoff.restedFirst(all(uri));
    }

    /** In the order of the DNS, whoever rests. */
    public List<ServerAddress> all(SipURI uri) {
        String told = uri.getTransportParam();
        Transport transport = told == null ? null : Transport.of(told);
        return told != null && transport == null ? List.of() : all(wanted(uri, transport));
    }

    /** The same by a transport that is settled already, as within a dialog. */
    public List<ServerAddress> locate(SipURI uri, Transport transport) {
        return backoff.restedFirst(all(wanted(uri, transport)));
    }

    private List<ServerAddress> all(Wanted wanted) {
        try {
            Locating locating = new Locating(dns, reach, ThreadLocalRandom.current());
            List<ServerAddress> servers = locating.servers(wanted);
            last.put(wanted, servers);
            return servers;
        } catch (Dns.Unavailable unavailable) {
            return last.getOrDefault(wanted, List.of());
        }
    }

    /** Without brackets; RFC 3261 §19.1.1: maddr is where it really goes. */
    public static String host(SipURI uri) {
        String maddr = uri.getMAddrParam();
        return SipText.bare(maddr == null ? uri.getHost() : maddr);
    }

    private static Wanted wanted(SipURI uri, @Nullable Transport transport) {
        return new Wanted(host(uri), uri.getPort(), transport, uri.isSecure());
    }
}
