package org.consentgateway.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.consentgateway.web.Scraped.Scrape;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;

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
     * @param at port 0 takes any free one
     * @param status asked for at every look
     * @throws IOException where the address cannot be listened on
     */
    public static Web start(
            InetSocketAddress at, Supplier<Status> status, Scrape scrape, Diagnosis diagnosis)
            throws IOException {
        Routes routes = new Routes(status, scrape, diagnosis);
        Javalin server = Javalin.create(config -> configure(config, routes));
        try {
            server.start(at.getAddress().getHostAddress(), at.getPort());
        } catch (RuntimeException e) { // Javalin's own, of several kinds, around the real one
            server.stop();
            throw new IOException("HTTP cannot listen on " + at + ": is the port taken?", e);
        }
        return new Web(server);
    }

    private static void configure(JavalinConfig config, Routes routes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.http.prefer405over404 = true;
        config.jetty.modifyHttpConfiguration(Web::sayLittle);
        config.jetty.modifyServer(jetty -> {
            jetty.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, jetty));
            jetty.setErrorHandler((request, response, callback) -> {
                // What never became a request of ours: the status says it all.
                callback.succeeded();
                return true;
            });
        });
        routes.into(config.routes);
    }

    private static void sayLittle(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
