package org.consentgateway.api.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.consentgateway.api.access.ApiCredentials;
import org.consentgateway.api.access.ApiPrincipal;

/**
 * Thread-safe. Knows those who show a token that an identity provider signed for this API: JWT
 * access tokens (RFC 9068), also of providers that call their type plain {@code JWT}.
 */
public final class OidcTokens implements ApiCredentials {
    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");
    private static final JOSEObjectType ACCESS_TOKEN_IN_FULL =
            new JOSEObjectType("application/at+jwt");

    private static final Set<String> ONLY_IN_ID_TOKENS = Set.of("nonce", "at_hash", "c_hash");
    private static final String ID_TOKEN =
            "token: is an ID token; an access token of the provider is wanted";

    /** Characters of a name or a reason in the log. */
    private static final int LONGEST_TEXT = 200;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final TokenScopes scopes;
    private final String name;

    public OidcTokens(OidcTerms terms, JWKSource<SecurityContext> keys, InstantSource clock) {
        this.scopes = new TokenScopes(terms.claims());
        this.name = terms.claims().name();
        // A missing type is null.
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(
                        ACCESS_TOKEN, ACCESS_TOKEN_IN_FULL, JOSEObjectType.JWT, null));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(
                        terms.algorithms().stream()
                                .map(JWSAlgorithm::parse)
                                .collect(Collectors.toSet()),
                        keys));
        processor.setJWTClaimsSetVerifier(verifier(terms, clock));
    }

    private static DefaultJWTClaimsVerifier<SecurityContext> verifier(
            OidcTerms terms, InstantSource clock) {
        var exactly = new JWTClaimsSet.Builder().issuer(terms.issuer().toString());
        terms.claims().required().forEach(exactly::claim);
        var verifier =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        Set.of(terms.audience()),
                        exactly.build(),
                        Set.of("exp", terms.claims().name()),
                        Set.of()) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        verifier.setMaxClockSkew((int) terms.leeway().toSeconds());
        return verifier;
    }

    @Override
    public Shown of(String bearer) {
        try {
            SignedJWT token = SignedJWT.parse(bearer);
            JWTClaimsSet claims = processor.process(token, null);
            if (!isAccessTokenByType(token) && isForSigningIn(claims)) {
                return new Shown.Refused("", ID_TOKEN);
            }
            String who = text(Objects.toString(claims.getClaim(name)));
            return new Shown.Known(new ApiPrincipal("token " + who, scopes.of(claims.getClaims())));
        } catch (ParseException e) {
            return new Shown.Refused("", "no token");
        } catch (BadJOSEException e) {
            return new Shown.Refused("", "token: " + text(TokenProblem.words(e)));
        } catch (KeySourceException e) {
            return new Shown.Unverified("the identity provider does not answer");
        } catch (JOSEException e) {
            return new Shown.Refused("", "token: cannot be checked");
        }
    }

    /** Of RFC 9068 §2.1; of type JWT, or of none, are ID tokens as well. */
    private static boolean isAccessTokenByType(SignedJWT token) {
        JOSEObjectType type = token.getHeader().getType();
        return ACCESS_TOKEN.equals(type) || ACCESS_TOKEN_IN_FULL.equals(type);
    }

    /**
     * By claims that only an ID token has (OpenID Connect Core 1.0 §3.3.2.11): it says that
     * somebody has signed in somewhere, to which one client, and allows nothing.
     */
    private static boolean isForSigningIn(JWTClaimsSet claims) {
        return ONLY_IN_ID_TOKENS.stream().anyMatch(claims.getClaims()::containsKey);
    }

    private static String text(String any) {
        String one = any.replaceAll("\\p{Cntrl}", " ");
        return one.length() > LONGEST_TEXT ? one.substring(0, LONGEST_TEXT) : one;
    }
}
