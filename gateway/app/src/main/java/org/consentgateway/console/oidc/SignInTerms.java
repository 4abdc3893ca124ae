package org.consentgateway.console.oidc;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.consentgateway.console.account.ConsoleRole;

/**
 * Immutable. Whose accounts open the console, and what is known of them.
 *
 * @param issuer as {@code iss} and the discovery document name it, to the letter
 * @param console by which browsers reach it
 * @param scopes that are asked for
 */
public record SignInTerms(
        URI issuer, Client client, URI console, List<String> scopes, Checks checks, Claims claims) {

    /**
     * As the provider knows us.
     *
     * @param secret read anew each time; empty where it cannot be read
     */
    public record Client(String id, Supplier<String> secret) {}

    /**
     * What an ID token is held to.
     *
     * @param algorithms of signatures (RFC 7518 §3.1); a token does not choose another
     * @param required claims with exactly this text
     * @param leeway between the provider's clock and ours
     */
    public record Checks(Set<String> algorithms, Map<String, String> required, Duration leeway) {
        public Checks {
            algorithms = Set.copyOf(algorithms);
            required = Map.copyOf(required);
        }
    }

    /**
     * Where an ID token says what.
     *
     * @param account what the log calls somebody by, such as {@code sub}
     * @param person their name, such as {@code name}
     * @param role a name, or a path with dots
     * @param roles the provider's words for ours; of several the first in this order counts
     */
    public record Claims(
            String account, String person, String role, Map<String, ConsoleRole> roles) {
        public Claims {
            roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
        }
    }

    public SignInTerms {
        scopes = List.copyOf(scopes);
    }

    /** Where the provider sends browsers back to, as it is registered there. */
    URI callback() {
        return console.resolve(ProviderSignIn.CALLBACK);
    }

    /** Where it sends them after a sign-out. */
    URI afterSignOut() {
        return console.resolve("/sign-in");
    }
}
