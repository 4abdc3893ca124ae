package org.consentgateway.console;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.SignIn;
import org.consentgateway.ledger.store.LedgerUnavailable;

/** Thread-safe. Signing in and out; each is in the log. */
final class SignInPages {
    static final String PATH = "/sign-in";

    private static final String ACTION = "console sign-in";

    private final SignIn signIn;
    private final AccountFile accounts;
    private final Sessions sessions;
    private final Entrance entrance;
    private final AccessRecords records;
    private final Templates templates;

    SignInPages(
            SignIn signIn,
            AccountFile accounts,
            Sessions sessions,
            Entrance entrance,
            AccessRecords records,
            Templates templates) {
        this.signIn = signIn;
        this.accounts = accounts;
        this.sessions = sessions;
        this.entrance = entrance;
        this.records = records;
        this.templates = templates;
    }

    void form(Context context) throws IOException {
        show(context, accounts.all().isEmpty() ? "sign-in.none" : "");
    }

    private void show(Context context, String problem) {
        PageWords words = entrance.words(context);
        context.contentType(ConsoleServer.HTML)
                .result(
                        templates.render(
                                "sign-in",
                                Map.of(
                                        "frame",
                                        Frame.outside(words, words.of("sign-in.title"), PATH),
                                        "problem",
                                        problem)));
    }

    void enter(Context context) throws IOException, LedgerUnavailable {
        String name = Objects.requireNonNullElse(context.formParam("name"), "").strip();
        char[] password =
                Objects.requireNonNullElse(context.formParam("password"), "").toCharArray();
        String code = Objects.requireNonNullElse(context.formParam("code"), "").strip();
        switch (signIn.attempt(name, password, code, context.ip())) {
            case SignIn.Result.In(ConsoleAccount account) -> {
                // Nobody is let in without a record of it.
                records.accessed(Sessions.principal(account), ACTION, account.person(), List.of());
                sessions.of(entrance.session(context)).ifPresent(sessions::end);
                entrance.giveSession(context, sessions.begin(account));
                context.redirect("/", HttpStatus.SEE_OTHER);
            }
            case SignIn.Result.Wrong(Optional<ConsoleAccount> account) -> {
                records.refused(
                        account.map(each -> "console " + each.name()).orElse(""),
                        ACTION,
                        "wrong name, password or code");
                context.status(HttpStatus.UNAUTHORIZED);
                show(context, "sign-in.wrong");
            }
            case SignIn.Result.TooOften() -> {
                records.refused("", ACTION, "too often");
                context.status(HttpStatus.TOO_MANY_REQUESTS).header("Retry-After", "30");
                show(context, "sign-in.often");
            }
        }
    }

    void leave(Context context, Session session) {
        sessions.end(session);
        entrance.takeSession(context);
        context.header("Clear-Site-Data", "\"cache\", \"storage\"");
        context.redirect(PATH, HttpStatus.SEE_OTHER);
    }
}
