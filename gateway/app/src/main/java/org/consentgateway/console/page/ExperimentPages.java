package org.consentgateway.console.page;

import io.javalin.config.RoutesConfig;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;

/** Thread-safe. Wordings that are compared, and what may be said of them today. */
public final class ExperimentPages implements ConsolePages {
    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        routes.get(
                ConsoleSection.EXPERIMENTS.path(),
                guard.page(
                        ConsoleSection.EXPERIMENTS,
                        "experiments",
                        visit ->
                                ExperimentsView.of(
                                        visit.api().get(visit.session(), "/v1/experiments"),
                                        visit.words())));
    }
}
