package org.consentgateway.sip.auth;

import java.util.Set;

/**
 * What we show where somebody whom we call asks for a password (RFC 3261 §22.2). Immutable.
 *
 * @param algorithms digests by which the password may be shown
 */
public record ClientLogin(String user, String password, Set<DigestAlgorithm> algorithms) {
    public ClientLogin {
        algorithms = Set.copyOf(algorithms);
    }

    @Override
    public String toString() {
        return "ClientLogin[" + user + "]";
    }
}
