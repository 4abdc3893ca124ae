package org.consentgateway.sip.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Digest authentication (RFC 7616, and RFC 8760 for SIP): pure functions of a challenge and a
 * password.
 */
public final class Digest {
    /**
     * A name begins at its first letter and gives nothing back: no text costs more than its length.
     */
    private static final Pattern PARAMETER =
            Pattern.compile(
                    "(?<![A-Za-z-])([A-Za-z-]++)\\s*+=\\s*+"
                            + "(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^,\\s\"]++))");

    private Digest() {}

    /**
     * One WWW-Authenticate or Proxy-Authenticate value that we can answer.
     *
     * @param stale whether only the nonce was too old, so that the same password may be tried again
     */
    public record Challenge(
            String realm,
            String nonce,
            Optional<String> opaque,
            DigestAlgorithm algorithm,
            boolean auth,
            boolean stale) {}

    /**
     * The strongest of the challenges that we can answer (RFC 8760 §2.4).
     *
     * @param allowed the algorithms that may be used
     * @param realm in which alone; null: in any
     */
    static Optional<Challenge> strongest(
            List<String> values, Set<DigestAlgorithm> allowed, @Nullable String realm) {
        return values.stream()
                .flatMap(value -> challenge(value).stream())
                .filter(challenge -> allowed.contains(challenge.algorithm()))
                .filter(challenge -> realm == null || realm.equals(challenge.realm()))
                .max(Comparator.comparing(Challenge::algorithm));
    }

    private static Optional<Challenge> challenge(String value) {
        if (!value.toLowerCase(Locale.ROOT).startsWith("digest ")) {
            return Optional.empty();
        }
        String qop = parameter(value, "qop").orElse("");
        boolean auth = List.of(qop.split("[ ,]+", -1)).contains("auth");
        if (!qop.isEmpty() && !auth) {
            return Optional.empty();
        }
        Optional<DigestAlgorithm> algorithm =
                DigestAlgorithm.of(parameter(value, "algorithm").orElse("MD5"));
        Optional<String> realm = parameter(value, "realm");
        Optional<String> nonce = parameter(value, "nonce");
        if (algorithm.isEmpty() || realm.isEmpty() || nonce.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Challenge(
                        realm.get(),
                        nonce.get(),
                        parameter(value, "opaque"),
                        algorithm.get(),
                        auth,
                        parameter(value, "stale").orElse("").equalsIgnoreCase("true")));
    }

    /** One parameter of a challenge or of its answer. */
    public static Optional<String> parameter(String value, String name) {
        Matcher matcher = PARAMETER.matcher(value.substring("digest ".length()));
        while (matcher.find()) {
            if (matcher.group(1).equalsIgnoreCase(name)) {
                return Optional.of(matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
            }
        }
        return Optional.empty();
    }

    /** A name and its password. */
    record Who(String login, String password) {
        @Override
        public String toString() {
            return "Who";
        }
    }

    /**
     * The value of Authorization or Proxy-Authorization.
     *
     * @param use how often the nonce has been used, this time included
     */
    static String answer(
            Challenge challenge, Who who, String method, String uri, int use, String cnonce) {
        String nc = String.format(Locale.ROOT, "%08x", use);
        String response =
                response(
                        challenge.algorithm(),
                        String.join(":", who.login(), challenge.realm(), who.password()),
                        method + ":" + uri,
                        challenge.nonce(),
                        challenge.auth()
                                ? Optional.of(nc + ":" + cnonce + ":auth")
                                : Optional.empty());
        StringBuilder value = new StringBuilder("Digest username=\"" + who.login() + "\"");
        value.append(", realm=\"").append(challenge.realm()).append('"');
        value.append(", nonce=\"").append(challenge.nonce()).append('"');
        value.append(", uri=\"").append(uri).append('"');
        value.append(", response=\"").append(response).append('"');
        value.append(", algorithm=").append(challenge.algorithm().token());
        if (challenge.auth()) {
            value.append(", qop=auth, nc=").append(nc);
            value.append(", cnonce=\"").append(cnonce).append('"');
        }
        challenge.opaque().ifPresent(opaque -> value.append(", opaque=\"" + opaque + "\""));
        return value.toString();
    }

    /**
     * RFC 7616 §3.4.1.
     *
     * @param a1 {@code user:realm:password}
     * @param a2 {@code method:uri}
     * @param counted {@code nc:cnonce:qop}; none if there is no qop (RFC 2069)
     */
    public static String response(
            DigestAlgorithm algorithm,
            String a1,
            String a2,
            String nonce,
            Optional<String> counted) {
        String middle = counted.map(text -> nonce + ":" + text).orElse(nonce);
        return hash(algorithm, hash(algorithm, a1) + ":" + middle + ":" + hash(algorithm, a2));
    }

    private static String hash(DigestAlgorithm algorithm, String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm.token());
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyRuntimeHasThem) {
            throw new IllegalStateException(everyRuntimeHasThem);
        }
    }
}
