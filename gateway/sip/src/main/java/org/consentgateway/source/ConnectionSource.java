package org.consentgateway.source;

import java.net.InetAddress;
import java.util.HexFormat;

/**
 * Who is counted as one where somebody opens connections: an address, of IPv6 the network (64
 * bits), since whoever has one address there has all the rest of it. An IPv4 address written as one
 * of IPv6 (RFC 4291 §2.5.5.2) is IPv4 to Java already. Pure functions.
 */
public final class ConnectionSource {
    /** Octets of an IPv6 address that a provider gives to one customer at least. */
    private static final int NETWORK_OCTETS = 8;

    private ConnectionSource() {}

    /** The same for all addresses that are one. */
    public static String of(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4
                ? address.getHostAddress()
                : HexFormat.of().formatHex(octets, 0, NETWORK_OCTETS);
    }
}
