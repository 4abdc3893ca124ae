package org.consentgateway.settings.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.consentgateway.config.Complaints;
import org.consentgateway.connect.ClientTls;
import org.consentgateway.report.CustomerReports;
import org.consentgateway.report.LetterWriter;
import org.consentgateway.report.MailServer;
import org.consentgateway.report.MailServer.Security;
import org.consentgateway.report.ReportWay;
import org.consentgateway.settings.credential.CredentialRules;

/** How customers get their reports, and what must hold of it. */
public final class ReportSettings {
    private static final Set<String> HERE = Set.of("127.0.0.1", "::1", "localhost");

    private ReportSettings() {}

    /**
     * @param languages folder of the words
     */
    public static CustomerReports.Terms terms(ReportsConfig reports, Path languages, ZoneId zone) {
        return new CustomerReports.Terms(
                reports.purpose(), new LetterWriter(languages, zone, reports.stop().orElse("")));
    }

    /**
     * @param password empty where there is none
     * @throws IOException where no server is configured, or its roots have become unreadable
     */
    public static MailServer.At mailServer(ReportsConfig.Mail mail, String password)
            throws IOException {
        if (mail.host().isEmpty()) {
            throw new IOException("reports.mail.host is not configured: there is no mail server");
        }
        Optional<SSLContext> tls =
                mail.roots().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                ClientTls.of(mail.roots(), Optional.empty(), Optional.empty())
                                        .context());
        return new MailServer.At(
                mail.host().get(),
                mail.port(),
                mail.security(),
                mail.user().orElse(""),
                password,
                tls,
                mail.from().orElse(""));
    }

    public static void check(ReportsConfig reports, Complaints complaints) {
        reports.stop()
                .filter(stop -> !stop.matches("https://[^\\s<>\"]+") || !stop.contains("{report}"))
                .ifPresent(_ ->
                        complaints.about(
                                "reports.stop",
                                "must be a web address that begins with https:// and has {report}"
                                        + " in it, by which it is known whose reports are ended",
                                "stop: https://www.example.com/reports/{report}"));
        ReportsConfig.Mail mail = reports.mail();
        if (mail.host().isEmpty() && reports.by() == ReportWay.MAIL) {
            complaints.about(
                    "reports.mail.host",
                    "is missing: reports go by mail (reports.by)",
                    "host: mail.example.com");
        }
        if (mail.host().isPresent() && mail.from().filter(MailServer::isAddress).isEmpty()) {
            complaints.about(
                    "reports.mail.from",
                    "must be the address that customers can answer to",
                    "from: \"Firma Beispiel <datenschutz@example.com>\"");
        }
        var credentials = new CredentialRules(complaints);
        credentials.once("reports.mail.", "password", mail.password(), mail.passwordFile());
        credentials.roots("reports.mail.", mail.roots());
        if (mail.security() == Security.NONE
                && mail.host().filter(host -> !HERE.contains(host)).isPresent()) {
            complaints.about(
                    "reports.mail.security",
                    "would send what customers agreed to in clear text; none is for a mail server"
                            + " on this machine",
                    "security: starttls");
        }
    }
}
