package org.consentgateway.console;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.SignIn;
import org.consentgateway.console.passkey.PasskeyRefused;
import org.consentgateway.console.passkey.Passkeys;
import org.consentgateway.ledger.store.LedgerUnavailable;

/**
 * Thread-safe. What people do with their own account: passkeys, and sessions elsewhere. Whoever
 * finds a screen unlocked can make no key: password and code are asked for once more.
 */
final class AccountPages {
    static final String PATH = "/account";

    private final Optional<Passkeys> passkeys;
    private final SignIn signIn;
    private final SessionOpening opening;
    private final Sessions sessions;
    private final Frames frames;
    private final InstantSource clock;

    /** How pages are shown. */
    record Frames(Entrance entrance, Templates templates) {}

    AccountPages(
            Optional<Passkeys> passkeys,
            SignIn signIn,
            SessionOpening opening,
            Sessions sessions,
            Frames frames,
            InstantSource clock) {
        this.passkeys = passkeys;
        this.signIn = signIn;
        this.opening = opening;
        this.sessions = sessions;
        this.frames = frames;
        this.clock = clock;
    }

    void into(RoutesConfig routes, ConsoleGuard guard) {
        routes.get(
                PATH, guard.own((context, session) -> show(context, session, HttpStatus.OK, "")));
        routes.post(PATH + "/confirm", guard.own(this::confirm));
        routes.post(PATH + "/sessions/end", guard.own(this::endOthers));
        passkeys.ifPresent(keys -> {
            routes.post(
                    PATH + "/passkeys/options",
                    guard.own((context, session) -> options(context, session, keys)));
            routes.post(
                    PATH + "/passkeys",
                    guard.own((context, session) -> make(context, session, keys)));
            routes.post(
                    PATH + "/passkeys/remove",
                    guard.own((context, session) -> remove(context, session, keys)));
        });
    }

    private void show(Context context, Session session, HttpStatus status, String problem)
            throws IOException {
        PageWords words = frames.entrance().words(context);
        var present = new AccountView.Present(problem, clock.instant(), sessions.others(session));
        context.status(status)
                .contentType(ConsoleServer.HTML)
                .result(
                        frames.templates()
                                .render(
                                        "account",
                                        Map.of(
                                                "frame",
                                                Frame.of(
                                                        words,
                                                        session,
                                                        words.of("account.title"),
                                                        PATH),
                                                "page",
                                                AccountView.of(
                                                        session, passkeys, words, present))));
    }

    private static String form(Context context, String name) {
        return Objects.requireNonNullElse(context.formParam(name), "").strip();
    }

    /** As at the sign-in, with the same limits; the session goes on under another id. */
    private void confirm(Context context, Session session) throws IOException, LedgerUnavailable {
        Optional<ConsoleAccount> account = session.identification().account();
        if (account.isEmpty()) {
            show(context, session, HttpStatus.FORBIDDEN, "");
            return;
        }
        char[] password =
                Objects.requireNonNullElse(context.formParam("password"), "").toCharArray();
        String action = "console confirmation";
        switch (signIn.again(account.get(), password, form(context, "code"), context.ip())) {
            case SignIn.Result.In(ConsoleAccount same) -> {
                opening.open(context, Identification.by(same), action).confirm(clock.instant());
                context.redirect(PATH, HttpStatus.SEE_OTHER);
            }
            case SignIn.Result.Wrong _ -> {
                opening.refused(account.get().name(), action, "wrong password or code");
                show(context, session, HttpStatus.UNAUTHORIZED, "account.wrong");
            }
            case SignIn.Result.TooOften() -> {
                opening.refused(account.get().name(), action, "too often");
                show(context, session, HttpStatus.TOO_MANY_REQUESTS, "sign-in.often");
            }
            case SignIn.Result.Busy() -> {
                opening.refused(account.get().name(), action, "too many at once");
                context.header("Retry-After", SignInPages.BUSY_SECONDS);
                show(context, session, HttpStatus.SERVICE_UNAVAILABLE, "sign-in.busy");
            }
        }
    }

    private void endOthers(Context context, Session session) throws IOException {
        ended(context, session, opening.closeOthers(session));
    }

    /** It is done; where no record tells of it, whoever did it is told so. */
    private void ended(Context context, Session session, boolean recorded) throws IOException {
        if (recorded) {
            context.redirect(PATH, HttpStatus.SEE_OTHER);
        } else {
            show(context, session, HttpStatus.OK, "account.unrecorded");
        }
    }

    /** Of ours, and confirmed; else the page is shown, which asks for it. */
    private Optional<ConsoleAccount> confirmed(Context context, Session session)
            throws IOException {
        Optional<ConsoleAccount> account =
                session.identification()
                        .account()
                        .filter(_ -> session.isConfirmed(clock.instant()));
        if (account.isEmpty()) {
            show(context, session, HttpStatus.FORBIDDEN, "account.confirm-first");
        }
        return account;
    }

    private void options(Context context, Session session, Passkeys keys) throws IOException {
        Optional<ConsoleAccount> account = confirmed(context, session);
        if (account.isPresent()) {
            context.contentType("application/json")
                    .result(keys.make(account.get(), session.formToken()).toString());
        }
    }

    private void make(Context context, Session session, Passkeys keys)
            throws IOException, LedgerUnavailable {
        Optional<ConsoleAccount> account = confirmed(context, session);
        if (account.isEmpty()) {
            return;
        }
        String action = "console passkey made";
        try {
            keys.made(
                    account.get(),
                    session.formToken(),
                    form(context, "name"),
                    form(context, "response"),
                    () -> opening.record(session.user(), action));
            context.redirect(PATH, HttpStatus.SEE_OTHER);
        } catch (PasskeyRefused e) {
            opening.refused(account.get().name(), action, e.why());
            show(context, session, HttpStatus.UNPROCESSABLE_CONTENT, "account.not-made");
        }
    }

    private void remove(Context context, Session session, Passkeys keys) throws IOException {
        Optional<ConsoleAccount> account = confirmed(context, session);
        if (account.isPresent()) {
            boolean removed = keys.remove(account.get(), form(context, "id"));
            ended(
                    context,
                    session,
                    !removed || opening.recordEnd(session.user(), "console passkey removed"));
        }
    }
}
