package org.consentgateway.settings.compliance;

import java.nio.file.Path;
import java.util.Optional;
import org.consentgateway.config.Setting;

/**
 * {@code compliance}: documents for counsel and the data protection officer. Immutable.
 *
 * @param directory of the templates, a folder for each language
 * @param representedBy who acts for the controller
 * @param dataProtectionOfficer with contact (Art. 37(7) DSGVO)
 * @param hosting who runs the machines, with address; "own" where the controller does
 */
public record ComplianceConfig(
        @Setting(byDefault = "config/compliance") Path directory,
        @Setting(byDefault = "", example = "Erika Beispiel, managing director")
                Optional<String> representedBy,
        @Setting(byDefault = "", example = "Max Beispiel, datenschutz@example.com")
                Optional<String> dataProtectionOfficer,
        @Setting(byDefault = "", example = "Rechenzentrum GmbH, Musterweg 3, 60311 Frankfurt")
                Optional<String> hosting) {}
