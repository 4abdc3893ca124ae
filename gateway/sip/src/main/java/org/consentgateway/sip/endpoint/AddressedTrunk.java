package org.consentgateway.sip.endpoint;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.consentgateway.sip.trunk.Identity;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * Of which trunk a request is where several have the address that it comes from, as with two
 * accounts at one provider: of the one whose Contact it addresses (RFC 3261 §16.5), else of one
 * that has its number as a line, else of the first. Thread-safe.
 */
record AddressedTrunk(KnownSources sources, Accounts accounts, CallHandler handler) {
    /** Null if none has that address. */
    @Nullable Trunk of(InetAddress source, String requestUri) {
        List<Trunk> all = sources.trunks(source);
        return all.isEmpty() ? null : of(all, requestUri);
    }

    /**
     * The same.
     *
     * @param all that have the address; one or more
     */
    Trunk of(List<Trunk> all, String requestUri) {
        if (all.size() == 1) {
            return all.getFirst();
        }
        // Once for all of them: whoever forges a datagram says how long it is.
        String user = Identity.user(requestUri);
        return first(all, trunk -> isAccount(trunk, user))
                .or(() -> first(all, trunk -> isLine(trunk, user)))
                .orElse(all.getFirst());
    }

    private static Optional<Trunk> first(List<Trunk> all, Predicate<Trunk> such) {
        return all.stream().filter(such).findFirst();
    }

    /** Whether the number that a Request-URI names is one that is answered by us. */
    boolean serves(Trunk trunk, String requestUri) {
        String user = Identity.user(requestUri);
        return isAccount(trunk, user)
                || NewCallChecks.isEmergency(requestUri)
                || isLine(trunk, user);
    }

    /** Whether our account is addressed, so that another header says which number is called. */
    private boolean isAccount(Trunk trunk, String user) {
        return !user.isEmpty() && user.equals(account(trunk));
    }

    private boolean isLine(Trunk trunk, String user) {
        return NewCallChecks.mayBeALine(user)
                && handler.serves(trunk.name(), Identity.number(user, trunk));
    }

    /** The user part by which a trunk may address us now; empty: none. */
    String account(Trunk trunk) {
        return accounts.userOf(trunk);
    }
}
