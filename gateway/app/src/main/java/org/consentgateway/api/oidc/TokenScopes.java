package org.consentgateway.api.oidc;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.api.access.ApiScope;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a token allows: words in one of its claims. A word that means nothing is none.
 */
final class TokenScopes {
    private static final Pattern SPACES = Pattern.compile(" +");

    private final OidcTerms.Claims claims;

    TokenScopes(OidcTerms.Claims claims) {
        this.claims = claims;
    }

    Set<ApiScope> of(Map<String, Object> token) {
        Set<ApiScope> all = EnumSet.noneOf(ApiScope.class);
        words(claim(token)).forEach(word -> all.addAll(meaning(word)));
        return all;
    }

    /** Some providers name claims by addresses with dots, so the whole name counts first. */
    private @Nullable Object claim(Map<String, Object> token) {
        if (token.containsKey(claims.scopes())) {
            return token.get(claims.scopes());
        }
        Object at = token;
        for (String step : claims.scopes().split("\\.", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return at;
    }

    /** Separated by spaces (RFC 6749 §3.3), or a list. */
    private static Stream<String> words(@Nullable Object claim) {
        return switch (claim) {
            case String text -> SPACES.splitAsStream(text);
            case Collection<?> list -> list.stream().filter(Objects::nonNull).map(Object::toString);
            case null, default -> Stream.empty();
        };
    }

    private Collection<ApiScope> meaning(String word) {
        return claims.meaning().isEmpty()
                ? ApiScope.of(word).stream().toList()
                : claims.meaning().getOrDefault(word, Set.of());
    }
}
