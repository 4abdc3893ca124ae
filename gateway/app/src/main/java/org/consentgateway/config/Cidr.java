package org.consentgateway.config;

import java.net.InetAddress;

/**
 * Immutable. A range of addresses (RFC 4632, RFC 4291 §2.3).
 *
 * @param prefix leading bits that count
 */
public record Cidr(InetAddress address, int prefix) {
    static final String IN_WORDS = "an address or range such as 192.0.2.7, 192.0.2.0/24 or ::1";

    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = Texts.address(slash < 0 ? text : text.substring(0, slash));
        int bits = address.getAddress().length * Byte.SIZE;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(text);
        }
        return new Cidr(address, prefix);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
