package org.consentgateway.sip.capture;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.sip.message.SipText;

/**
 * URIs of SIP without who is meant: the host alone, and what says how to get there.
 *
 * @param users who calls and who is called, whom a host must not name either
 */
record MaskedUri(Set<String> users) {
    static final String USER = "masked";

    /** Instead of a host that might be a number, and of what is no SIP URI (RFC 2606). */
    static final String NOWHERE = "masked.invalid";

    private static final Pattern SIP = Pattern.compile("(?i)(sips?):(.*)");
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.-]{1,255})(:\\d{1,5})?");
    private static final Pattern NUMBER = Pattern.compile("\\d{5}");

    /**
     * Names of devices rather than of networks: without a dot, or of a home (RFC 8375, RFC 6762).
     */
    private static final Pattern DEVICE =
            Pattern.compile("(?i)[^.]*|.*\\.(local|lan|home|arpa|internal|box)\\.?");

    /** Shorter ones are in half of all names. */
    private static final int SHORTEST_USER = 3;

    /** Parameters that name nobody, with the values that they may have. */
    private static final Pattern HARMLESS =
            Pattern.compile("(?i)lr|ob|transport=(udp|tcp|tls|ws|wss)|user=phone");

    /**
     * @param uri without angle brackets
     */
    String of(String uri) {
        Matcher sip = SIP.matcher(uri.strip());
        if (!sip.matches()) {
            return "sip:" + USER + "@" + NOWHERE;
        }
        String rest = sip.group(2);
        // A user may hold most characters that end the host; its at sign ends it, and no other.
        int at = rest.lastIndexOf('@');
        String[] parts = rest.substring(at + 1).split("[;?]", -1);
        StringBuilder masked = new StringBuilder(sip.group(1).toLowerCase(Locale.ROOT)).append(':');
        if (at >= 0) {
            masked.append(USER).append('@');
        }
        masked.append(host(parts[0]));
        for (int i = 1; i < parts.length; i++) {
            if (HARMLESS.matcher(parts[i]).matches()) {
                masked.append(';').append(parts[i]);
            }
        }
        return masked.toString();
    }

    /** With its port; an address stays, a name that might be a number or a person's does not. */
    String host(String hostPort) {
        Matcher host = HOST.matcher(hostPort.strip());
        if (!host.matches()) {
            return NOWHERE;
        }
        boolean address = SipText.address(SipText.bare(host.group(1))) != null;
        String port = host.group(2) == null ? "" : host.group(2);
        return (address || isNetwork(host.group(1)) ? host.group(1) : NOWHERE) + port;
    }

    private boolean isNetwork(String name) {
        String bare = name.replaceAll("[.-]", "").toLowerCase(Locale.ROOT);
        return !DEVICE.matcher(name).matches()
                && !NUMBER.matcher(bare).find()
                && users.stream()
                        .map(user -> user.toLowerCase(Locale.ROOT))
                        .filter(user -> user.length() >= SHORTEST_USER)
                        .noneMatch(bare::contains);
    }

    /** The part before the host, of SIP, and the number of others; none where there is neither. */
    static Set<String> usersOf(String uri) {
        String rest = uri.substring(uri.indexOf(':') + 1);
        int at = rest.lastIndexOf('@');
        String user = at >= 0 ? rest.substring(0, at) : rest;
        boolean none = at < 0 && SIP.matcher(uri.strip()).matches();
        return none || user.isEmpty() ? Set.of() : Set.of(user.split("[;:]", -1)[0]);
    }
}
