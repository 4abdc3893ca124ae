package org.consentgateway.settings.oidc;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.config.Secret;
import org.consentgateway.config.Setting;

/**
 * Immutable. An identity provider by whose accounts people sign in to the console.
 *
 * @param issuer none: by accounts of the gateway only
 * @param name as people know it
 * @param clientId as we are registered there
 * @param clientSecret by which we prove it
 * @param clientSecretFile its first line, read anew at each sign-in
 * @param scopes that are asked for
 * @param algorithms of signatures, as RFC 7518 §3.1 calls them
 * @param roleClaim a name, or a path with dots
 * @param roles the provider's words to roles of ours; of several the first one counts
 * @param accountClaim what the log calls somebody by
 * @param personClaim their name
 * @param claims that have to stand in an ID token with exactly this text
 * @param roots PEM files of the authorities to believe
 * @param leeway between the provider's clock and ours
 */
public record SignInConfig(
        @Setting(byDefault = "", example = "https://login.example.com/realms/company")
                Optional<URI> issuer,
        @Setting(byDefault = "", example = "Example account") Optional<String> name,
        @Setting(byDefault = "", example = "consent-gateway") Optional<String> clientId,
        @Setting(byDefault = "", example = "secret") Optional<Secret> clientSecret,
        @Setting(byDefault = "", example = "/etc/consent-gateway/console-oidc.secret")
                Optional<Path> clientSecretFile,
        @Setting(
                        byDefault = "[openid, profile]",
                        atLeast = "1",
                        form = "[!#-\\[\\]-~]{1,100}",
                        formInWords = "a scope without spaces (RFC 6749 §3.3)")
                List<String> scopes,
        @Setting(
                        byDefault = "[RS256, PS256, ES256]",
                        atLeast = "1",
                        form = "(RS|PS|ES)(256|384|512)",
                        formInWords =
                                "a signature by RS256, PS256, ES256 or their 384 and 512, since"
                                        + " only the provider can make these")
                List<String> algorithms,
        @Setting(byDefault = "roles", example = "realm_access.roles") String roleClaim,
        @Setting(byDefault = "{}", example = "{consent-dpo: dpo}") Map<String, String> roles,
        @Setting(byDefault = "sub", example = "preferred_username") String accountClaim,
        @Setting(byDefault = "name", example = "display_name") String personClaim,
        @Setting(byDefault = "{}", example = "{tid: 8f4c2f0e-…}") Map<String, String> claims,
        @Setting(byDefault = "[]", example = "[/etc/consent-gateway/company-root.pem]")
                List<Path> roots,
        @Setting(byDefault = "30s", atLeast = "0s", atMost = "2m") Duration leeway) {}
