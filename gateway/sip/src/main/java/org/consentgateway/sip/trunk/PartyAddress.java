package org.consentgateway.sip.trunk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Immutable. A party as a header names it: a name-addr, an addr-spec or a tel URI (RFC 3261 §25.1,
 * RFC 3966). Lenient: what is missing is empty.
 *
 * @param user without parameters, percent-decoded
 * @param host without port; empty in a tel URI
 * @param parameters all there are: of a telephone number, behind a tel URI or in the user part (RFC
 *     3261 §19.1.6), of a SIP URI, and of the header
 */
record PartyAddress(String user, String host, List<Parameter> parameters) {
    private static final PartyAddress NOBODY = new PartyAddress("", "", List.of());

    /**
     * @param name in lower case
     */
    record Parameter(String name, String value) {}

    PartyAddress {
        parameters = List.copyOf(parameters);
    }

    static PartyAddress of(String header) {
        String uri = uri(header);
        int colon = uri.indexOf(':');
        if (colon < 0) {
            return NOBODY;
        }
        String rest = uri.substring(colon + 1);
        List<Parameter> all = new ArrayList<>(parameters(behindUri(header)));
        if (isTel(uri, colon)) {
            all.addAll(parameters(rest));
            return new PartyAddress(userOf(header), "", all);
        }
        int at = rest.indexOf('@');
        if (at < 0) {
            return NOBODY;
        }
        String userinfo = rest.substring(0, at);
        String behind = before(rest.substring(at + 1), '?');
        all.addAll(parameters(userinfo));
        all.addAll(parameters(behind));
        return new PartyAddress(userOf(header), host(before(behind, ';')), all);
    }

    /** The user alone, without an object for each parameter, of which there may be thousands. */
    static String userOf(String header) {
        String uri = uri(header);
        int colon = uri.indexOf(':');
        String rest = uri.substring(colon + 1);
        if (isTel(uri, colon)) {
            return decoded(before(rest, ';'));
        }
        int at = colon < 0 ? -1 : rest.indexOf('@');
        return at < 0 ? "" : decoded(before(before(rest.substring(0, at), ':'), ';'));
    }

    private static boolean isTel(String uri, int colon) {
        return colon >= 0 && uri.substring(0, colon).equalsIgnoreCase("tel");
    }

    /** Each that is there of this name: one who writes it twice may mean either. */
    List<String> parameters(Name name) {
        return parameters.stream()
                .filter(one -> one.name.equals(name.text))
                .map(Parameter::value)
                .toList();
    }

    /** What we read. */
    enum Name {
        /** Of the network's check of a number (3GPP TS 24.229 §7.2A.20). */
        VERSTAT("verstat"),
        /** RFC 3966 §5.1.5. */
        PHONE_CONTEXT("phone-context"),
        /** Whom a Remote-Party-ID is about. */
        PARTY("party");

        private final String text;

        Name(String text) {
            this.text = text;
        }
    }

    private static String host(String hostport) {
        if (hostport.startsWith("[")) {
            return before(hostport.substring(1), ']');
        }
        return before(hostport, ':').strip();
    }

    private static List<Parameter> parameters(String text) {
        List<Parameter> all = new ArrayList<>();
        String[] parts = text.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            String value = equals < 0 ? "" : parts[i].substring(equals + 1);
            all.add(new Parameter(name.strip().toLowerCase(Locale.ROOT), decoded(value.strip())));
        }
        return all;
    }

    private static String before(String text, char end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String uri(String address) {
        int open = opening(address);
        if (open < 0) {
            return address.strip();
        }
        int close = address.indexOf('>', open);
        return address.substring(open + 1, close < 0 ? address.length() : close).strip();
    }

    /** The parameters of the header; those of an addr-spec are taken for its URI's. */
    private static String behindUri(String address) {
        int open = opening(address);
        int close = open < 0 ? -1 : address.indexOf('>', open);
        return close < 0 ? "" : address.substring(close + 1);
    }

    /** Index of the '<' before a URI; -1 in an addr-spec. */
    private static int opening(String address) {
        int from = 0;
        if (address.startsWith("\"")) {
            // A display name may hold '<' (RFC 3261 §25.1 quoted-string).
            int i = 1;
            while (i < address.length() && address.charAt(i) != '"') {
                i += address.charAt(i) == '\\' ? 2 : 1;
            }
            from = Math.min(i, address.length());
        }
        return address.indexOf('<', from);
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
