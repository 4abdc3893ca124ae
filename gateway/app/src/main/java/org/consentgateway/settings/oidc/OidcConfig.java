package org.consentgateway.settings.oidc;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.config.Setting;

/**
 * Immutable. An identity provider whose tokens are taken as API keys are.
 *
 * @param issuer none: keys only
 * @param algorithms of signatures, as RFC 7518 §3.1 calls them
 * @param scopeClaim a name, or a path with dots
 * @param scopes the provider's words to scopes of ours, separated by spaces; empty: they are the
 *     same
 * @param nameClaim who asks, as records have it
 * @param claims that have to stand in a token with exactly this text
 * @param roots PEM files of the authorities to believe
 * @param leeway between the provider's clock and ours
 */
public record OidcConfig(
        @Setting(byDefault = "", example = "https://login.example.com/realms/company")
                Optional<URI> issuer,
        @Setting(byDefault = "", example = "https://consent.example.com/api")
                Optional<String> audience,
        @Setting(
                        byDefault = "[RS256, PS256, ES256]",
                        atLeast = "1",
                        form = "(RS|PS|ES)(256|384|512)",
                        formInWords =
                                "a signature by RS256, PS256, ES256 or their 384 and 512, since"
                                        + " only the provider can make these")
                List<String> algorithms,
        @Setting(byDefault = "scope", example = "realm_access.roles") String scopeClaim,
        @Setting(byDefault = "{}", example = "{consent-reader: \"consents:read records:read\"}")
                Map<String, String> scopes,
        @Setting(byDefault = "sub", example = "client_id") String nameClaim,
        @Setting(byDefault = "{}", example = "{tid: 8f4c2f0e-…}") Map<String, String> claims,
        @Setting(byDefault = "[]", example = "[/etc/consent-gateway/company-root.pem]")
                List<Path> roots,
        @Setting(byDefault = "30s", atLeast = "0s", atMost = "2m") Duration leeway) {}
