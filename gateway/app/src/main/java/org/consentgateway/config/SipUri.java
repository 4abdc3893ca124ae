package org.consentgateway.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Immutable. Whom we dial (RFC 3261 §19.1). */
public record SipUri(String text) {
    static final String IN_WORDS = "a SIP address such as sip:assistant@192.0.2.7:5060";

    private static final Pattern FORM =
            Pattern.compile(
                    "sip:(?:[A-Za-z0-9_.!~*'()&=+$,;?/%-]+@)?"
                            + "(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])"
                            + "(?::[0-9]{1,5})?"
                            + "(?:;[A-Za-z0-9_.=-]+)*");

    private static final Pattern TRANSPORT = Pattern.compile(";transport=([A-Za-z]+)");

    /**
     * @throws IllegalArgumentException where it is none
     */
    public static SipUri parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return new SipUri(text);
    }

    /** The transport that it names, in small letters; none: UDP, or what the DNS says. */
    public Optional<String> transport() {
        Matcher named = TRANSPORT.matcher(text);
        return named.find()
                ? Optional.of(named.group(1).toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    /** Who is reached there: without parameters, the port of SIP, and capitals in the host. */
    public String whom() {
        int host = text.lastIndexOf('@') + 1;
        String place = text.substring(host).replaceAll(";.*", "").replaceAll(":5060$", "");
        return text.substring(0, host) + place.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return text;
    }
}
