package org.consentgateway.sip.auth;

import java.util.Set;

/**
 * By what we are known to somebody whom we call. Immutable.
 *
 * @param algorithms digests by which the password may be shown
 */
public record OwnLogin(String user, String password, Set<DigestAlgorithm> algorithms) {
    public OwnLogin {
        algorithms = Set.copyOf(algorithms);
    }

    @Override
    public String toString() {
        return "OwnLogin[" + user + "]";
    }
}
