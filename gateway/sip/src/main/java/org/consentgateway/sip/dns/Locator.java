package org.consentgateway.sip.dns;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sip.address.SipURI;
import org.consentgateway.sip.dns.Locating.Located;
import org.consentgateway.sip.dns.Locating.Wanted;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;

/**
 * The servers behind a SIP URI, in the order they are to be tried. Thread-safe. Where the DNS does
 * not answer, or not at once, those it named last are good enough: a name server's outage must not
 * end telephony, and whoever is called is given up after seconds. What it says later counts for the
 * next.
 */
public final class Locator {
    /** Domains whose servers are remembered. */
    static final int MAX_DOMAINS = 1024;

    /** Many times what a name server takes that answers at all. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Dns dns;
    private final Locating.Reach reach;
    private final Backoff backoff;
    private final Map<Wanted, Located> last = Collections.synchronizedMap(new Latest());

    /** Under way, of those that are remembered: one for each, however many wait for it. */
    private final Map<Wanted, CompletableFuture<List<ServerAddress>>> renewals =
            new ConcurrentHashMap<>();

    /** Whoever was not asked for longest goes, so that names of strangers displace no peer. */
    private static final class Latest extends LinkedHashMap<Wanted, Located> {
        private Latest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Wanted, Located> eldest) {
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
        List<ServerAddress> known = known(wanted);
        if (known.isEmpty() || SipText.address(wanted.host()) != null) {
            return asked(wanted);
        }
        try {
            return renewals.computeIfAbsent(wanted, this::renewal)
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            return known;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return known;
        }
    }

    /** Goes on beside whoever does not wait for it any more. */
    private CompletableFuture<List<ServerAddress>> renewal(Wanted wanted) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return asked(wanted);
                    } finally {
                        var _ = renewals.remove(wanted);
                    }
                },
                each -> Thread.ofVirtual().name("dns").start(each));
    }

    private List<ServerAddress> known(Wanted wanted) {
        Located known = last.get(wanted);
        return known == null ? List.of() : known.servers();
    }

    private List<ServerAddress> asked(Wanted wanted) {
        try {
            Locating locating = new Locating(dns, reach, ThreadLocalRandom.current());
            Located found = locating.locate(wanted);
            Located known = last.get(wanted);
            Located now = known == null ? found : known.renewedBy(found);
            last.put(wanted, now);
            return now.servers();
        } catch (Dns.Unavailable unavailable) {
            return known(wanted);
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
