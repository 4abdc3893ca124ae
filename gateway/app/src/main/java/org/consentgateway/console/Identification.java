package org.consentgateway.console;

import java.net.URI;
import java.util.Optional;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.ConsoleUser;

/**
 * Immutable. How it is known who somebody is.
 *
 * @param account of ours, which must go on being as it was; empty: an identity provider's
 * @param signOut where a browser ends its session with that provider
 */
record Identification(ConsoleUser user, Optional<ConsoleAccount> account, Optional<URI> signOut) {
    static Identification by(ConsoleAccount account) {
        return new Identification(ConsoleUser.of(account), Optional.of(account), Optional.empty());
    }

    static Identification byProvider(ConsoleUser user, Optional<URI> signOut) {
        return new Identification(user, Optional.empty(), signOut);
    }
}
