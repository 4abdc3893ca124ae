package org.consentgateway.config;

import java.net.InetAddress;
import java.net.URI;

/** Immutable. A WebSocket's address, byte for byte as it stands in the configuration. */
public record SocketUrl(String text) {
    static final String IN_WORDS = "a WebSocket address such as wss://bot.example.com/media";

    /**
     * @throws IllegalArgumentException where it is none
     */
    public static SocketUrl parse(String text) {
        URI uri = URI.create(text);
        boolean socket = "wss".equals(uri.getScheme()) || "ws".equals(uri.getScheme());
        if (!socket
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(text);
        }
        return new SocketUrl(text);
    }

    public URI uri() {
        return URI.create(text);
    }

    public boolean secure() {
        return text.startsWith("wss:");
    }

    /** Whether it leads to another machine, as far as the address itself says. */
    public boolean leavesThisMachine() {
        String host = uri().getHost();
        try {
            return !InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return !host.equalsIgnoreCase("localhost");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
