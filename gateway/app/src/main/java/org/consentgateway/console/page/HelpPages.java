package org.consentgateway.console.page;

import io.javalin.config.RoutesConfig;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.Visit;

/** Thread-safe. The guides, for all roles. */
public final class HelpPages implements ConsolePages {
    private static final String PATH = ConsoleSection.HELP.path();

    private final Guides guides;

    public HelpPages(Guides guides) {
        this.guides = guides;
    }

    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        ApiScope read = ConsoleSection.HELP.scope();
        routes.get(
                PATH,
                guard.page(
                        ConsoleSection.HELP,
                        "help",
                        visit -> guides.all(visit.words().language())));
        routes.get(PATH + "/{guide}", guard.page(read, this::one));
    }

    private void one(Visit visit) {
        Guides.Guide guide =
                guides.named(visit.words().language(), visit.context().pathParam("guide"))
                        .orElseThrow(() -> new ApiRefused(404, ""));
        visit.show(guide.title(), PATH + "/" + guide.name(), "guide", guide);
    }
}
