package org.consentgateway.config;

import java.util.regex.Pattern;

/**
 * Immutable. A host by name or address, with a port where one is told.
 *
 * @param host a name, or an address (IPv6 without brackets)
 * @param port -1 where none is told: then the DNS says it (RFC 3263)
 */
public record HostName(String host, int port) {
    static final String IN_WORDS = "a host such as sip.example.com, 192.0.2.7:5060 or [::1]";

    private static final Pattern NAME =
            Pattern.compile(
                    "(?i)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\\.?");

    static HostName parse(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            String address = text.substring(1, end);
            Texts.address(address);
            return new HostName(address, port(text.substring(end + 1)));
        }
        int colon = text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (!NAME.matcher(host).matches()) {
            throw new IllegalArgumentException(text);
        }
        return new HostName(host, port(colon < 0 ? "" : text.substring(colon)));
    }

    private static int port(String rest) {
        if (rest.isEmpty()) {
            return -1;
        }
        int port = Integer.parseInt(rest.substring(1));
        if (rest.charAt(0) != ':' || port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException(rest);
        }
        return port;
    }

    /** As in a SIP URI. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + (port < 0 ? "" : ":" + port);
    }
}
