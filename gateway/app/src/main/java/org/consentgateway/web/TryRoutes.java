package org.consentgateway.web;

import static org.consentgateway.ledger.proof.HtmlText.escaped;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsConnectContext;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The demonstration's page by which a browser calls, and its WebSocket: for pages of
 * our own on this machine, one call of each browser at a time.
 */
final class TryRoutes {
    static final String PATH = "/try";
    static final String CALL = PATH + "/call";

    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
    private static final Map<String, String> FILES =
            Map.of(
                    "/try/page.css", "text/css; charset=utf-8",
                    "/try/page.js", JAVASCRIPT,
                    "/try/words.js", JAVASCRIPT,
                    "/try/telephone.js", JAVASCRIPT,
                    "/try/sound.js", JAVASCRIPT);
    private static final String PAGE = JarText.of(TryRoutes.class, "try.html");

    /** Who calls, to tell one browser from another; it names nobody and ends with the browser. */
    private static final String COOKIE = "try";

    private static final Pattern DRAWN = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int DRAWN_OCTETS = 16;

    /** The page says that it is there more often than that. */
    private static final Duration SILENT_PAGE = Duration.ofSeconds(30);

    private static final int TRY_AGAIN_LATER = 1013;

    private final BrowserCalls calls;
    private final OwnOrigin origin = new OwnOrigin(Optional.empty());
    private final CallPlaces places = new CallPlaces();
    private final SecureRandom random = new SecureRandom();
    private final Map<String, PageSocket> pages = new ConcurrentHashMap<>();

    TryRoutes(BrowserCalls calls) {
        this.calls = calls;
    }

    void into(RoutesConfig routes) {
        routes.get(PATH, this::page);
        FILES.forEach((path, type) -> {
            String text = JarText.of(TryRoutes.class, path.substring(1).replace('/', '-'));
            routes.get(path, context -> context.contentType(type).result(text));
        });
        routes.wsBeforeUpgrade(CALL, this::admit);
        routes.ws(CALL, this::socket);
    }

    private void page(Context context) {
        String host = origin.host(context);
        if (host == null) {
            throw new ForbiddenResponse("only as localhost, 127.0.0.1 or [::1]");
        }
        if (browser(context) == null) {
            byte[] drawn = new byte[DRAWN_OCTETS];
            random.nextBytes(drawn);
            context.header(
                    "Set-Cookie",
                    COOKIE
                            + "="
                            + Base64.getUrlEncoder().withoutPadding().encodeToString(drawn)
                            + "; Path=/try; HttpOnly; SameSite=Strict");
        }
        // Named, since not every browser takes a WebSocket of the same host for 'self'.
        context.header(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws://"
                        + host
                        + " wss://"
                        + host
                        + "; frame-ancestors 'none'; base-uri 'none'; form-action 'none';"
                        + " require-trusted-types-for 'script'; trusted-types 'none'");
        context.header("Permissions-Policy", "microphone=(self)");
        context.contentType("text/html; charset=utf-8").result(PAGE.replace("{lines}", lines()));
    }

    private String lines() {
        return calls.lines().stream()
                .map(line ->
                        "<option value=\"%s\" data-dialog=\"%s\" data-languages=\"%s\">%1$s</option>"
                                .formatted(
                                        escaped(line.name()),
                                        escaped(line.dialog()),
                                        escaped(String.join(" ", line.languages()))))
                .collect(Collectors.joining("\n"));
    }

    private static @Nullable String browser(Context context) {
        String cookie = context.cookie(COOKIE);
        return cookie != null && DRAWN.matcher(cookie).matches() ? cookie : null;
    }

    private void admit(Context context) {
        if (!origin.isOfOurPage(context) || browser(context) == null) {
            throw new ForbiddenResponse("only from the page at /try");
        }
    }

    private void socket(WsConfig socket) {
        socket.onConnect(this::connected);
        socket.onMessage(context -> page(context).ifPresent(page -> page.text(context.message())));
        socket.onBinaryMessage(
                context -> page(context).ifPresent(page -> page.sound(context.data())));
        socket.onClose(this::left);
        socket.onError(this::left);
    }

    private Optional<PageSocket> page(WsContext context) {
        return Optional.ofNullable(pages.get(context.sessionId()));
    }

    private void connected(WsConnectContext context) {
        Session session = context.session;
        session.setIdleTimeout(SILENT_PAGE);
        session.setMaxTextMessageSize(PageSocket.MOST_TEXT_OCTETS);
        session.setMaxBinaryMessageSize(PageSocket.FRAME_OCTETS);
        String browser = context.cookie(COOKIE);
        String wanted = context.queryParam("line");
        BrowserCalls.CalledLine line =
                calls.lines().stream()
                        .filter(one -> one.name().equals(wanted))
                        .findFirst()
                        .orElse(null);
        if (browser == null || line == null) {
            session.close(TRY_AGAIN_LATER, "no-such-line", Callback.NOOP);
            return;
        }
        switch (places.take(browser)) {
            case CALLS_ALREADY -> session.close(TRY_AGAIN_LATER, "calls-already", Callback.NOOP);
            case FULL -> session.close(TRY_AGAIN_LATER, "full", Callback.NOOP);
            case TAKEN -> call(context.sessionId(), session, browser, line);
        }
    }

    private void call(String id, Session session, String browser, BrowserCalls.CalledLine line) {
        var page = new PageSocket(session, () -> places.leave(browser));
        pages.put(id, page);
        try {
            page.calls(calls.place(browser, line, page));
        } catch (IOException e) {
            session.close(TRY_AGAIN_LATER, "no-port", Callback.NOOP);
            page.over();
        }
    }

    private void left(WsContext context) {
        PageSocket page = pages.remove(context.sessionId());
        if (page != null) {
            page.gone();
        }
    }
}
