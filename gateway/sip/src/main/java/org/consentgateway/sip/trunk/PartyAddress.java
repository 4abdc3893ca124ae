package org.consentgateway.sip.trunk;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Immutable. A party as a header names it: a name-addr, an addr-spec or a tel URI (RFC 3261 §25.1,
 * RFC 3966). Lenient: what is missing is empty.
 *
 * @param user without parameters, percent-decoded
 * @param host without port; empty in a tel URI
 * @param parameters of a telephone number, by lower-case name: behind a tel URI, or in the user
 *     part (RFC 3261 §19.1.6); those of a SIP URI, where that one does not have them
 */
record PartyAddress(String user, String host, Map<String, String> parameters) {
    private static final PartyAddress NOBODY = new PartyAddress("", "", Map.of());

    PartyAddress {
        parameters = Map.copyOf(parameters);
    }

    static PartyAddress of(String header) {
        String uri = uri(header);
        int colon = uri.indexOf(':');
        if (colon < 0) {
            return NOBODY;
        }
        String rest = uri.substring(colon + 1);
        if (uri.substring(0, colon).equalsIgnoreCase("tel")) {
            return new PartyAddress(decoded(before(rest, ';')), "", parameters(rest));
        }
        int at = rest.indexOf('@');
        if (at < 0) {
            return NOBODY;
        }
        String userinfo = before(rest.substring(0, at), ':');
        String behind = before(rest.substring(at + 1), '?');
        Map<String, String> parameters = new HashMap<>(parameters(behind));
        parameters.putAll(parameters(userinfo));
        return new PartyAddress(
                decoded(before(userinfo, ';')), host(before(behind, ';')), parameters);
    }

    /** Of this name; empty where there is none. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    private static String host(String hostport) {
        if (hostport.startsWith("[")) {
            return before(hostport.substring(1), ']');
        }
        return before(hostport, ':').strip();
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> all = new HashMap<>();
        String[] parts = text.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            String value = equals < 0 ? "" : parts[i].substring(equals + 1);
            all.put(name.strip().toLowerCase(Locale.ROOT), decoded(value.strip()));
        }
        return all;
    }

    private static String before(String text, char end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String uri(String address) {
        int from = 0;
        if (address.startsWith("\"")) {
            // A display name may hold '<' (RFC 3261 §25.1 quoted-string).
            int i = 1;
            while (i < address.length() && address.charAt(i) != '"') {
                i += address.charAt(i) == '\\' ? 2 : 1;
            }
            from = Math.min(i, address.length());
        }
        int open = address.indexOf('<', from);
        if (open < 0) {
            return address.strip();
        }
        int close = address.indexOf('>', open);
        return address.substring(open + 1, close < 0 ? address.length() : close).strip();
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[encoded.length];
        int length = 0;
        for (int i = 0; i < encoded.length; i++) {
            int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
            int low = i + 2 < encoded.length ? Character.digit(encoded[i + 2], 16) : -1;
            if (encoded[i] == '%' && high >= 0 && low >= 0) {
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = encoded[i];
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
