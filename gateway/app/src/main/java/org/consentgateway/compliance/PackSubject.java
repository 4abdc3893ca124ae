package org.consentgateway.compliance;

import java.time.LocalDate;
import java.util.List;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.settings.GatewayConfig;

/**
 * Immutable. What the documents are about.
 *
 * @param spoken the texts in force that a line speaks, with the law they are written for
 * @param cautions what the gateway itself warns of at start, in English
 * @param day as of which they are true
 */
public record PackSubject(
        GatewayConfig config,
        List<NoticeReport.Spoken> spoken,
        List<String> cautions,
        LocalDate day) {
    public PackSubject {
        spoken = List.copyOf(spoken);
        cautions = List.copyOf(cautions);
    }
}
