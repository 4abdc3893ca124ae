package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.time.InstantSource;
import org.consentgateway.console.ApiRefused;
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
        return TodayView.of(today, hours(visit, today), visit.words(), clock.instant());
    }

    /** Missing while the log cannot be reached: this page says so, and is needed most then. */
    private static JsonNode hours(Visit visit, JsonNode today) {
        for (JsonNode part : today.path("parts")) {
            if (part.path("name").asText().equals("store")
                    && part.path("state").asText().equals("down")) {
                return MissingNode.getInstance();
            }
        }
        try {
            return visit.api().get(visit.session(), "/v1/statistics/hours");
        } catch (ApiRefused e) {
            if (e.status() == HttpStatus.SERVICE_UNAVAILABLE.getCode()) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }
}
