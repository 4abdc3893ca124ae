package org.consentgateway.settings.oidc;

import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.api.oidc.OidcTerms;
import org.consentgateway.api.oidc.ProviderDocuments;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.Spelling;
import org.consentgateway.settings.credential.CredentialRules;

/** Which tokens the API takes, and what must hold between the keys that say so. */
public final class OidcSettings {
    private static final String AT = "api.oidc.";

    private OidcSettings() {}

    /** Empty where there is no identity provider. */
    public static Optional<OidcTerms> of(OidcConfig oidc) {
        return oidc.issuer()
                .map(issuer ->
                        new OidcTerms(
                                issuer,
                                oidc.audience().orElseThrow(),
                                Set.copyOf(oidc.algorithms()),
                                new OidcTerms.Claims(
                                        oidc.nameClaim(),
                                        oidc.scopeClaim(),
                                        meaning(oidc.scopes()),
                                        oidc.claims()),
                                oidc.leeway()));
    }

    private static Map<String, Set<ApiScope>> meaning(Map<String, String> scopes) {
        Map<String, Set<ApiScope>> meaning = new HashMap<>();
        scopes.forEach((word, ours) -> {
            Set<ApiScope> all = EnumSet.noneOf(ApiScope.class);
            words(ours).forEach(each -> ApiScope.of(each).ifPresent(all::add));
            meaning.put(word, all);
        });
        return meaning;
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split(" +", -1)).filter(each -> !each.isEmpty()).toList();
    }

    /**
     * @param listens whether there is an API at all
     */
    public static void check(OidcConfig oidc, boolean listens, Complaints complaints) {
        if (oidc.issuer().isEmpty()) {
            if (oidc.audience().isPresent() || !oidc.scopes().isEmpty()) {
                complaints.about(
                        AT + "issuer",
                        "is missing: without it no token is taken",
                        "issuer: https://login.example.com/realms/company");
            }
            return;
        }
        if (!listens) {
            complaints.about(
                    AT + "issuer",
                    "is of no use: the API does not listen (api.listen)",
                    "listen: 127.0.0.1:8082");
        }
        issuer(AT, oidc.issuer().get(), complaints);
        if (oidc.audience().isEmpty()) {
            complaints.about(
                    AT + "audience",
                    "is missing: else whoever has a token for another service of the company could"
                            + " show it here",
                    "audience: https://consent.example.com/api");
        }
        oidc.scopes().forEach((word, ours) -> scopes(word, ours, complaints));
        new CredentialRules(complaints).roots(AT, oidc.roots());
    }

    /**
     * @param at the keys before it, such as "api.oidc."
     */
    static void issuer(String at, URI issuer, Complaints complaints) {
        if (!ProviderDocuments.isSafe(issuer)
                || issuer.getQuery() != null
                || issuer.getFragment() != null) {
            complaints.about(
                    at + "issuer",
                    "must be https (http on this machine only), without ?, # and password: whoever"
                            + " stands between could put in keys of their own; not "
                            + issuer.getScheme()
                            + "://"
                            + issuer.getHost(),
                    "issuer: https://login.example.com/realms/company");
        }
    }

    private static void scopes(String word, String ours, Complaints complaints) {
        if (words(ours).isEmpty()) {
            complaints.about(
                    AT + "scopes." + word,
                    "names no scope of ours",
                    word + ": \"consents:read records:read\"");
        }
        for (String each : words(ours)) {
            if (ApiScope.of(each).isEmpty()) {
                String near =
                        Spelling.nearest(each, ApiScope.texts())
                                .map("; did you mean \"%s\"?"::formatted)
                                .orElse("");
                complaints.about(
                        AT + "scopes." + word,
                        "\"%s\" is no scope%s there are %s"
                                .formatted(
                                        each,
                                        near.isEmpty() ? ";" : near,
                                        String.join(", ", ApiScope.texts())),
                        word + ": \"consents:read records:read\"");
            }
        }
    }
}
