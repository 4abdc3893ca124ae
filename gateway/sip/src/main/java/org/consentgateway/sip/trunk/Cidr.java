package org.consentgateway.sip.trunk;

import java.net.InetAddress;
import org.consentgateway.sip.message.SipText;

/**
 * A network of IPv4 or IPv6 addresses (RFC 4632). Immutable.
 *
 * @param prefix leading bits that count, 0 to 32 or 128
 */
public record Cidr(InetAddress network, int prefix) {
    public Cidr {
        if (prefix < 0 || prefix > network.getAddress().length * 8) {
            throw new IllegalArgumentException("prefix length " + prefix);
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
