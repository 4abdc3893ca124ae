package org.consentgateway.console;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.SignIn;
import org.consentgateway.ledger.store.LedgerUnavailable;

/** Thread-safe. Signing in by an account of ours, and out; each is in the log. */
final class SignInPages {
    /** In which some more have been looked at. */
    static final String BUSY_SECONDS = "10";

    private static final String ACTION = "console sign-in";

    private final SignIn signIn;
    private final SessionOpening sessions;
    private final SignInForm page;

    SignInPages(SignIn signIn, SessionOpening sessions, SignInForm page) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.page = page;
    }

    void form(Context context) throws IOException {
        page.show(context, HttpStatus.OK, "");
    }

    void enter(Context context) throws IOException, LedgerUnavailable {
        String name = Objects.requireNonNullElse(context.formParam("name"), "").strip();
        char[] password =
                Objects.requireNonNullElse(context.formParam("password"), "").toCharArray();
        String code = Objects.requireNonNullElse(context.formParam("code"), "").strip();
        switch (signIn.attempt(name, password, code, context.ip())) {
            case SignIn.Result.In(ConsoleAccount account) -> {
                var _ = sessions.open(context, Identification.by(account), ACTION);
                context.redirect("/", HttpStatus.SEE_OTHER);
            }
            case SignIn.Result.Wrong(Optional<ConsoleAccount> account) -> {
                sessions.refused(
                        account.map(ConsoleAccount::name).orElse(""),
                        ACTION,
                        "wrong name, password or code");
                page.show(context, HttpStatus.UNAUTHORIZED, "sign-in.wrong");
            }
            case SignIn.Result.TooOften() -> {
                sessions.refused("", ACTION, "too often");
                context.header("Retry-After", "30");
                page.show(context, HttpStatus.TOO_MANY_REQUESTS, "sign-in.often");
            }
            case SignIn.Result.Busy() -> {
                sessions.refused("", ACTION, "too many at once");
                context.header("Retry-After", BUSY_SECONDS);
                page.show(context, HttpStatus.SERVICE_UNAVAILABLE, "sign-in.busy");
            }
        }
    }

    /** Here, and with the identity provider by which somebody has signed in. */
    void leave(Context context, Session session) {
        sessions.close(context, session);
        Optional<URI> elsewhere = session.identification().signOut();
        if (elsewhere.isEmpty()) {
            context.redirect(SignInForm.PATH, HttpStatus.SEE_OTHER);
        } else {
            page.onward(context, "signed-out", elsewhere.get().toString());
        }
    }
}
