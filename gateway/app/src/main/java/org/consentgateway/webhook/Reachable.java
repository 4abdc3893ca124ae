package org.consentgateway.webhook;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.function.Predicate;

/**
 * Where a message may go: by default to public addresses only, so that an address in the
 * configuration, or a name server, cannot have this machine ask services of its own network.
 */
final class Reachable {
    private static final int IPV4_OCTETS = 4;

    private Reachable() {}

    /**
     * @param privateToo whether the endpoint may be in a private network or on this machine; an
     *     address that no host has, or many, is never one
     */
    static boolean isAllowed(InetAddress address, boolean privateToo) {
        return isAllowed(address, privateToo, Reachable::isOfThisMachine);
    }

    static boolean isAllowed(
            InetAddress address, boolean privateToo, Predicate<InetAddress> isOfThisMachine) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || isMetadata(address)) {
            return false;
        }
        return privateToo || (isPublic(address) && !isOfThisMachine.test(address));
    }

    /** A host with a public address of its own has services that listen on it, too. */
    static boolean isOfThisMachine(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // nobody knows
        }
    }

    private static boolean isPublic(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()) {
            return false;
        }
        byte[] octets = address.getAddress();
        return octets.length == IPV4_OCTETS ? isPublic4(octets) : isPublic6(octets);
    }

    /** RFC 6890: not this network, not shared, not for documentation, benchmarks or later. */
    private static boolean isPublic4(byte[] a) {
        int first = a[0] & 0xff;
        int second = a[1] & 0xff;
        int third = a[2] & 0xff;
        return first != 0
                && first < 240
                && !(first == 100 && second >= 64 && second < 128)
                && !(first == 192 && second == 0 && (third == 0 || third == 2))
                && !(first == 198 && (second == 18 || second == 19))
                && !(first == 198 && second == 51 && third == 100)
                && !(first == 203 && second == 0 && third == 113);
    }

    /** Global unicast (2000::/3) only, without those that carry an IPv4 address or document. */
    private static boolean isPublic6(byte[] a) {
        boolean global = (a[0] & 0xe0) == 0x20;
        boolean sixToFour = (a[0] & 0xff) == 0x20 && (a[1] & 0xff) == 0x02;
        boolean teredo = (a[0] & 0xff) == 0x20 && (a[1] & 0xff) == 0x01 && a[2] == 0 && a[3] == 0;
        boolean documentation =
                (a[0] & 0xff) == 0x20
                        && (a[1] & 0xff) == 0x01
                        && (a[2] & 0xff) == 0x0d
                        && (a[3] & 0xff) == 0xb8;
        return global && !sixToFour && !teredo && !documentation;
    }

    /** Where clouds tell machines their secrets, 169.254/16 and fd00:ec2::/32: nobody's webhook. */
    private static boolean isMetadata(InetAddress address) {
        byte[] a = address.getAddress();
        return a.length == IPV4_OCTETS
                ? (a[0] & 0xff) == 169 && (a[1] & 0xff) == 254
                : (a[0] & 0xff) == 0xfd && a[1] == 0 && a[2] == 0x0e && (a[3] & 0xff) == 0xc2;
    }
}
