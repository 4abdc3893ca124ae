package org.consentgateway.sip.transport;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.sip.SipProvider;
import org.consentgateway.sip.dns.Locating;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;

/** The addresses we listen on, and at which of them each peer sees us. Thread-safe. */
public final class LocalAddresses implements Locating.Reach {
    /** Peers whose route is remembered. */
    private static final int MAX_FACING = 1024;

    /** A lease, a prefix or a tunnel may be another one after so long. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Optional<String> advertised;
    private final LongSupplier nanos;
    private final Function<InetAddress, Optional<InetAddress>> routes;
    private final List<LocalAddress> locals = new CopyOnWriteArrayList<>();
    private final ConcurrentMap<InetAddress, Facing> facing = new ConcurrentHashMap<>();

    /** The address that packets to a peer left from at a time. */
    private record Facing(String host, long at) {}

    /**
     * @param advertised as {@link SipSettings#advertised}
     */
    LocalAddresses(Optional<String> advertised, LongSupplier nanos) {
        this(advertised, nanos, LocalAddresses::routeTo);
    }

    /**
     * @param routes the address that packets to a peer leave from; none without a route
     */
    LocalAddresses(
            Optional<String> advertised,
            LongSupplier nanos,
            Function<InetAddress, Optional<InetAddress>> routes) {
        this.advertised = advertised;
        this.nanos = nanos;
        this.routes = routes;
    }

    /** We are there from now on. */
    void add(SipProvider provider, InetSocketAddress bound, SipSettings.Listen as) {
        InetAddress address = bound.getAddress();
        String host =
                advertised(address)
                        .orElseGet(
                                () -> address.isAnyLocalAddress() ? "" : SipText.literal(address));
        locals.add(
                new LocalAddress(
                        provider, bound, as.transport(), host, bound.getPort(), as.accepts()));
    }

    /** An address is told where we listen on one of its kind; a name, everywhere. */
    private Optional<String> advertised(InetAddress bound) {
        return advertised.flatMap(told -> {
            InetAddress address = SipText.address(SipText.bare(told));
            if (address == null) {
                return Optional.of(told);
            }
            return address.getClass() == bound.getClass()
                    ? Optional.of(SipText.literal(address))
                    : Optional.empty();
        });
    }

    /** The address that is advertised, if it is one. */
    static Set<InetAddress> literals(Optional<String> advertised) {
        return advertised
                .map(told -> SipText.address(SipText.bare(told)))
                .map(Set::of)
                .orElse(Set.of());
    }

    List<InetSocketAddress> listening() {
        return locals.stream().filter(LocalAddress::accepts).map(LocalAddress::bound).toList();
    }

    @Override
    public boolean reaches(Transport transport) {
        return locals.stream().anyMatch(local -> local.transport() == transport);
    }

    @Override
    public boolean reaches(Transport transport, InetAddress address) {
        LocalAddress local = facing(transport, address);
        if (local == null) {
            return false;
        }
        InetAddress bound = local.bound().getAddress();
        // An IPv6 socket of all addresses takes IPv4 as well.
        return bound.getClass() == address.getClass()
                || (bound instanceof Inet6Address && bound.isAnyLocalAddress());
    }

    /** Where we are for a peer, over a transport; null if we are not there so. */
    public @Nullable LocalAddress facing(Transport transport, InetAddress peer) {
        LocalAddress other = null;
        for (LocalAddress local : locals) {
            if (local.transport() != transport) {
                continue;
            }
            boolean six = local.bound().getAddress() instanceof Inet6Address;
            if (six == peer instanceof Inet6Address) {
                return facing(local, peer);
            }
            other = local;
        }
        return other == null ? null : facing(other, peer);
    }

    /** Where a request of this peer came in. */
    public LocalAddress facing(SipProvider provider, InetAddress peer) {
        for (LocalAddress local : locals) {
            if (local.provider().equals(provider)) {
                return facing(local, peer);
            }
        }
        throw new IllegalStateException("no such provider");
    }

    /** Listening on all addresses, we are for each peer at the one that its packets leave from. */
    private LocalAddress facing(LocalAddress local, InetAddress peer) {
        if (!local.host().isEmpty()) {
            return local;
        }
        return new LocalAddress(
                local.provider(),
                local.bound(),
                local.transport(),
                hostFacing(peer),
                local.port(),
                local.accepts());
    }

    private String hostFacing(InetAddress peer) {
        long now = nanos.getAsLong();
        Facing known = facing.get(peer);
        if (known != null && now - known.at < FRESH_NANOS) {
            return known.host;
        }
        Optional<String> host = routes.apply(peer).map(SipText::literal);
        if (host.isEmpty()) {
            // Nothing goes there just now, and there may be a route again with the next request.
            return known == null ? SipText.literal(InetAddress.getLoopbackAddress()) : known.host;
        }
        if (facing.size() >= MAX_FACING) {
            facing.clear();
        }
        facing.put(peer, new Facing(host.get(), now));
        return host.get();
    }

    private static Optional<InetAddress> routeTo(InetAddress peer) {
        try (DatagramSocket probe = new DatagramSocket()) {
            // Connecting sends nothing: it asks the kernel for the route.
            probe.connect(new InetSocketAddress(peer, 9));
            return Optional.of(probe.getLocalAddress());
        } catch (IOException noRoute) {
            return Optional.empty();
        }
    }

    /**
     * Our media address as a peer is to see it: a wildcard or inner address is of no use in SDP.
     */
    public InetSocketAddress seen(InetSocketAddress media, LocalAddress at) {
        InetAddress told = SipText.address(SipText.bare(at.host()));
        boolean useless = media.getAddress().isAnyLocalAddress();
        boolean isAdvertised = advertised(at.bound().getAddress()).isPresent();
        return told != null && (useless || isAdvertised)
                ? new InetSocketAddress(told, media.getPort())
                : media;
    }
}
