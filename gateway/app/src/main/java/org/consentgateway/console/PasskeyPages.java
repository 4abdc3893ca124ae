package org.consentgateway.console;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.passkey.PasskeyRefused;
import org.consentgateway.console.passkey.Passkeys;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.web.Attempts;

/** Thread-safe. Signing in by a passkey alone; whatever is wrong, the answer is the same. */
final class PasskeyPages {
    private static final String ACTION = "console sign-in by a passkey";

    /** From one address, behind which may be a whole company. */
    private static final int AT_ONCE = 60;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Passkeys passkeys;
    private final SessionOpening sessions;
    private final SignInForm page;
    private final Entrance entrance;
    private final InstantSource clock;
    private final Attempts fromAddress = new Attempts(AT_ONCE, PAUSE);

    PasskeyPages(
            Passkeys passkeys,
            SessionOpening sessions,
            SignInForm page,
            Entrance entrance,
            InstantSource clock) {
        this.passkeys = passkeys;
        this.sessions = sessions;
        this.page = page;
        this.entrance = entrance;
        this.clock = clock;
    }

    void into(RoutesConfig routes) {
        routes.post("/sign-in/passkey/options", this::ask);
        routes.post("/sign-in/passkey", this::enter);
    }

    private void ask(Context context) {
        if (!fromAddress.take(context.ip(), clock.instant())) {
            context.status(HttpStatus.TOO_MANY_REQUESTS).header("Retry-After", "30");
            return;
        }
        String browser = Sessions.random();
        entrance.giveSignIn(context, browser);
        context.contentType("application/json")
                .result(passkeys.ask(browser, context.ip()).toString());
    }

    private void enter(Context context) throws IOException, LedgerUnavailable {
        String browser = entrance.signIn(context);
        entrance.takeSignIn(context);
        String response = Objects.requireNonNullElse(context.formParam("response"), "");
        try {
            ConsoleAccount account = passkeys.signed(browser, response);
            var _ = sessions.open(context, Identification.by(account), ACTION);
            context.redirect("/", HttpStatus.SEE_OTHER);
        } catch (PasskeyRefused e) {
            sessions.refused("", ACTION, e.why());
            page.show(context, HttpStatus.UNAUTHORIZED, "sign-in.passkey-wrong");
        }
    }
}
