package org.consentgateway.api.oidc;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.consentgateway.api.access.ApiScope;

/**
 * Immutable. Which tokens are taken.
 *
 * @param issuer as {@code iss} and the discovery document name it, to the letter
 * @param audience that {@code aud} has to name
 * @param algorithms of signatures (RFC 7518 §3.1); a token does not choose another
 * @param leeway between the provider's clock and ours
 */
public record OidcTerms(
        URI issuer, String audience, Set<String> algorithms, Claims claims, Duration leeway) {

    /**
     * Where a token says what.
     *
     * @param name of whoever asks, as records have it
     * @param scopes what they may do: a name, or a path with dots such as {@code
     *     realm_access.roles}
     * @param meaning of the provider's words; where there is none, they are called as ours are
     * @param required with exactly this text
     */
    public record Claims(
            String name,
            String scopes,
            Map<String, Set<ApiScope>> meaning,
            Map<String, String> required) {
        public Claims {
            meaning = Map.copyOf(meaning);
            required = Map.copyOf(required);
        }
    }

    public OidcTerms {
        algorithms = Set.copyOf(algorithms);
    }
}
