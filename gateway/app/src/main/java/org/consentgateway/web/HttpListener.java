package org.consentgateway.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.MultipartConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.config.SizeUnit;
import io.javalin.event.HandlerMetaInfo;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import io.javalin.http.UnsupportedMediaTypeResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.consentgateway.web.connection.ConnectionPlaces;
import org.consentgateway.web.connection.ProxiedVisitor;
import org.consentgateway.web.connection.SlowRequests;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** How every HTTP listener of ours is set up: bounded, saying little of itself. */
public final class HttpListener {
    /**
     * Connections that wait to be accepted: of one more than that the kernel drops the first
     * packet, and its client tries again after a second. Jetty's 50 are full behind a burst.
     */
    private static final int MAY_WAIT = 1024;

    private HttpListener() {}

    /**
     * What one may cost.
     *
     * @param requestBytes of a body; more are 413
     * @param headerBytes of a request's head; more are 431
     * @param connections at once; for one more another is closed
     * @param headSeconds in which a head has to be whole; 408
     */
    public record Limits(long requestBytes, int headerBytes, int connections, int headSeconds) {
        private static final int USUAL_HEAD_SECONDS = 10;

        public Limits(long requestBytes, int headerBytes, int connections) {
            this(requestBytes, headerBytes, connections, USUAL_HEAD_SECONDS);
        }
    }

    /** The same without a proxy before it that is believed. */
    public static Javalin start(InetSocketAddress at, Limits limits, Consumer<RoutesConfig> routes)
            throws IOException {
        return start(at, limits, false, routes);
    }

    /**
     * Requests run on virtual threads. Their {@code ip()} is that by which tries are counted: an
     * address, of IPv6 its network.
     *
     * @param at port 0 takes any free one
     * @param behindProxy whether the address that a proxy adds is that of the visitor
     * @throws IOException where the address cannot be listened on
     */
    public static Javalin start(
            InetSocketAddress at, Limits limits, boolean behindProxy, Consumer<RoutesConfig> routes)
            throws IOException {
        Javalin server =
                Javalin.create(config -> {
                    configure(config, limits);
                    config.jetty.addConnector((jetty, http) -> connector(jetty, http, at));
                    config.contextResolver.ip =
                            behindProxy
                                    ? new ProxiedVisitor(at.getHostString() + ":" + at.getPort())
                                            ::of
                                    : ProxiedVisitor::remote;
                    answeringHead(config, routes);
                    config.routes.before(HttpListener::refuseUnreadable);
                    config.routes.exception(EofException.class, HttpListener::leave);
                    config.routes.exception(ClosedChannelException.class, HttpListener::leave);
                });
        try {
            server.start();
        } catch (RuntimeException e) { // Javalin's own, of several kinds, around the real one
            server.stop();
            throw new IOException("HTTP cannot listen on " + at + ": is the port taken?", e);
        }
        return server;
    }

    /**
     * Each GET is answered without its body to whoever asks by HEAD (RFC 9110 §9.3.2). Else Javalin
     * answers 200 to anybody, and a monitor that asks so takes a node for well that is not.
     */
    private static void answeringHead(JavalinConfig config, Consumer<RoutesConfig> routes) {
        List<HandlerMetaInfo> answering = new ArrayList<>();
        config.events.handlerAdded(each -> {
            if (each.getHttpMethod().equals(HandlerType.GET)) {
                answering.add(each);
            }
        });
        routes.accept(config.routes);
        answering.forEach(each ->
                config.routes.addHttpHandler(HandlerType.HEAD, each.getPath(), each.getHandler()));
    }

    private static ServerConnector connector(
            Server jetty, HttpConfiguration http, InetSocketAddress at) {
        ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
        connector.setHost(at.getAddress().getHostAddress());
        connector.setPort(at.getPort());
        connector.setAcceptQueueSize(MAY_WAIT);
        return connector;
    }

    /** Who has gone in the middle of a request is told nothing, and is nothing to log. */
    private static void leave(Exception gone, Context context) {
        context.status(HttpStatus.BAD_REQUEST);
    }

    private static void configure(JavalinConfig config, Limits limits) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = limits.requestBytes();
        boundParts(config.jetty.multipartConfig, limits.requestBytes());
        config.http.prefer405over404 = true;
        config.jetty.modifyHttpConfiguration(http -> sayLittle(http, limits));
        config.jetty.modifyServer(jetty -> {
            jetty.addBean(new ConnectionPlaces(jetty, limits.connections()));
            jetty.addBean(new SlowRequests(jetty, limits.headSeconds()));
            jetty.setErrorHandler((request, response, callback) -> {
                // What never became a request of ours: the status says it all.
                callback.succeeded();
                return true;
            });
        });
    }

    /** Should a route ever take parts: no more than of any body, and none in a file. */
    private static void boundParts(MultipartConfig parts, long octets) {
        parts.maxTotalRequestSize(octets, SizeUnit.BYTES);
        parts.maxFileSize(octets, SizeUnit.BYTES);
        parts.maxInMemoryFileSize(Math.toIntExact(octets), SizeUnit.BYTES);
    }

    /**
     * Behind what a listener says in each answer, ahead of whatever reads a body. A body in parts
     * would be written to files before anybody has said who they are, and nothing here takes one.
     * Of one in an encoding that nobody knows no text can be made, nor of what else is asked: so
     * the status says it all.
     */
    private static void refuseUnreadable(Context context) {
        if (!isKnownEncoding(context)) {
            context.status(HttpStatus.UNSUPPORTED_MEDIA_TYPE).skipRemainingHandlers();
        } else if (context.isMultipart()) {
            throw new UnsupportedMediaTypeResponse();
        }
    }

    /** Whether text can be made of a body; a listener that tells it in words asks first. */
    public static boolean isKnownEncoding(Context context) {
        try {
            String named = context.characterEncoding();
            return named == null || Charset.isSupported(named);
        } catch (IllegalArgumentException | IndexOutOfBoundsException noName) {
            return false; // Javalin's, where nothing stands behind "charset"
        }
    }

    private static void sayLittle(HttpConfiguration http, Limits limits) {
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(limits.headerBytes());
    }
}
