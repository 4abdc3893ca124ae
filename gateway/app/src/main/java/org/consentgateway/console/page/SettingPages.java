package org.consentgateway.console.page;

import io.javalin.config.RoutesConfig;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;

/** Thread-safe. What is set on this node, where, and what it means; nothing is changed here. */
public final class SettingPages implements ConsolePages {
    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        routes.get(
                ConsoleSection.SETTINGS.path(),
                guard.page(
                        ConsoleSection.SETTINGS,
                        "settings",
                        visit ->
                                SettingsView.of(
                                        visit.api().get(visit.session(), "/v1/settings"),
                                        visit.words())));
    }
}
