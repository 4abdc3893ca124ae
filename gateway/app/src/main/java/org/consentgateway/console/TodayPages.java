package org.consentgateway.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import java.time.InstantSource;

/**
 * Thread-safe. Today: is all well, who is calling, how far do callers come, what do they answer.
 */
final class TodayPages {
    private final InstantSource clock;

    TodayPages(InstantSource clock) {
        this.clock = clock;
    }

    void into(RoutesConfig routes, ConsoleGuard guard) {
        routes.get(
                ConsoleSection.TODAY.path(),
                guard.page(
                        ConsoleSection.TODAY.scope(),
                        visit -> visit.show(ConsoleSection.TODAY, "today", view(visit))));
        routes.get(
                "/today/live",
                guard.region(
                        ConsoleSection.TODAY.scope(),
                        visit -> visit.region("today-region", view(visit))));
    }

    private TodayView view(Visit visit) {
        JsonNode today = visit.api().get(visit.session(), "/v1/today");
        return TodayView.of(today, visit.words(), clock.instant());
    }
}
