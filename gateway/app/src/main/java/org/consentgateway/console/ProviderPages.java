package org.consentgateway.console;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.consentgateway.console.account.ConsoleUser;
import org.consentgateway.console.oidc.ProviderSignIn;
import org.consentgateway.console.oidc.ProviderSignIn.Returned;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.web.Attempts;

/**
 * Thread-safe. To the identity provider, and back. What is refused is told in the log; a stranger
 * learns no more than that it did not work.
 */
final class ProviderPages {
    private static final String BEGIN = "/sign-in/provider";
    private static final String ACTION = "console sign-in by the identity provider";

    /** From one address, behind which may be a whole company. */
    private static final int AT_ONCE = 60;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ProviderSignIn signIn;
    private final SessionOpening sessions;
    private final SignInForm page;
    private final Entrance entrance;
    private final InstantSource clock;
    private final Attempts fromAddress = new Attempts(AT_ONCE, PAUSE);

    ProviderPages(
            ProviderSignIn signIn,
            SessionOpening sessions,
            SignInForm page,
            Entrance entrance,
            InstantSource clock) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.page = page;
        this.entrance = entrance;
        this.clock = clock;
    }

    void into(RoutesConfig routes) {
        routes.get(BEGIN, this::begin);
        routes.get(ProviderSignIn.CALLBACK, this::finish);
    }

    /** Because somebody wants to: no other site can have them signed in unnoticed. */
    private void begin(Context context) throws IOException {
        if (isLedHere(context)) {
            context.redirect(SignInForm.PATH, HttpStatus.SEE_OTHER);
            return;
        }
        if (isTooOften(context)) {
            return;
        }
        try {
            ProviderSignIn.Begun begun = signIn.begin(context.ip());
            entrance.giveSignIn(context, begun.browser());
            context.redirect(begun.there().toString(), HttpStatus.SEE_OTHER);
        } catch (IOException e) {
            // Which address does not answer is told in the gateway's log.
            page.show(context, HttpStatus.SERVICE_UNAVAILABLE, "sign-in.provider-down");
        }
    }

    /** By a page of another origin; browsers say so, and "none" where somebody has typed it. */
    private static boolean isLedHere(Context context) {
        String site = Objects.requireNonNullElse(context.header("Sec-Fetch-Site"), "none");
        return !site.equals("none") && !site.equals("same-origin");
    }

    private boolean isTooOften(Context context) throws IOException {
        if (fromAddress.take(context.ip(), clock.instant())) {
            return false;
        }
        sessions.refused("", ACTION, "too often");
        context.header("Retry-After", "30");
        page.show(context, HttpStatus.TOO_MANY_REQUESTS, "sign-in.often");
        return true;
    }

    private void finish(Context context) throws IOException, LedgerUnavailable {
        if (context.method().equals(HandlerType.HEAD)) {
            // Of a scanner on the way: state and code count once, and whoever goes there needs
            // both.
            context.status(HttpStatus.METHOD_NOT_ALLOWED).header("Allow", "GET");
            return;
        }
        if (isTooOften(context)) {
            return;
        }
        var returned =
                new Returned(
                        once(context, "state"),
                        once(context, "code"),
                        once(context, "error"),
                        once(context, "iss"));
        ProviderSignIn.Result result = signIn.finish(returned, entrance.signIn(context));
        if (!(result instanceof ProviderSignIn.Result.Unknown)) {
            entrance.takeSignIn(context); // of a state that is not its own it may still be needed
        }
        switch (result) {
            case ProviderSignIn.Result.In(ConsoleUser user, Optional<URI> signOut) -> {
                var _ = sessions.open(context, Identification.byProvider(user, signOut), ACTION);
                page.onward(context, "signed-in", "/");
            }
            case ProviderSignIn.Result.Refused(String why) -> {
                sessions.refused("", ACTION, why);
                page.show(context, HttpStatus.UNAUTHORIZED, "sign-in.provider-refused");
            }
            case ProviderSignIn.Result.NotOurs(String name, String why) -> {
                sessions.refused(name, ACTION, why);
                page.show(context, HttpStatus.FORBIDDEN, "sign-in.provider-role");
            }
            case ProviderSignIn.Result.Unknown(String why) -> {
                sessions.refused("", ACTION, why);
                page.show(context, HttpStatus.BAD_REQUEST, "sign-in.provider-again");
            }
            case ProviderSignIn.Result.Down() -> {
                sessions.refused("", ACTION, "the provider does not answer");
                page.show(context, HttpStatus.SERVICE_UNAVAILABLE, "sign-in.provider-down");
            }
        }
    }

    /** What is said twice is said by somebody else (RFC 6749 §3.1). */
    private static String once(Context context, String name) {
        List<String> values = context.queryParams(name);
        return values.size() == 1 ? values.getFirst() : "";
    }
}
