package org.consentgateway.api.oidc;

import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jwt.proc.BadJWTException;

/**
 * What is wrong with a token, for the log. Anybody writes a header, and messages of the library
 * repeat its type: until the signature is known to be the provider's, no message is told.
 */
public final class TokenProblem {
    private TokenProblem() {}

    /** In fixed words; of claims, which are read behind the signature, which of them is wrong. */
    public static String words(BadJOSEException refused) {
        return switch (refused) {
            case BadJWTException claims -> String.valueOf(claims.getMessage());
            case BadJWSException _ -> "invalid signature";
            default -> "another type or algorithm, or no key of the provider fits";
        };
    }
}
