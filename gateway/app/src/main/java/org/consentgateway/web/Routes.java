package org.consentgateway.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.consentgateway.web.Scraped.Scrape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. Every path there is. */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HTML = "text/html; charset=utf-8";
    private static final String PLAIN_JSON = "application/json; charset=utf-8";

    /** Set where a route has told in its own form that there is no such thing. */
    static final String ANSWERED = "answered";

    /** RFC 9457. */
    private static final String PROBLEM_JSON = "application/problem+json; charset=utf-8";

    /** Told to whoever asks for one that is not there. */
    private static final List<String> PATHS =
            List.of(
                    "/",
                    "/metrics",
                    "/health/live",
                    "/health/takes-calls",
                    "/health/ready",
                    "/peers");

    /** For pages without scripts, frames and anything from elsewhere. */
    private static final Map<String, String> SECURITY_HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri"
                            + " 'none'; form-action 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "X-Frame-Options",
                    "DENY",
                    "Referrer-Policy",
                    "no-referrer",
                    "Cache-Control",
                    "no-store");

    private final Supplier<Status> status;
    private final BooleanSupplier stuck;
    private final BooleanSupplier taking;
    private final Scrape scrape;
    private final Diagnosis diagnosis;
    private final ReloadRoute reload;
    private final Optional<BrowserCalls> browsers;
    private final Optional<URI> console;
    private final OperatorGuard guard;

    /**
     * @param more what is there besides
     */
    Routes(Web.Operators operators, Web.More more, InstantSource clock) {
        this.guard = new OperatorGuard(more.hosts(), clock);
        this.browsers = more.browsers();
        this.console = more.console();
        this.diagnosis = operators.diagnosis();
        this.status = operators.status();
        this.stuck = operators.stuck();
        this.taking = operators.taking();
        this.scrape = operators.scrape();
        this.reload = new ReloadRoute(operators.reloading());
    }

    void into(RoutesConfig routes) {
        onlyErrors(routes);
        routes.get("/", guard.before(this::page));
        routes.get("/status.css", Routes::style);
        routes.get("/metrics", this::metrics);
        routes.get("/health/live", this::live);
        routes.get("/health/takes-calls", this::taken);
        routes.get("/health/ready", this::ready);
        routes.get("/peers", guard.before(context -> json(context, diagnosis.peers())));
        routes.post("/peers/{name}/probe", guard.beforeSending(this::probe));
        routes.get("/calls/{id}/trace", guard.before(this::trace));
        routes.post("/reload", guard.before(reload::reload));
        browsers.ifPresent(calls -> new TryRoutes(calls).into(routes));
    }

    /** What holds for every path: nothing is kept, and mistakes are told as problems. */
    static void onlyErrors(RoutesConfig routes) {
        routes.before(context -> SECURITY_HEADERS.forEach(context::header));
        routes.exception(
                HttpResponseException.class,
                (e, context) -> problem(context, HttpStatus.forStatus(e.getStatus())));
        routes.exception(Exception.class, Routes::failed);
        routes.error(
                HttpStatus.NOT_FOUND,
                context -> {
                    if (context.attribute(ANSWERED) == null) {
                        problem(context, HttpStatus.NOT_FOUND);
                    }
                });
    }

    private void page(Context context) {
        context.contentType(HTML)
                .result(
                        new StatusPage(
                                        status.get(),
                                        diagnosis,
                                        new StatusPage.Links(browsers.isPresent(), console),
                                        StatusWords.in(
                                                WishedLanguage.of(
                                                        context, StatusWords.LANGUAGES, "en")))
                                .html());
    }

    private static void style(Context context) {
        context.contentType("text/css; charset=utf-8").result(StatusPage.STYLE);
    }

    private void metrics(Context context) {
        Scraped scraped = scrape.read(Objects.requireNonNullElse(context.header("Accept"), ""));
        context.contentType(scraped.contentType()).result(scraped.text());
    }

    /** POST, since it sends something. */
    private void probe(Context context) {
        List<Diagnosis.Peer> asked = diagnosis.probe(context.pathParam("name"));
        if (asked.isEmpty()) {
            problem(context, HttpStatus.NOT_FOUND);
        } else {
            json(context, asked);
        }
    }

    private void trace(Context context) {
        List<Diagnosis.Step> steps = List.of();
        try {
            steps = diagnosis.trace(UUID.fromString(context.pathParam("id")));
        } catch (IllegalArgumentException noId) {
            // no id of a call: there is no such call either
        }
        if (steps.isEmpty()) {
            problem(context, HttpStatus.NOT_FOUND);
        } else {
            json(context, steps);
        }
    }

    /** 503 where only a restart helps; whether it takes calls is another question. */
    private void live(Context context) {
        boolean restart = stuck.getAsBoolean();
        context.status(restart ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK);
        json(context, Map.of("status", restart ? "stuck" : "live"));
    }

    /**
     * 503 where a call that comes is refused or not answered: while starting and draining, and
     * where SIP is stuck. Without its store a node takes calls, and they reach a human: whoever
     * takes it out of service then takes that from them.
     */
    private void taken(Context context) {
        boolean taken = takesCalls();
        context.status(taken ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
        json(context, Map.of("status", taken ? "takes calls" : "takes none"));
    }

    private boolean takesCalls() {
        return taking.getAsBoolean() && !stuck.getAsBoolean();
    }

    /** 200 where calls should be sent here, else 503, with the reasons either way. */
    private void ready(Context context) {
        Status now = status.get();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", word(now.state()));
        body.put("node", now.node());
        body.put("parts", now.parts().stream().map(Routes::part).toList());
        body.put("active-calls", now.activeCalls());
        body.put("call-limit", now.callLimit());
        context.status(now.isReady() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
        json(context, body);
    }

    private static Map<String, String> part(Status.Part part) {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("name", part.name());
        told.put("status", word(part.state()));
        told.put("detail", part.detail());
        return told;
    }

    static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static void failed(Exception e, Context context) {
        LOG.atError().addKeyValue("path", context.endpoint().path).setCause(e).log("web failed");
        problem(context, HttpStatus.INTERNAL_SERVER_ERROR);
    }

    static void problem(Context context, HttpStatus status) {
        problem(context, status, "");
    }

    /**
     * @param detail what would be right; may be empty
     */
    static void problem(Context context, HttpStatus status, String detail) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", status.getMessage());
        body.put("status", status.getCode());
        if (!detail.isEmpty()) {
            body.put("detail", detail);
        }
        if (status == HttpStatus.NOT_FOUND) {
            body.put("paths", PATHS);
        }
        json(context.status(status), body);
        context.contentType(PROBLEM_JSON);
    }

    static void json(Context context, Object body) {
        try {
            context.contentType(PLAIN_JSON).result(JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps and records of texts and numbers are JSON", e);
        }
    }
}
