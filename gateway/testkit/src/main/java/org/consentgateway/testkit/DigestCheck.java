package org.consentgateway.testkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Digest authentication as a provider checks it (RFC 7616 §3.4.1, qop auth): written apart from the
 * gateway's own, so that the two share no mistake.
 */
final class DigestCheck {
    private DigestCheck() {}

    /** The response that belongs to these credentials and this header value. */
    static String expected(
            String algorithm,
            String login,
            String realm,
            String password,
            String method,
            String value) {
        String ha1 = hash(algorithm, login + ":" + realm + ":" + password);
        String ha2 = hash(algorithm, method + ":" + parameter(value, "uri"));
        return hash(
                algorithm,
                String.join(
                        ":",
                        ha1,
                        parameter(value, "nonce"),
                        parameter(value, "nc"),
                        parameter(value, "cnonce"),
                        "auth",
                        ha2));
    }

    /** The empty string where there is no such parameter. */
    static String parameter(String value, String name) {
        Matcher found =
                Pattern.compile("(?i)[\\s,]" + name + "\\s*=\\s*(?:\"([^\"]*)\"|([^,\\s\"]+))")
                        .matcher(value);
        if (!found.find()) {
            return "";
        }
        return found.group(1) == null ? found.group(2) : found.group(1);
    }

    private static String hash(String algorithm, String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance(algorithm)
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(algorithm, e);
        }
    }
}
