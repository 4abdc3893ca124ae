package org.consentgateway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Secret;
import org.consentgateway.config.Setting;

/**
 * Immutable. Which other systems are told what has happened.
 *
 * @param keep what was delivered stays for so long, to be sent again
 */
public record WebhookConfig(
        @Setting(byDefault = "[]", example = "[{name: crm, url: …}]", atMost = "16")
                List<WebhookEndpoint> endpoints,
        @Setting(byDefault = "7d", atLeast = "0s", atMost = "90d") Duration keep) {

    /**
     * One of them.
     *
     * @param enabled whether it is told at all
     * @param events empty: all
     * @param secret {@code whsec_…}
     * @param previousSecret signs beside it while the receiver changes over
     * @param secretFile the same, one a line, the current one first; read anew for each message
     * @param mapping makes the requests of a platform that does not take events as they are
     * @param tokenFile whose first line is shown as bearer token; read anew for each message
     * @param holder under which name it is noted as a holder of data; none: its own
     * @param privateAddresses whether it may be in a private network or on this machine
     * @param roots PEM files of the authorities to believe
     * @param timeout of one attempt
     * @param megabytes of the store that messages to it may take while it takes none
     */
    public record WebhookEndpoint(
            @Setting(example = "crm", form = Setting.NAME, formInWords = Setting.NAME_IN_WORDS)
                    String name,
            @Setting(example = "https://crm.example.com/hooks/consent") URI url,
            @Setting(byDefault = "true") boolean enabled,
            @Setting(byDefault = "[]", example = "[consent.given, consent.withdrawn]")
                    List<String> events,
            @Setting(byDefault = "", example = "whsec_…") Optional<Secret> secret,
            @Setting(byDefault = "", example = "whsec_…") Optional<Secret> previousSecret,
            @Setting(byDefault = "", example = "/etc/consent-gateway/crm.secrets")
                    Optional<Path> secretFile,
            @Setting(byDefault = "", example = "config/webhooks/mappings/hubspot.jsonata")
                    Optional<Path> mapping,
            @Setting(byDefault = "", example = "/etc/consent-gateway/crm.token")
                    Optional<Path> tokenFile,
            @Setting(byDefault = "", example = "Firma Beispiel") Optional<String> holder,
            @Setting(byDefault = "false") boolean privateAddresses,
            @Setting(byDefault = "[]", example = "[/etc/consent-gateway/crm-root.pem]")
                    List<Path> roots,
            @Setting(byDefault = "15s", atLeast = "1s", atMost = "30s") Duration timeout,
            @Setting(byDefault = "1000", atLeast = "1", atMost = "1000000") int megabytes) {}
}
