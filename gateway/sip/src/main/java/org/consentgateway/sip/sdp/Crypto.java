package org.consentgateway.sip.sdp;

import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.media.srtp.SrtpKey;
import org.consentgateway.media.srtp.SrtpSuite;
import org.jspecify.annotations.Nullable;

/**
 * One {@code a=crypto} line (RFC 4568 §9.1): a key that its writer sends with. Immutable.
 *
 * <pre>
 *   a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^31
 *            │ suite                          key and salt in Base64                  └ lifetime
 *            └ tag, repeated in the answer
 * </pre>
 */
public record Crypto(int tag, SrtpKey key) {
    private static final Pattern LINE =
            Pattern.compile(
                    "(\\d{1,9}) ([A-Z0-9_]{1,40})"
                            + " inline:([A-Za-z0-9+/]{20,80}={0,2})(?:\\|(2\\^)?(\\d{1,15}))?"
                            + "((?: \\S{1,80})*)",
                    Pattern.CASE_INSENSITIVE);

    /** Six hours of packets; a key that ends before that would have to be changed in a call. */
    private static final int LEAST_LIFETIME_BITS = 20;

    /**
     * @param value after {@code a=crypto:}
     * @return null if it is malformed, or asks for what we do not do: another suite, a master key
     *     identifier, several keys, a short lifetime, or any parameter that weakens it
     */
    static @Nullable Crypto parse(String value) {
        Matcher line = LINE.matcher(value);
        if (!line.matches() || !lasts(line.group(4), line.group(5)) || asks(line.group(6))) {
            return null;
        }
        SrtpSuite suite = suite(line.group(2));
        byte[] octets = octets(line.group(3));
        SrtpKey key = suite == null || octets == null ? null : SrtpKey.of(suite, octets);
        return key == null ? null : new Crypto(Integer.parseInt(line.group(1)), key);
    }

    private static boolean lasts(@Nullable String power, @Nullable String lifetime) {
        if (lifetime == null) {
            return true;
        }
        long number = Long.parseLong(lifetime);
        return power == null
                ? number >= 1L << LEAST_LIFETIME_BITS
                : number >= LEAST_LIFETIME_BITS && number <= 48;
    }

    /** A window hint does no harm; what is optional for its writer bears a dash (§6.3.7). */
    private static boolean asks(String parameters) {
        return Arrays.stream(parameters.strip().split(" ", -1))
                .anyMatch(each ->
                        !each.isEmpty() && !each.startsWith("-") && !each.startsWith("WSH="));
    }

    private static @Nullable SrtpSuite suite(String name) {
        for (SrtpSuite suite : SrtpSuite.values()) {
            if (suite.name().equalsIgnoreCase(name)) {
                return suite;
            }
        }
        return null;
    }

    private static byte @Nullable [] octets(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** The whole attribute. Holds the key: for the wire only. */
    String line() {
        return "a=crypto:"
                + tag
                + ' '
                + key.suite()
                + " inline:"
                + Base64.getEncoder().encodeToString(key.keyAndSalt());
    }
}
