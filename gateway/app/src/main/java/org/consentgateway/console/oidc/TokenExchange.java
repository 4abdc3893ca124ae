package org.consentgateway.console.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.consentgateway.api.oidc.ProviderDocuments;

/** Thread-safe. Gives the provider a code, and gets an ID token for it (RFC 6749 §4.1.3). */
final class TokenExchange {
    private static final int OK = 200;
    private static final int SERVER_ERROR = 500;

    private final SignInTerms terms;
    private final ProviderDocuments documents;

    TokenExchange(SignInTerms terms, ProviderDocuments documents) {
        this.terms = terms;
        this.documents = documents;
    }

    /** The provider has said no. */
    static final class CodeRefused extends Exception {
        private static final long serialVersionUID = 1L;

        CodeRefused(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * @throws IOException where the provider does not answer
     * @throws CodeRefused where it gives nothing for this code
     */
    String idToken(String code, PendingSignIns.Pending pending) throws IOException, CodeRefused {
        String secret = terms.client().secret().get();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", terms.callback().toString());
        form.put("code_verifier", pending.verifier());
        String authorization = "";
        if (pending.provider().secretInForm()) {
            form.put("client_id", terms.client().id());
            form.put("client_secret", secret);
        } else {
            authorization = basic(terms.client().id(), secret);
        }
        ProviderDocuments.Answer answer =
                documents.post(pending.provider().token(), authorization, encoded(form));
        if (answer.status() >= SERVER_ERROR) {
            throw new IOException("the token endpoint answers " + answer.status());
        }
        JsonNode token = answer.body().path("id_token");
        if (answer.status() != OK || !token.isTextual()) {
            String error = answer.body().path("error").asText("");
            throw new CodeRefused("token endpoint: " + ProviderError.of(error, "no ID token"));
        }
        return token.asText();
    }

    /** Each part is encoded as in a form before it is joined (RFC 6749 §2.3.1). */
    private static String basic(String id, String secret) {
        String both = encoded(id) + ":" + encoded(secret);
        return "Basic "
                + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** As a form, and as what stands behind the ? of an address. */
    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }
}
