package org.consentgateway.sip.trunk;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.consentgateway.sip.message.SipText;

/**
 * A network of IPv4 or IPv6 addresses (RFC 4632), equal by whichever of its addresses it was named.
 * Immutable.
 *
 * @param network its first address
 * @param prefix leading bits that count, 0 to 32 or 128
 */
public record Cidr(InetAddress network, int prefix) {
    public Cidr {
        if (prefix < 0 || prefix > network.getAddress().length * 8) {
            throw new IllegalArgumentException("prefix length " + prefix);
        }
        network = first(network, prefix);
    }

    /** Without the bits that do not count. */
    private static InetAddress first(InetAddress address, int prefix) {
        byte[] octets = address.getAddress();
        for (int i = 0; i < octets.length; i++) {
            int counting = Math.clamp(prefix - 8L * i, 0, 8);
            octets[i] &= (byte) (0xFF00 >> counting);
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException never) {
            throw new IllegalStateException(never); // As many octets as an address has.
        }
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address; never a name.
     *
     * @throws IllegalArgumentException where it is none; says what is right
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        InetAddress network = SipText.address(literal);
        if (network == null) {
            throw wrong(text);
        }
        try {
            int bits = network.getAddress().length * 8;
            return new Cidr(
                    network, slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1)));
        } catch (IllegalArgumentException notOne) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is no network; write 192.0.2.0/24 or 2001:db8::/32");
    }

    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != other[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((mine[whole] ^ other[whole]) & 0xFF) >>> (8 - rest) == 0;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
