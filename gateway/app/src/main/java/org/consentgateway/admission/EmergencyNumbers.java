package org.consentgateway.admission;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Immutable. Numbers that must never be answered by a machine. A network routes them elsewhere;
 * where one comes here all the same, it is refused so that the network looks for another way.
 */
public final class EmergencyNumbers {
    private static final String SERVICE = "urn:service:sos"; // RFC 5031 §4.2

    private final Set<String> written = new HashSet<>();

    /**
     * @param numbers as they are dialled: 112
     * @param countries calling codes they may be written with: +49112
     */
    public EmergencyNumbers(List<String> numbers, Set<String> countries) {
        for (String number : numbers) {
            written.add(number);
            for (String country : countries) {
                written.add("+" + country + number);
                written.add("00" + country + number);
            }
        }
    }

    /**
     * @param called a number, the user part of a SIP address, or a URN
     */
    public boolean is(String called) {
        String plain = called.replaceAll("[-.() ]", "").toLowerCase(Locale.ROOT);
        return written.contains(plain) || plain.startsWith(SERVICE);
    }

    /** Whether a SIP URI leads to one. */
    public boolean isUri(String uri) {
        int from = uri.indexOf(':') + 1;
        int at = uri.indexOf('@');
        return at > from && is(uri.substring(from, at).replaceAll(";.*", ""));
    }
}
