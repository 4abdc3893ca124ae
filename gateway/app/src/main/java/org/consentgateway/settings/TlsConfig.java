package org.consentgateway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Setting;

/**
 * Immutable. SIP over TLS: who we are, and whom we believe.
 *
 * @param certificate PEM: ours, then those between it and the root
 * @param key PEM: the certificate's private key, PKCS#8 without a password
 * @param roots PEM files of authorities that are believed
 * @param systemRoots whether the authorities of the Java runtime are believed, too
 * @param revocation whether certificates of those who connect to us have been revoked
 * @param clientCertificate whether those who connect to us must show one
 */
public record TlsConfig(
        @Setting(byDefault = "", example = "/etc/consent-gateway/sip.crt")
                Optional<Path> certificate,
        @Setting(byDefault = "", example = "/etc/consent-gateway/sip.key") Optional<Path> key,
        @Setting(byDefault = "[]", example = "[/etc/consent-gateway/provider-root.pem]")
                List<Path> roots,
        @Setting(byDefault = "true") boolean systemRoots,
        @Setting(byDefault = "off") ClientCertificate clientCertificate,
        @Setting Revocation revocation,
        @Setting(
                        byDefault = "[\"1.3\", \"1.2\"]",
                        atLeast = "1",
                        form = "1\\.[23]",
                        formInWords = "\"1.2\" or \"1.3\"")
                List<String> versions) {

    /**
     * @param check who is asked
     * @param lists CRLs, PEM or DER
     * @param responder asked by OCSP; empty: whom each certificate names
     * @param softFail whether a certificate counts as good of which nobody can tell
     */
    public record Revocation(
            @Setting(byDefault = "off") Check check,
            @Setting(byDefault = "[]", example = "[/etc/consent-gateway/provider.crl]")
                    List<Path> lists,
            @Setting(byDefault = "", example = "http://ocsp.provider.example/")
                    Optional<URI> responder,
            @Setting(byDefault = "false") boolean softFail) {

        /** Who is asked. */
        public enum Check {
            OFF,
            CRL,
            OCSP
        }
    }

    /** What we want to see of those who connect to us. */
    public enum ClientCertificate {
        OFF,
        OPTIONAL,
        REQUIRED
    }
}
