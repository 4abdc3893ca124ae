package org.consentgateway.receipts;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.web.HttpListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. The listener of the page, apart from all others: it is for everybody. */
public final class ReceiptServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptServer.class);

    private static final HttpListener.Limits LIMITS = new HttpListener.Limits(2_048, 8_192, 100);

    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
                            + " frame-ancestors 'none'; base-uri 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "Referrer-Policy",
                    "no-referrer",
                    "X-Robots-Tag",
                    "noindex",
                    "Cache-Control",
                    "no-store");

    private final Javalin server;

    private ReceiptServer(Javalin server) {
        this.server = server;
    }

    /**
     * @param at port 0 takes any free one
     * @param behindProxy whether the address that a proxy adds is that of the visitor
     * @throws IOException where the address cannot be listened on
     */
    public static ReceiptServer start(
            InetSocketAddress at, boolean behindProxy, ReceiptCounter counter, InstantSource clock)
            throws IOException {
        return new ReceiptServer(
                HttpListener.start(at, LIMITS, behindProxy, routes -> all(routes, counter, clock)));
    }

    private static void all(RoutesConfig routes, ReceiptCounter counter, InstantSource clock) {
        routes.before(context -> HEADERS.forEach(context::header));
        routes.get("/", context -> tell(context, 200, page(context).form("")));
        routes.post("/", context -> counter.serve(context, page(context), clock.instant()));
        routes.exception(
                HttpResponseException.class,
                (e, context) -> tell(context, e.getStatus(), page(context).form("wrong")));
        routes.exception(
                LedgerUnavailable.class,
                (_, context) -> tell(context, 503, page(context).form("later")));
        routes.exception(Exception.class, ReceiptServer::failed);
        routes.error(
                HttpStatus.NOT_FOUND,
                context -> {
                    if (context.res().getContentType() == null) {
                        tell(context, 404, page(context).form(""));
                    }
                });
    }

    private static void failed(Exception e, Context context) {
        LOG.atError().setCause(e).log("the page of receipts failed");
        tell(context, 500, page(context).form("later"));
    }

    private static ReceiptForms page(Context context) {
        return ReceiptForms.in(context.queryParam("language"), context.header("Accept-Language"));
    }

    static void tell(Context context, int status, String html) {
        context.status(status).contentType("text/html;charset=utf-8").result(html);
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
