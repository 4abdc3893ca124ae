package org.consentgateway.settings;

import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.consent.ConsentRules;
import org.consentgateway.consent.Level;
import org.consentgateway.proof.imports.ConsentImport;
import org.consentgateway.proof.imports.ImportTerms;

/** What consents from elsewhere are held against: what callers could have agreed to here. */
public final class ImportSettings {
    /** For how long one in words of its own is proved behind its end. */
    public static final Period KEPT = ConsentImport.KEPT;

    private ImportSettings() {}

    public static ImportTerms terms(GatewayConfig config, ImportTerms.KnownTexts texts) {
        Map<String, LevelConfig> levels = new HashMap<>();
        config.levels().forEach(level -> levels.put(level.id(), level));
        Map<String, List<ImportTerms.OfLine>> lines = new HashMap<>();
        for (LineConfig line : config.lines()) {
            if (line.dialog() != LineConfig.Dialog.PRIVACY && !line.levels().isEmpty()) {
                List<Level> of =
                        line.levels().stream()
                                .map(id ->
                                        PartSettings.level(Objects.requireNonNull(levels.get(id))))
                                .toList();
                lines.computeIfAbsent(line.notice(), _ -> new ArrayList<>())
                        .add(
                                new ImportTerms.OfLine(
                                        of,
                                        new ConsentRules(of, line.renewalWindow(), line.zone())));
            }
        }
        return new ImportTerms(lines, texts, config.limits().validity());
    }
}
