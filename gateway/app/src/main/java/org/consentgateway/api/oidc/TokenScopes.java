package org.consentgateway.api.oidc;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.consentgateway.api.access.ApiScope;

/**
 * Immutable. What a token allows: words in one of its claims. A word that means nothing is none.
 */
final class TokenScopes {
    private final OidcTerms.Claims claims;

    TokenScopes(OidcTerms.Claims claims) {
        this.claims = claims;
    }

    Set<ApiScope> of(Map<String, Object> token) {
        Set<ApiScope> all = EnumSet.noneOf(ApiScope.class);
        ClaimWords.of(token, claims.scopes()).forEach(word -> all.addAll(meaning(word)));
        return all;
    }

    private Collection<ApiScope> meaning(String word) {
        return claims.meaning().isEmpty()
                ? ApiScope.of(word).stream().toList()
                : claims.meaning().getOrDefault(word, Set.of());
    }
}
