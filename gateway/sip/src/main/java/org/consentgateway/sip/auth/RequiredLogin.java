package org.consentgateway.sip.auth;

import java.util.Set;

/**
 * What those have to show who call by a trunk: digest authentication (RFC 3261 §22, RFC 8760).
 * Immutable.
 *
 * @param realm told in the challenge; part of what is hashed
 * @param algorithms offered, the strongest first
 */
public record RequiredLogin(
        String realm, String user, String password, Set<DigestAlgorithm> algorithms) {
    public RequiredLogin {
        algorithms = Set.copyOf(algorithms);
    }

    @Override
    public String toString() {
        return "RequiredLogin[realm=" + realm + "]";
    }
}
