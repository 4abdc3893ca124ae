package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import java.time.InstantSource;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.Visit;

/**
 * Thread-safe. Today: is all well, who is calling, how far do callers come, what do they answer.
 */
public final class TodayPages implements ConsolePages {
    private final InstantSource clock;

    public TodayPages(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        routes.get(
                ConsoleSection.TODAY.path(), guard.page(ConsoleSection.TODAY, "today", this::view));
        routes.get(
                "/today/live",
                guard.region(
                        ConsoleSection.TODAY.scope(),
                        visit -> visit.region("today-region", view(visit))));
    }

    private TodayView view(Visit visit) {
        JsonNode today = visit.api().get(visit.session(), "/v1/today");
        JsonNode hours = visit.api().get(visit.session(), "/v1/statistics/hours");
        return TodayView.of(today, hours, visit.words(), clock.instant());
    }
}
