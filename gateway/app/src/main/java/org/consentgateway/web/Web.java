package org.consentgateway.web;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.consentgateway.token.ConsentTokens;
import org.consentgateway.web.Scraped.Scrape;

/** Thread-safe. The HTTP server for operators; requests run on virtual threads. */
public final class Web implements AutoCloseable {
    /** Nothing here reads a body. */
    private static final long MAX_REQUEST_BYTES = 8_192;

    private static final int MAX_HEADER_BYTES = 8_192;

    /** Prometheus, a few health checks and a few people; not a public site. */
    private static final int MAX_CONNECTIONS = 200;

    private final Javalin server;

    private Web(Javalin server) {
        this.server = server;
    }

    /**
     * Immutable. What there may be besides.
     *
     * @param browsers who may call from the page of the demonstration
     * @param console where people who answer for the gateway sign in
     * @param hosts names with a dot by which operators get here
     */
    public record More(Optional<BrowserCalls> browsers, Optional<URI> console, List<String> hosts) {
        public static final More NOTHING = new More(Optional.empty(), Optional.empty(), List.of());

        public More {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * What is shown to operators, and done for them.
     *
     * @param status asked for at every look
     * @param stuck whether only a restart helps; of nothing but that, and at once, since what asks
     *     kills a process that does not answer
     * @param taking whether calls are let in; likewise, since what asks sends them elsewhere, or to
     *     nobody
     */
    public record Operators(
            Supplier<Status> status,
            BooleanSupplier stuck,
            BooleanSupplier taking,
            Scrape scrape,
            Diagnosis diagnosis,
            Reloading reloading) {}

    /**
     * @param at port 0 takes any free one
     * @throws IOException where the address cannot be listened on
     */
    public static Web start(
            InetSocketAddress at,
            Operators operators,
            ConsentTokens tokens,
            More more,
            InstantSource clock)
            throws IOException {
        Routes routes = new Routes(operators, more, clock);
        return start(at, new TokenRoutes(tokens), routes::into);
    }

    /**
     * What assistants may ask, and nothing else: for where they reach us and operators' pages must
     * not be.
     *
     * @throws IOException where the address cannot be listened on
     */
    public static Web startPublic(InetSocketAddress at, ConsentTokens tokens, CallControl calls)
            throws IOException {
        return start(
                at,
                new TokenRoutes(tokens),
                routes -> {
                    Routes.onlyErrors(routes);
                    new CallRoutes(calls).into(routes);
                });
    }

    private static Web start(
            InetSocketAddress at, TokenRoutes tokens, Consumer<RoutesConfig> others)
            throws IOException {
        return new Web(
                HttpListener.start(
                        at,
                        new HttpListener.Limits(
                                MAX_REQUEST_BYTES, MAX_HEADER_BYTES, MAX_CONNECTIONS),
                        routes -> {
                            others.accept(routes);
                            tokens.into(routes);
                        }));
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
