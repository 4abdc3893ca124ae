package org.consentgateway.web.connection;

import java.net.InetAddress;
import java.util.HexFormat;

/**
 * Who is counted as one at a listener: an address, of IPv6 the network (64 bits), since one visitor
 * has all the rest of it. Pure functions.
 */
public final class Visitor {
    /** Octets of an IPv6 address that a provider gives to one customer at least. */
    private static final int NETWORK_OCTETS = 8;

    private Visitor() {}

    /**
     * @param address in digits; whatever else it is, it is nobody's, and never asked of the DNS
     */
    public static String at(String address) {
        if (!address.matches("[0-9a-fA-F.:]{2,45}")) {
            return "";
        }
        try {
            return at(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    static String at(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4
                ? address.getHostAddress()
                : HexFormat.of().formatHex(octets, 0, NETWORK_OCTETS);
    }
}
