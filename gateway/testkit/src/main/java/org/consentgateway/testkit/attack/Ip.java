package org.consentgateway.testkit.attack;

import java.net.Inet6Address;
import java.net.InetAddress;

/** How IPv4 and IPv6 differ in messages, and before them. Pure functions. */
final class Ip {
    private static final int UDP = 8;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;

    private Ip() {}

    static boolean isSix(InetAddress address) {
        return address instanceof Inet6Address;
    }

    /** Octets that IP and UDP put before each datagram. */
    static int headers(InetAddress address) {
        return UDP + (isSix(address) ? IPV6 : IPV4);
    }

    /** As URIs and Vias have it: IPv6 in brackets (RFC 3261 §25.1). */
    static String host(String address) {
        return address.contains(":") ? "[" + withoutZone(address) + "]" : address;
    }

    /** As session descriptions have it (RFC 8866 §5.7). */
    static String described(String address) {
        return (address.contains(":") ? "IP6 " : "IP4 ") + withoutZone(address);
    }

    /** A zone (RFC 4007 §11) means something on this machine alone. */
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
