package org.consentgateway;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.compliance.PackSubject;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.settings.Cautions;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;

/** What the documents for counsel are about, of one configuration and its texts as loaded. */
final class CounselSubject {
    private CounselSubject() {}

    static PackSubject of(GatewayConfig config, NoticeLibrary notices, ZonedDateTime now) {
        List<String> cautions =
                Stream.concat(Cautions.of(config).stream(), Cautions.untold(config).stream())
                        .toList();
        return new PackSubject(
                config,
                NoticeReport.spoken(notices, new PartSettings(config).noticeUse(now)),
                cautions,
                now.toLocalDate());
    }
}
