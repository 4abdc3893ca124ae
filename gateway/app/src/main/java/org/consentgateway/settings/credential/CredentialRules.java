package org.consentgateway.settings.credential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.Secret;
import org.consentgateway.connect.ClientTls;

/** What must hold of secrets and certificates wherever they are named. */
public final class CredentialRules {
    private final Complaints complaints;

    public CredentialRules(Complaints complaints) {
        this.complaints = complaints;
    }

    /**
     * A secret stands in the configuration or in a file.
     *
     * @param at the keys before it, such as "messages."
     * @param key such as "token", beside which there is "token-file"
     */
    public void once(String at, String key, Optional<Secret> given, Optional<Path> file) {
        once(at, key, given, file, "");
    }

    /**
     * @param right what would be, such as "token-file: /etc/consent-gateway/messages.token"
     */
    public void once(
            String at, String key, Optional<Secret> given, Optional<Path> file, String right) {
        if (given.isPresent() && file.isPresent()) {
            complaints.about(
                    at + key,
                    "is given twice; keep either %1$s or %1$s-file".formatted(key),
                    right);
        }
        file.flatMap(GivenSecret::fault)
                .ifPresent(wrong -> complaints.about(at + key + "-file", wrong, right));
    }

    /**
     * @param at the keys before it, such as "api.oidc."
     */
    public void roots(String at, List<Path> roots) {
        if (roots.isEmpty()) {
            return;
        }
        try {
            var _ = ClientTls.of(roots, Optional.empty(), Optional.empty());
        } catch (IOException e) {
            complaints.about(
                    at + "roots",
                    "must be PEM files with certificates: " + e.getMessage(),
                    "roots: [/etc/consent-gateway/company-root.pem]");
        }
    }
}
