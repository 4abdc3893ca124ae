package org.consentgateway.console;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.SessionTokens;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.SignIn;
import org.consentgateway.console.oidc.ProviderSignIn;
import org.consentgateway.console.passkey.Passkeys;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.web.HttpListener;
import org.consentgateway.web.JarText;
import org.consentgateway.web.OwnOrigin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The listener of the console and every path there is. Whatever is not signed in sees
 * the sign-in page, the style sheet and nothing else.
 *
 * <pre>
 *   Host → 421  headers  session → sign-in  form from here → 403  role → 403 → the page → the API
 * </pre>
 */
public final class ConsoleServer implements AutoCloseable {
    static final String HTML = "text/html; charset=utf-8";

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

    /** The longest form holds all words of a notice. */
    private static final HttpListener.Limits LIMITS = new HttpListener.Limits(65_536, 8_192, 300);

    private final Javalin server;
    private final Sessions sessions;
    private final SignIn attempts;

    /**
     * Immutable.
     *
     * @param url by which browsers reach it through a proxy
     * @param behindProxy whether the address that the proxy adds is that of the visitor
     * @param idle after which somebody is signed out who does nothing
     * @param longest after which everybody is
     */
    public record Terms(Optional<URI> url, boolean behindProxy, Duration idle, Duration longest) {}

    /**
     * What it stands on.
     *
     * @param provider by whose accounts people sign in, too
     * @param passkeys none where browsers know none for this address
     */
    public record Inside(
            AccountFile accounts,
            AccessRecords records,
            SessionTokens tokens,
            InetSocketAddress api,
            Optional<Provider> provider,
            Optional<Passkeys> passkeys) {}

    /**
     * An identity provider.
     *
     * @param name as people know it; empty: it is called the company's
     */
    public record Provider(ProviderSignIn signIn, String name) {}

    private ConsoleServer(Javalin server, Sessions sessions, SignIn attempts) {
        this.server = server;
        this.sessions = sessions;
        this.attempts = attempts;
    }

    /**
     * @param at port 0 takes any free one
     * @param pages for those who have signed in
     * @param machine the machine's clock as it is
     * @throws IOException where the address cannot be listened on
     */
    public static ConsoleServer start(
            InetSocketAddress at,
            Terms terms,
            Inside inside,
            List<ConsolePages> pages,
            InstantSource clock,
            InstantSource machine)
            throws IOException {
        var entrance = new Entrance(terms.url());
        var templates = new Templates();
        var sessions =
                new Sessions(
                        inside.accounts(), inside.tokens(), clock, terms.idle(), terms.longest());
        var frames = new AccountPages.Frames(entrance, templates);
        var opening = new SessionOpening(sessions, entrance, inside.records());
        var page =
                new SignInForm(
                        inside.accounts(),
                        inside.provider(),
                        inside.passkeys(),
                        entrance,
                        templates);
        var guard =
                new ConsoleGuard(
                        sessions,
                        new OwnOrigin(terms.url()),
                        frames,
                        page,
                        inside.records(),
                        new ConsoleApi(inside.api()));
        var attempts = new SignIn(inside.accounts(), clock, machine);
        var signIn = new SignInPages(attempts, opening, page);
        var provider =
                inside.provider()
                        .map(one ->
                                new ProviderPages(one.signIn(), opening, page, entrance, clock));
        var passkeys =
                inside.passkeys().map(one -> new PasskeyPages(one, opening, page, entrance, clock));
        var account =
                new AccountPages(inside.passkeys(), attempts, opening, sessions, frames, clock);
        return new ConsoleServer(
                HttpListener.start(
                        at,
                        LIMITS,
                        terms.behindProxy(),
                        routes -> {
                            errors(routes, guard);
                            routes.before(guard::enter);
                            fixed(routes);
                            routes.get(SignInForm.PATH, signIn::form);
                            routes.post(SignInForm.PATH, signIn::enter);
                            provider.ifPresent(each -> each.into(routes));
                            passkeys.ifPresent(each -> each.into(routes));
                            account.into(routes, guard);
                            routes.post("/sign-out", guard.signOut(signIn::leave));
                            pages.forEach(each -> each.into(routes, guard));
                        }),
                sessions,
                attempts);
    }

    private static void fixed(RoutesConfig routes) {
        Map.of(
                        "/console.css", "text/css; charset=utf-8",
                        "/live.js", "text/javascript; charset=utf-8",
                        "/passkeys.js", "text/javascript; charset=utf-8")
                .forEach((path, type) -> {
                    String text = JarText.of(ConsoleServer.class, path.substring(1));
                    routes.get(path, context -> context.contentType(type).result(text));
                });
    }

    private static void errors(RoutesConfig routes, ConsoleGuard guard) {
        routes.exception(
                ApiRefused.class, (e, context) -> guard.problem(context, status(e), e.detail()));
        routes.exception(
                LedgerUnavailable.class,
                (_, context) -> guard.problem(context, HttpStatus.SERVICE_UNAVAILABLE, ""));
        routes.exception(
                HttpResponseException.class,
                (e, context) -> guard.problem(context, HttpStatus.forStatus(e.getStatus()), ""));
        routes.exception(Exception.class, (e, context) -> failed(e, context, guard));
        routes.error(
                HttpStatus.NOT_FOUND,
                context -> {
                    if (context.attribute(ConsoleGuard.ANSWERED) == null) {
                        guard.problem(context, HttpStatus.NOT_FOUND, "");
                    }
                });
    }

    /** What the API says of a request of ours is, but for these, our mistake. */
    private static HttpStatus status(ApiRefused refused) {
        return switch (refused.status()) {
            case 403, 404, 409, 410, 412, 422, 429, 503 -> HttpStatus.forStatus(refused.status());
            default -> HttpStatus.BAD_GATEWAY;
        };
    }

    private static void failed(Exception e, Context context, ConsoleGuard guard) {
        LOG.atError()
                .addKeyValue("path", context.endpoint().path)
                .setCause(e)
                .log("console failed");
        guard.problem(context, HttpStatus.INTERNAL_SERVER_ERROR, "");
    }

    public int port() {
        return server.port();
    }

    /** How many sign-ins by password were not looked at, since too many came. */
    public long turnedAway() {
        return attempts.turnedAway();
    }

    @Override
    public void close() {
        sessions.endAll();
        server.stop();
    }
}
