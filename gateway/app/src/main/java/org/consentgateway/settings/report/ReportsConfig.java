package org.consentgateway.settings.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Secret;
import org.consentgateway.config.Setting;
import org.consentgateway.report.MailServer.Security;
import org.consentgateway.report.ReportWay;

/**
 * Immutable. Monthly reports to customers who agreed to them.
 *
 * @param purpose that they agree to
 * @param perMinute so many at most
 * @param stop where a customer ends them, with {@code {report}} for the report's id; none: by
 *     writing to the company
 */
public record ReportsConfig(
        @Setting(
                        byDefault = "report",
                        form = "[a-z0-9][a-z0-9-]{0,39}",
                        formInWords = "the id of a purpose, such as report")
                String purpose,
        @Setting(byDefault = "event") ReportWay by,
        @Setting(byDefault = "60", atLeast = "1", atMost = "10000") int perMinute,
        @Setting(byDefault = "", example = "https://www.example.com/reports/{report}")
                Optional<String> stop,
        Mail mail) {

    /**
     * The company's mail server.
     *
     * @param host none: no mail is sent
     * @param user none: nothing is told
     * @param passwordFile its first line
     * @param roots PEM files of the authorities to believe
     */
    public record Mail(
            @Setting(
                            byDefault = "",
                            example = "mail.example.com",
                            form = "[A-Za-z0-9.:-]{1,253}",
                            formInWords = "the name of a machine, such as mail.example.com")
                    Optional<String> host,
            @Setting(byDefault = "587", atLeast = "1", atMost = "65535") int port,
            @Setting(byDefault = "starttls") Security security,
            @Setting(byDefault = "", example = "reports") Optional<String> user,
            @Setting(byDefault = "", example = "secret") Optional<Secret> password,
            @Setting(byDefault = "", example = "/etc/consent-gateway/mail.password")
                    Optional<Path> passwordFile,
            @Setting(byDefault = "", example = "\"Firma Beispiel <datenschutz@example.com>\"")
                    Optional<String> from,
            @Setting(byDefault = "[]", example = "[/etc/consent-gateway/company-root.pem]")
                    List<Path> roots) {}
}
