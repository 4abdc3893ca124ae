package org.consentgateway.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import org.consentgateway.web.HttpListener;
import org.consentgateway.web.JarText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The listener of the API, apart from that of operators: requests run on virtual
 * threads, and whatever goes wrong is told as a problem.
 */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROBLEM_JSON = "application/problem+json";

    /** Of any route; most take less. */
    private static final long MAX_REQUEST_BYTES = ApiRoute.MOST_OCTETS_OF_MANY;

    /** A token of an issuer may be long. */
    private static final int MAX_HEADER_BYTES = 16_384;

    private static final int MAX_CONNECTIONS = 500;

    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; frame-ancestors 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "Referrer-Policy",
                    "no-referrer",
                    "Cache-Control",
                    "no-store");

    /** The description of all routes, by hand. */
    static final String OPENAPI = JarText.of(ApiServer.class, "openapi.yaml");

    /** Also for whoever in this package speaks to it without a socket. */
    final Javalin server;

    private ApiServer(Javalin server) {
        this.server = server;
    }

    /**
     * @param at port 0 takes any free one
     * @throws IOException where the address cannot be listened on
     */
    public static ApiServer start(InetSocketAddress at, ApiRoutes routes, ApiGuard guard)
            throws IOException {
        return new ApiServer(
                HttpListener.start(
                        at,
                        new HttpListener.Limits(
                                MAX_REQUEST_BYTES, MAX_HEADER_BYTES, MAX_CONNECTIONS),
                        config -> all(config, routes, guard)));
    }

    private static void all(RoutesConfig config, ApiRoutes routes, ApiGuard guard) {
        config.before(context -> HEADERS.forEach(context::header));
        config.before(ApiServer::refuseUnknownEncoding);
        config.get(
                "/openapi.yaml",
                context -> context.contentType("application/yaml").result(OPENAPI));
        for (ApiRoute each : routes.all()) {
            config.addHttpHandler(
                    each.method(), each.path(), context -> guard.serve(context, each));
        }
        problems(config);
    }

    /** As a problem: the listener, which asks the same behind it, has no words. */
    private static void refuseUnknownEncoding(Context context) {
        if (!HttpListener.isKnownEncoding(context)) {
            throw ofStatus(HttpStatus.UNSUPPORTED_MEDIA_TYPE.getCode());
        }
    }

    private static void problems(RoutesConfig config) {
        config.exception(ApiProblem.class, (problem, context) -> tell(context, problem));
        config.exception(
                HttpResponseException.class,
                (e, context) -> tell(context, ofStatus(e.getStatus())));
        config.exception(Exception.class, ApiServer::failed);
        config.error(
                HttpStatus.NOT_FOUND,
                context -> {
                    if (!PROBLEM_JSON.equals(context.res().getContentType())) {
                        tell(context, ofStatus(HttpStatus.NOT_FOUND.getCode()));
                    }
                });
    }

    private static ApiProblem ofStatus(int status) {
        return switch (status) {
            case 404 ->
                    ApiProblem.of(
                            ApiProblem.Kind.NOT_FOUND, "all there is stands in /openapi.yaml");
            case 405 ->
                    ApiProblem.of(
                            ApiProblem.Kind.METHOD_NOT_ALLOWED,
                            "what can be done here stands in /openapi.yaml");
            case 413 ->
                    ApiProblem.of(
                            ApiProblem.Kind.TOO_LARGE,
                            "a body has %d octets at most".formatted(MAX_REQUEST_BYTES));
            case 415 -> ApiProblem.of(ApiProblem.Kind.UNSUPPORTED, "send application/json");
            default ->
                    status >= 500
                            ? ApiProblem.of(ApiProblem.Kind.FAILED, "see the gateway's log")
                            : ApiProblem.of(ApiProblem.Kind.MALFORMED, "no request of HTTP");
        };
    }

    private static void failed(Exception e, Context context) {
        LOG.atError().addKeyValue("path", context.endpoint().path).setCause(e).log("API failed");
        tell(context, ofStatus(HttpStatus.INTERNAL_SERVER_ERROR.getCode()));
    }

    private static void tell(Context context, ApiProblem problem) {
        problem.headers().forEach(context::header);
        try {
            context.status(problem.status())
                    .contentType(PROBLEM_JSON)
                    .result(JSON.writeValueAsBytes(problem.json()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON is JSON", e);
        }
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
