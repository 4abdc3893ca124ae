package org.consentgateway.console.oidc;

import java.util.Set;

/**
 * Why a provider says no, for the log: by the codes that the standards name. What else stands in
 * their place is not repeated, since a stranger writes it into an address, and it may name anybody.
 */
final class ProviderError {
    /** RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6. */
    private static final Set<String> CODES =
            Set.of(
                    "invalid_request",
                    "invalid_client",
                    "invalid_grant",
                    "unauthorized_client",
                    "unsupported_grant_type",
                    "access_denied",
                    "unsupported_response_type",
                    "invalid_scope",
                    "server_error",
                    "temporarily_unavailable",
                    "interaction_required",
                    "login_required",
                    "account_selection_required",
                    "consent_required",
                    "invalid_request_uri",
                    "invalid_request_object",
                    "request_not_supported",
                    "request_uri_not_supported",
                    "registration_not_supported");

    private ProviderError() {}

    /**
     * @param error that a browser brought back, or that the provider itself says of a code
     * @param none what is told where there is no error
     */
    static String of(String error, String none) {
        if (error.isEmpty()) {
            return none;
        }
        return CODES.contains(error) ? error : "another error";
    }
}
