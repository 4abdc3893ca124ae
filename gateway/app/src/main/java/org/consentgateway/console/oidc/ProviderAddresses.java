package org.consentgateway.console.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.api.oidc.ProviderDocuments;

/**
 * Immutable. Where an identity provider takes what (OpenID Connect Discovery §3).
 *
 * @param namesItself whether its answers say whose they are (RFC 9207)
 * @param secretInForm whether it takes our secret in the form only, not in a header
 */
record ProviderAddresses(
        URI authorization,
        URI token,
        Optional<URI> endSession,
        boolean namesItself,
        boolean secretInForm) {

    static ProviderAddresses read(ProviderDocuments documents) throws IOException {
        JsonNode document = documents.discovered();
        return new ProviderAddresses(
                documents.address(document, "authorization_endpoint"),
                documents.address(document, "token_endpoint"),
                document.hasNonNull("end_session_endpoint")
                        ? Optional.of(documents.address(document, "end_session_endpoint"))
                        : Optional.empty(),
                document.path("authorization_response_iss_parameter_supported").asBoolean(),
                inForm(document.path("token_endpoint_auth_methods_supported")));
    }

    /** The header is what counts where nothing is said (Discovery §3). */
    private static boolean inForm(JsonNode methods) {
        Set<String> all = new HashSet<>();
        methods.forEach(each -> all.add(each.asText()));
        return all.contains("client_secret_post") && !all.contains("client_secret_basic");
    }
}
