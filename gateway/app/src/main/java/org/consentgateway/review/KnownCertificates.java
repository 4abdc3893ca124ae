package org.consentgateway.review;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.api.operation.KnownCertificate;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.TlsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates of SIP over TLS, as their files are now: somebody may have renewed them. */
public final class KnownCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(KnownCertificates.class);

    private KnownCertificates() {}

    public static List<KnownCertificate> of(GatewayConfig config) {
        TlsConfig tls = config.sip().tls();
        List<KnownCertificate> all = new ArrayList<>();
        tls.certificate().ifPresent(file -> add(file, true, all));
        tls.roots().forEach(file -> add(file, false, all));
        return List.copyOf(all);
    }

    private static void add(Path file, boolean ours, List<KnownCertificate> into) {
        try (InputStream in = Files.newInputStream(file)) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Certificate each : factory.generateCertificates(in)) {
                if (each instanceof X509Certificate certificate) {
                    into.add(
                            new KnownCertificate(
                                    file.toString(),
                                    certificate.getSubjectX500Principal().getName(),
                                    ours,
                                    certificate.getNotAfter().toInstant()));
                }
            }
        } catch (IOException | CertificateException e) {
            LOG.atDebug()
                    .addKeyValue("file", file)
                    .log("a certificate cannot be read: its end is not told");
        }
    }
}
