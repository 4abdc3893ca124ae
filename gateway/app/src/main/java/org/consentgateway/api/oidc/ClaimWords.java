package org.consentgateway.api.oidc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The words in one claim of a token, such as its scopes or the roles of whom it names. */
public final class ClaimWords {
    private static final Pattern SPACES = Pattern.compile(" +");

    private ClaimWords() {}

    /**
     * None where there is no such claim.
     *
     * @param claim a name, or a path with dots such as {@code realm_access.roles}
     */
    public static List<String> of(Map<String, Object> token, String claim) {
        return switch (claim(token, claim)) {
            // RFC 6749 §3.3
            case String text -> SPACES.splitAsStream(text).toList();
            case Collection<?> list ->
                    list.stream().filter(Objects::nonNull).map(Object::toString).toList();
            case null, default -> List.of();
        };
    }

    /** Some providers name claims by addresses with dots, so the whole name counts first. */
    private static @Nullable Object claim(Map<String, Object> token, String claim) {
        if (token.containsKey(claim)) {
            return token.get(claim);
        }
        Object at = token;
        for (String step : claim.split("\\.", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return at;
    }
}
