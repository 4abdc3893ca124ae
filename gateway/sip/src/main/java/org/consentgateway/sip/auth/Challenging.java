package org.consentgateway.sip.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.sip.message.Request;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.SipText;

/**
 * Has those show a password who call by a trunk that wants one (RFC 3261 §22, RFC 8760).
 * Thread-safe. Whether a user is known can be told neither by the answer nor by the time it takes.
 */
public final class Challenging {
    /** A password nobody has: compared with where the user is none of ours. */
    private static final String NOBODY = SipText.tag() + SipText.tag();

    private final Nonces nonces;

    /** What has been shown. */
    public enum Shown {
        RIGHT,
        /** Nothing yet. */
        NOTHING,
        /** The right password for a nonce of yesterday. */
        STALE,
        WRONG
    }

    public Challenging(LongSupplier nanos) {
        this.nonces = new Nonces(nanos);
    }

    /** The values of WWW-Authenticate, the strongest algorithm first (RFC 8760 §2.4). */
    public List<String> challenges(RequiredLogin login, String trunk, boolean stale) {
        List<DigestAlgorithm> strongestFirst = new ArrayList<>(login.algorithms());
        strongestFirst.sort(Comparator.<DigestAlgorithm>naturalOrder().reversed());
        String nonce = nonces.next(trunk);
        return strongestFirst.stream()
                .map(algorithm ->
                        "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s, qop=\"auth\"%s"
                                .formatted(
                                        login.realm(),
                                        nonce,
                                        algorithm.token(),
                                        stale ? ", stale=true" : ""))
                .toList();
    }

    public Shown shown(Request request, RequiredLogin login, String trunk) {
        Shown best = Shown.NOTHING;
        for (String value : HeaderText.values(request, "Authorization")) {
            if (value.toLowerCase(Locale.ROOT).startsWith("digest ")
                    && Digest.parameter(value, "realm").orElse("").equals(login.realm())) {
                Shown shown = shown(value, request, login, trunk);
                if (shown == Shown.RIGHT) {
                    return shown;
                }
                best = Collections.max(List.of(best, shown));
            }
        }
        return best;
    }

    private Shown shown(String value, Request request, RequiredLogin login, String trunk) {
        String user = Digest.parameter(value, "username").orElse("");
        String uri = Digest.parameter(value, "uri").orElse("");
        String nonce = Digest.parameter(value, "nonce").orElse("");
        String response = Digest.parameter(value, "response").orElse("");
        Optional<DigestAlgorithm> told =
                DigestAlgorithm.of(Digest.parameter(value, "algorithm").orElse("MD5"));
        boolean offered = told.filter(login.algorithms()::contains).isPresent();
        Optional<String> qop = Digest.parameter(value, "qop");
        String nc = Digest.parameter(value, "nc").orElse("");
        String cnonce = Digest.parameter(value, "cnonce").orElse("");
        boolean known = same(user, login.user());
        String expected =
                Digest.response(
                        offered ? told.orElseThrow() : DigestAlgorithm.MD5,
                        user + ":" + login.realm() + ":" + (known ? login.password() : NOBODY),
                        request.getMethod() + ":" + uri,
                        nonce,
                        qop.map(auth -> nc + ":" + cnonce + ":" + auth));
        boolean right = same(response.toLowerCase(Locale.ROOT), expected);
        // A nonce with a qop may be used again with a higher count; without one, once.
        boolean countable =
                qop.isEmpty() || (qop.get().equals("auth") && nc.matches("[0-9A-Fa-f]{8}"));
        if (!known || !right || !offered || !countable) {
            return Shown.WRONG;
        }
        return switch (nonces.worth(nonce, trunk)) {
            case NONE -> Shown.WRONG;
            case STALE -> Shown.STALE;
            case GOOD -> {
                long count = qop.isEmpty() ? 1 : Long.parseLong(nc, 16);
                yield nonces.use(nonce, count, SaidAgain.mark(request)) ? Shown.RIGHT : Shown.WRONG;
            }
        };
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
