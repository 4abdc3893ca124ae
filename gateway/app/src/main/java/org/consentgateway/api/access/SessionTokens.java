package org.consentgateway.api.access;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.consentgateway.ledger.tree.Digests;

/**
 * Thread-safe. Those who have signed in to the console of this process: it asks the API for them
 * with a token that never leaves the process, so that they may what their role may, and are in the
 * records by name.
 */
public final class SessionTokens implements ApiCredentials {
    private static final String BEGINNING = "cgs_";
    private static final int OCTETS = 32;

    private final SecureRandom random = new SecureRandom();

    /** By the hash of the token. */
    private final Map<String, ApiPrincipal> known = new ConcurrentHashMap<>();

    /** A token that opens what its principal may, until it is ended. */
    public String mint(ApiPrincipal principal) {
        byte[] octets = new byte[OCTETS];
        random.nextBytes(octets);
        String token = BEGINNING + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        known.put(hash(token), principal);
        return token;
    }

    public void end(String token) {
        known.remove(hash(token));
    }

    @Override
    public Shown of(String bearer) {
        ApiPrincipal principal = known.get(hash(bearer));
        return principal == null
                ? new Shown.Refused("", "no session of the console")
                : new Shown.Known(principal);
    }

    /** These, and beside them others, told apart by their beginning. */
    public ApiCredentials beside(ApiCredentials others) {
        return bearer -> bearer.startsWith(BEGINNING) ? of(bearer) : others.of(bearer);
    }

    private static String hash(String token) {
        return Digests.hex(Digests.of(token.getBytes(StandardCharsets.UTF_8)));
    }
}
