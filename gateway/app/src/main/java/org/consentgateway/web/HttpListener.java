package org.consentgateway.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;

/** How every HTTP listener of ours is set up: bounded, saying little of itself. */
public final class HttpListener {
    private HttpListener() {}

    /**
     * What one may cost.
     *
     * @param requestBytes of a body; more are 413
     * @param headerBytes of a request's head; more are 431
     * @param headSeconds in which a head has to be whole; 408
     */
    public record Limits(long requestBytes, int headerBytes, int connections, int headSeconds) {
        private static final int USUAL_HEAD_SECONDS = 10;

        public Limits(long requestBytes, int headerBytes, int connections) {
            this(requestBytes, headerBytes, connections, USUAL_HEAD_SECONDS);
        }
    }

    /**
     * Requests run on virtual threads.
     *
     * @param at port 0 takes any free one
     * @throws IOException where the address cannot be listened on
     */
    public static Javalin start(InetSocketAddress at, Limits limits, Consumer<RoutesConfig> routes)
            throws IOException {
        Javalin server =
                Javalin.create(config -> {
                    configure(config, limits);
                    routes.accept(config.routes);
                });
        try {
            server.start(at.getAddress().getHostAddress(), at.getPort());
        } catch (RuntimeException e) { // Javalin's own, of several kinds, around the real one
            server.stop();
            throw new IOException("HTTP cannot listen on " + at + ": is the port taken?", e);
        }
        return server;
    }

    private static void configure(JavalinConfig config, Limits limits) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = limits.requestBytes();
        config.http.prefer405over404 = true;
        config.jetty.modifyHttpConfiguration(http -> sayLittle(http, limits));
        config.jetty.modifyServer(jetty -> {
            jetty.addBean(new NetworkConnectionLimit(limits.connections(), jetty));
            jetty.addBean(new SlowRequests(jetty, limits.headSeconds()));
            jetty.setErrorHandler((request, response, callback) -> {
                // What never became a request of ours: the status says it all.
                callback.succeeded();
                return true;
            });
        });
    }

    private static void sayLittle(HttpConfiguration http, Limits limits) {
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(limits.headerBytes());
    }
}
