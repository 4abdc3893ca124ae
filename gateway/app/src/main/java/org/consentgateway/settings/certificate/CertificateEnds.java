package org.consentgateway.settings.certificate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.SocketConfig;
import org.consentgateway.settings.TlsConfig;
import org.consentgateway.sip.certificate.Revocation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the certificates that a configuration names, as their files are now. */
public final class CertificateEnds {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateEnds.class);

    private final List<CertificateEnd> all = new ArrayList<>();

    private CertificateEnds() {}

    /** All that can be read; what cannot is wrong for those who need it, and they say so. */
    public static List<CertificateEnd> of(GatewayConfig config) {
        var ends = new CertificateEnds();
        TlsConfig tls = config.sip().tls();
        ends.ours("sip.tls.certificate", tls.certificate());
        ends.believed("sip.tls.roots", tls.roots());
        tls.revocation().lists().forEach(ends::list);
        config.assistants()
                .forEach(one -> {
                    SocketConfig socket = one.socket();
                    ends.ours("assistants.socket.certificate", socket.certificate());
                    ends.believed("assistants.socket.roots", socket.roots());
                });
        config.webhooks()
                .endpoints()
                .forEach(one -> ends.believed("webhooks.endpoints.roots", one.roots()));
        ends.believed("api.oidc.roots", config.api().oidc().roots());
        ends.believed("console.oidc.roots", config.console().oidc().roots());
        ends.believed("reports.mail.roots", config.reports().mail().roots());
        return List.copyOf(ends.all);
    }

    private void ours(String setting, Optional<Path> file) {
        file.ifPresent(one -> add(setting, one, CertificateEnd.Kind.OURS));
    }

    private void believed(String setting, List<Path> files) {
        files.forEach(one -> add(setting, one, CertificateEnd.Kind.BELIEVED));
    }

    private void add(String setting, Path file, CertificateEnd.Kind kind) {
        try (InputStream in = Files.newInputStream(file)) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Certificate each : factory.generateCertificates(in)) {
                if (each instanceof X509Certificate certificate) {
                    all.add(
                            new CertificateEnd(
                                    setting,
                                    file,
                                    certificate.getSubjectX500Principal().getName(),
                                    kind,
                                    certificate.getNotAfter().toInstant()));
                }
            }
        } catch (IOException | CertificateException e) {
            untold(file);
        }
    }

    private void list(Path file) {
        try {
            for (X509CRL each : Revocation.read(file)) {
                Date next = each.getNextUpdate();
                if (next != null) {
                    all.add(
                            new CertificateEnd(
                                    "sip.tls.revocation.lists",
                                    file,
                                    each.getIssuerX500Principal().getName(),
                                    CertificateEnd.Kind.LIST,
                                    next.toInstant()));
                }
            }
        } catch (IOException e) {
            untold(file);
        }
    }

    private static void untold(Path file) {
        LOG.atDebug()
                .addKeyValue("file", file)
                .log("a certificate cannot be read: its end is not told");
    }
}
