package org.consentgateway.review;

import java.util.List;
import org.consentgateway.api.operation.KnownCertificate;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.certificate.CertificateEnd;
import org.consentgateway.settings.certificate.CertificateEnds;

/** The certificates there are, as their files are now: somebody may have renewed them. */
public final class KnownCertificates {
    private KnownCertificates() {}

    public static List<KnownCertificate> of(GatewayConfig config) {
        return CertificateEnds.of(config).stream()
                .filter(one -> one.kind() != CertificateEnd.Kind.LIST)
                .map(one ->
                        new KnownCertificate(
                                one.file().toString(),
                                one.subject(),
                                one.kind() == CertificateEnd.Kind.OURS,
                                one.ends()))
                .toList();
    }
}
