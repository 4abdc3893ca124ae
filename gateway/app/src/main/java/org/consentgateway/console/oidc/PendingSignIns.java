package org.consentgateway.console.oidc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Thread-safe. Those who were sent to the identity provider and are not back yet, each by the
 * {@code state} that only they and the provider know.
 */
final class PendingSignIns {
    /** A password forgotten and found again. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** One more, and the oldest has to begin again. */
    static final int MOST = 1_000;

    private final Map<String, Pending> byState =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Pending> eldest) {
                    return size() > MOST;
                }
            };

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

    synchronized void add(String state, Pending pending) {
        byState.put(state, pending);
    }

    /**
     * Once, by the browser that was sent there: no other one uses it up. Empty where there is none,
     * or it is too late.
     */
    synchronized Optional<Pending> take(String state, String browser, Instant now) {
        Pending one = byState.get(state);
        if (one == null || !MessageDigest.isEqual(octets(browser), octets(one.browser()))) {
            return Optional.empty();
        }
        byState.remove(state);
        return Optional.of(one).filter(each -> now.isBefore(each.begun().plus(LONGEST)));
    }

    /** Whether it waits, for whichever browser. */
    synchronized boolean isThere(String state) {
        return byState.containsKey(state);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
