package org.consentgateway.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Immutable. Where a server listens. Port 0 takes any free one. */
public record HostPort(InetAddress address, int port) {
    static final String IN_WORDS = "address and port such as 127.0.0.1:8080 or [::1]:8080";

    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        boolean bare = host.contains(":") && !host.startsWith("[");
        int port = Integer.parseInt(text.substring(colon + 1));
        if (bare || port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException(text);
        }
        return new HostPort(Texts.address(host.replaceAll("[\\[\\]]", "")), port);
    }

    /** The literal address. */
    public String host() {
        return address.getHostAddress();
    }

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    @Override
    public String toString() {
        String host = host();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
