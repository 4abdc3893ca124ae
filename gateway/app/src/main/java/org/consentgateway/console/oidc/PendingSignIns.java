package org.consentgateway.console.oidc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.consentgateway.console.account.SignInsUnderWay;

/**
 * Thread-safe. Those who were sent to the identity provider and are not back yet, each by the
 * {@code state} that only they and the provider know.
 */
final class PendingSignIns {
    /** A password forgotten and found again. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private final SignInsUnderWay<Pending> byState = new SignInsUnderWay<>();

    /**
     * Immutable. What has to come back, and what is needed then.
     *
     * @param browser what the cookie of its browser says
     * @param nonce that the ID token has to name
     * @param verifier of PKCE (RFC 7636 §4.1)
     * @param provider as it was asked
     */
    record Pending(
            String browser,
            String nonce,
            String verifier,
            ProviderAddresses provider,
            Instant begun) {}

    /**
     * @param source where its browser is
     */
    void add(String state, String source, Pending pending) {
        byState.put(state, source, pending);
    }

    /**
     * Once, by the browser that was sent there: no other one uses it up. Empty where there is none,
     * or it is too late.
     */
    synchronized Optional<Pending> take(String state, String browser, Instant now) {
        Optional<Pending> one =
                byState.get(state)
                        .filter(each ->
                                MessageDigest.isEqual(octets(browser), octets(each.browser())));
        if (one.isPresent()) {
            var _ = byState.remove(state);
        }
        return one.filter(each -> now.isBefore(each.begun().plus(LONGEST)));
    }

    /** Whether it waits, for whichever browser. */
    boolean isThere(String state) {
        return byState.get(state).isPresent();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
