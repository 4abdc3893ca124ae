package org.consentgateway.console.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Whether an ID token is what we have asked for (OpenID Connect Core §3.1.3.7): signed
 * by the provider, issued for us, now, and to this sign-in.
 */
final class IdTokens {
    private final SignInTerms terms;
    private final JWKSource<SecurityContext> keys;
    private final InstantSource clock;

    IdTokens(SignInTerms terms, JWKSource<SecurityContext> keys, InstantSource clock) {
        this.terms = terms;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * @param nonce that was sent along
     * @param begun when: it cannot have been issued before
     * @throws BadJOSEException saying what is wrong
     * @throws JOSEException where it cannot be checked now
     */
    JWTClaimsSet checked(String token, String nonce, Instant begun)
            throws ParseException, BadJOSEException, JOSEException {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        // A missing type is null. An access token (at+jwt) is none.
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, null));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(
                        terms.checks().algorithms().stream()
                                .map(JWSAlgorithm::parse)
                                .collect(Collectors.toSet()),
                        keys));
        processor.setJWTClaimsSetVerifier(new Expected(nonce, begun));
        return processor.process(SignedJWT.parse(token), null);
    }

    private JWTClaimsSet exactly(String nonce) {
        var exactly = new JWTClaimsSet.Builder().issuer(terms.issuer().toString());
        terms.checks().required().forEach(exactly::claim);
        return exactly.claim("nonce", nonce).build();
    }

    private final class Expected extends DefaultJWTClaimsVerifier<SecurityContext> {
        private final Instant begun;

        Expected(String nonce, Instant begun) {
            super(
                    Set.of(terms.client().id()),
                    exactly(nonce),
                    Set.of("sub", "exp", "iat"),
                    Set.of());
            this.begun = begun;
            setMaxClockSkew((int) terms.checks().leeway().toSeconds());
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }

        @Override
        public void verify(JWTClaimsSet claims, @Nullable SecurityContext context)
                throws BadJWTException {
            super.verify(claims, context);
            issuedNow(claims.getIssueTime().toInstant());
            issuedToUs(claims);
        }

        private void issuedNow(Instant issued) throws BadJWTException {
            if (issued.isBefore(begun.minus(terms.checks().leeway()))) {
                throw new BadJWTException("issued before it was asked for");
            }
            if (issued.isAfter(clock.instant().plus(terms.checks().leeway()))) {
                throw new BadJWTException("issued in the future");
            }
        }

        /** Where others are named beside us, it must have been issued to us (Core §2, azp). */
        private void issuedToUs(JWTClaimsSet claims) throws BadJWTException {
            @Nullable Object party = claims.getClaim("azp");
            boolean needed = claims.getAudience().size() > 1;
            if (party == null ? needed : !party.equals(terms.client().id())) {
                throw new BadJWTException("issued to another client (azp)");
            }
        }
    }
}
