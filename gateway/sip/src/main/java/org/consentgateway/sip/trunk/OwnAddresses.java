package org.consentgateway.sip.trunk;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * This machine's addresses, and the ports on which we ourselves listen there: media that is sent to
 * them would come back to us. Thread-safe.
 */
public final class OwnAddresses {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<Ports> others;
    private final Supplier<List<InetSocketAddress>> listening;
    private final Set<InetAddress> advertised;
    private final LongSupplier nanos;
    private volatile Interfaces interfaces;

    /**
     * Ports of ours.
     *
     * @param address may be the wildcard: all of this machine's
     * @param listening whether we listen at this one now
     * @param media whether they are those of media, from which it is sent as well
     */
    public record Ports(InetAddress address, IntPredicate listening, boolean media) {
        /** Those of media, of which each is open for as long as its call. */
        public static Ports media(InetAddress address, IntPredicate listening) {
            return new Ports(address, listening, true);
        }

        /** One that we listen at all the time. */
        public static Ports one(InetSocketAddress at) {
            return new Ports(at.getAddress(), port -> port == at.getPort(), false);
        }
    }

    /** The network interfaces as they were at a time. */
    private record Interfaces(Set<InetAddress> addresses, Set<InetAddress> broadcasts, long at) {}

    /**
     * @param others of ours than those of SIP
     * @param listening where SIP is listened on
     * @param advertised addresses that others know us by
     */
    public OwnAddresses(
            List<Ports> others,
            Supplier<List<InetSocketAddress>> listening,
            Set<InetAddress> advertised,
            LongSupplier nanos) {
        this.others = List.copyOf(others);
        this.listening = listening;
        this.advertised = Set.copyOf(advertised);
        this.nanos = nanos;
        this.interfaces = read(nanos.getAsLong());
    }

    /** Whether it is an address of this machine, or one that stands for it. */
    boolean isHere(InetAddress address) {
        return address.isLoopbackAddress()
                || advertised.contains(address)
                || interfaces().addresses.contains(address);
    }

    /** Whether it is that of everybody on a network of this machine. */
    boolean isBroadcast(InetAddress address) {
        return interfaces().broadcasts.contains(address);
    }

    /**
     * Whether media can be sent from us to addresses of this kind. A socket of all IPv6 addresses
     * sends to IPv4 as well.
     */
    boolean reaches(InetAddress address) {
        for (Ports ports : others) {
            boolean both =
                    ports.address instanceof Inet6Address && ports.address.isAnyLocalAddress();
            if (ports.media && !both && ports.address.getClass() != address.getClass()) {
                return false;
            }
        }
        return true;
    }

    /** Whether we ourselves listen there. */
    boolean isListening(InetSocketAddress address) {
        if (!isHere(address.getAddress())) {
            return false;
        }
        for (Ports ports : others) {
            if (isAt(ports.address, address.getAddress())
                    && ports.listening.test(address.getPort())) {
                return true;
            }
        }
        for (InetSocketAddress one : listening.get()) {
            if (address.getPort() == one.getPort()
                    && isAt(one.getAddress(), address.getAddress())) {
                return true;
            }
        }
        return false;
    }

    /** Whether what is bound there hears what is sent to this address of ours. */
    private boolean isAt(InetAddress bound, InetAddress address) {
        return bound.isAnyLocalAddress() || bound.equals(address) || advertised.contains(address);
    }

    private Interfaces interfaces() {
        Interfaces known = interfaces;
        long now = nanos.getAsLong();
        if (now - known.at < FRESH_NANOS) {
            return known;
        }
        Interfaces fresh = read(now);
        interfaces = fresh;
        return fresh;
    }

    /**
     * The addresses of everybody on the network of an address of ours: all ones behind the prefix,
     * and all zeros, the older form (RFC 1122 §3.3.6). The kernel sends to both on link level where
     * an interface was given no broadcast address as well.
     *
     * @param prefix bits of the network; 31 and 32 have no address of everybody (RFC 3021)
     */
    static Set<InetAddress> everybody(InetAddress own, int prefix) {
        byte[] octets = own.getAddress();
        if (octets.length != Integer.BYTES || prefix < 1 || prefix > 30) {
            return Set.of();
        }
        int network = ByteBuffer.wrap(octets).getInt() & (-1 << (Integer.SIZE - prefix));
        Set<InetAddress> all = new HashSet<>();
        for (int each : new int[] {network, network | (-1 >>> prefix)}) {
            InetAddress one = of(each);
            if (!one.equals(own)) {
                all.add(one);
            }
        }
        return all;
    }

    private static InetAddress of(int address) {
        try {
            byte[] octets = ByteBuffer.allocate(Integer.BYTES).putInt(address).array();
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException never) {
            throw new IllegalStateException(never); // Four octets are an address.
        }
    }

    private static Interfaces read(long now) {
        Set<InetAddress> addresses = new HashSet<>();
        Set<InetAddress> broadcasts = new HashSet<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                for (InterfaceAddress address : each.getInterfaceAddresses()) {
                    addresses.add(address.getAddress());
                    InetAddress own = address.getAddress();
                    InetAddress all = address.getBroadcast();
                    if (all != null && !all.equals(own)) {
                        broadcasts.add(all);
                    }
                    broadcasts.addAll(everybody(own, address.getNetworkPrefixLength()));
                }
            }
        } catch (SocketException unknown) {
            // Then loopback and what is advertised are all we know of us.
        }
        return new Interfaces(addresses, broadcasts, now);
    }
}
