package org.consentgateway;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.compliance.PackSubject;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.settings.Cautions;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;

/** What the documents for counsel are about, of one configuration. */
final class CounselSubject {
    private CounselSubject() {}

    static PackSubject of(GatewayConfig config, LocalDate today) {
        List<String> cautions =
                Stream.concat(Cautions.of(config).stream(), Cautions.untold(config).stream())
                        .toList();
        return new PackSubject(
                config,
                NoticeReport.spoken(new PartSettings(config).texts(today)),
                cautions,
                today);
    }
}
