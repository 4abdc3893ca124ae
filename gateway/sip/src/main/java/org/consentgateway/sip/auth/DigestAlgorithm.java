package org.consentgateway.sip.auth;

import java.util.Optional;

/** Hashes of digest authentication (RFC 7616, RFC 8760), in order of strength. Immutable. */
public enum DigestAlgorithm {
    /** Weak, and what most registrars still ask for: RFC 8760 §2.3 keeps it. */
    MD5("MD5"),
    SHA_256("SHA-256");

    private final String token;

    DigestAlgorithm(String token) {
        this.token = token;
    }

    /** As in a challenge, and as the runtime calls it. */
    public String token() {
        return token;
    }

    static Optional<DigestAlgorithm> of(String token) {
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.token.equalsIgnoreCase(token)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
