package org.consentgateway.settings.oidc;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.Secret;
import org.consentgateway.config.Spelling;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.oidc.SignInTerms;
import org.consentgateway.settings.credential.CredentialRules;
import org.consentgateway.settings.credential.GivenSecret;

/** By whose accounts people sign in to the console, and what must hold between the keys of it. */
public final class SignInSettings {
    private static final String AT = "console.oidc.";

    private static final String SECRET_FILE =
            "client-secret-file: /etc/consent-gateway/console-oidc.secret";

    private SignInSettings() {}

    /**
     * Empty where there is no identity provider.
     *
     * @param console by which browsers reach it
     */
    public static Optional<SignInTerms> of(SignInConfig oidc, Optional<URI> console) {
        return oidc.issuer()
                .map(issuer ->
                        new SignInTerms(
                                issuer,
                                new SignInTerms.Client(
                                        oidc.clientId().orElseThrow(),
                                        () -> secret(oidc).orElse("")),
                                console.orElseThrow(),
                                oidc.scopes(),
                                new SignInTerms.Checks(
                                        Set.copyOf(oidc.algorithms()),
                                        oidc.claims(),
                                        oidc.leeway()),
                                new SignInTerms.Claims(
                                        oidc.accountClaim(),
                                        oidc.personClaim(),
                                        oidc.roleClaim(),
                                        roles(oidc.roles()))));
    }

    private static Map<String, ConsoleRole> roles(Map<String, String> roles) {
        Map<String, ConsoleRole> ours = new LinkedHashMap<>();
        roles.forEach(
                (word, role) -> ConsoleRole.of(role).ifPresent(known -> ours.put(word, known)));
        return ours;
    }

    private static Optional<String> secret(SignInConfig oidc) {
        return oidc.clientSecret()
                .map(Secret::text)
                .or(() ->
                        oidc.clientSecretFile().flatMap(GivenSecret::firstLine).map(String::strip));
    }

    /**
     * @param listens whether there is a console at all
     * @param console by which browsers reach it
     */
    public static void check(
            SignInConfig oidc, boolean listens, Optional<URI> console, Complaints complaints) {
        if (oidc.issuer().isEmpty()) {
            if (oidc.clientId().isPresent() || !oidc.roles().isEmpty()) {
                complaints.about(
                        AT + "issuer",
                        "is missing: without it nobody signs in by an identity provider",
                        "issuer: https://login.example.com/realms/company");
            }
            return;
        }
        if (!listens) {
            complaints.about(
                    AT + "issuer",
                    "is of no use: the console does not listen (console.listen)",
                    "listen: 127.0.0.1:8083");
        }
        OidcSettings.issuer(AT, oidc.issuer().get(), complaints);
        new CredentialRules(complaints).roots(AT, oidc.roots());
        if (console.isEmpty()) {
            complaints.about(
                    "console.url",
                    "is missing: the identity provider sends browsers back there, to"
                            + " /sign-in/callback",
                    "url: https://consent.example.com");
        }
        client(oidc, complaints);
        if (!oidc.scopes().contains("openid")) {
            complaints.about(
                    AT + "scopes",
                    "must name openid: else there is no ID token",
                    "scopes: [openid, profile]");
        }
        roles(oidc.roles(), complaints);
    }

    private static void client(SignInConfig oidc, Complaints complaints) {
        if (oidc.clientId().isEmpty()) {
            complaints.about(
                    AT + "client-id",
                    "is missing: as the gateway is registered with the provider",
                    "client-id: consent-gateway");
        }
        new CredentialRules(complaints)
                .once(
                        AT,
                        "client-secret",
                        oidc.clientSecret(),
                        oidc.clientSecretFile(),
                        SECRET_FILE);
        if (oidc.clientSecret().isEmpty() && oidc.clientSecretFile().isEmpty()) {
            complaints.about(
                    AT + "client-secret",
                    "is missing: by it the provider knows that it is we who ask",
                    SECRET_FILE);
        }
    }

    /** Nobody comes in without a role, so without one of these nobody comes in at all. */
    private static void roles(Map<String, String> roles, Complaints complaints) {
        if (roles.isEmpty()) {
            complaints.about(
                    AT + "roles",
                    "is missing: who has no role of ours is not let in",
                    "roles: {consent-dpo: dpo, consent-admin: admin}");
        }
        roles.forEach((word, role) -> {
            if (ConsoleRole.of(role).isEmpty()) {
                String near =
                        Spelling.nearest(role, ConsoleRole.texts())
                                .map("; did you mean \"%s\"?"::formatted)
                                .orElse(";");
                complaints.about(
                        AT + "roles." + word,
                        "\"%s\" is no role%s there are %s"
                                .formatted(role, near, String.join(", ", ConsoleRole.texts())),
                        word + ": dpo");
            }
        });
    }
}
