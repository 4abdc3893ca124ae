package org.consentgateway.console;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.web.OwnOrigin;

/** Thread-safe. Stands before every page: who is it, does the form come from us, may they. */
public final class ConsoleGuard {
    /** Set where a page has told in its own form that there is no such thing. */
    static final String ANSWERED = "answered";

    private final Sessions sessions;
    private final OwnOrigin origin;
    private final Entrance entrance;
    private final Templates templates;
    private final SignInForm signIn;
    private final AccessRecords records;
    private final ConsoleApi api;
    private final LiveRegion live;

    ConsoleGuard(
            Sessions sessions,
            OwnOrigin origin,
            AccountPages.Frames frames,
            SignInForm signIn,
            AccessRecords records,
            ConsoleApi api) {
        this.sessions = sessions;
        this.origin = origin;
        this.entrance = frames.entrance();
        this.templates = frames.templates();
        this.signIn = signIn;
        this.records = records;
        this.api = api;
        this.live = new LiveRegion(sessions);
    }

    /** Shows or does something. */
    @FunctionalInterface
    public interface Page {
        void serve(Visit visit);
    }

    /** What a session does with its own. */
    @FunctionalInterface
    interface SentForm {
        void sent(Context context, Session session) throws IOException, LedgerUnavailable;
    }

    /** Before all else. */
    void enter(Context context) {
        entrance.headers(context);
        if (!origin.isAddressed(context)) {
            stop(context, HttpStatus.MISDIRECTED_REQUEST);
        } else if (context.method().equals(HandlerType.POST) && !origin.isOfOurPage(context)) {
            stop(context, HttpStatus.FORBIDDEN);
        }
    }

    private void stop(Context context, HttpStatus status) {
        // In nobody's frame: it is not known whose page will see it.
        PageWords words = entrance.words(context);
        show(context, status, Frame.outside(words, title(words, status), SignInForm.PATH), "");
        context.skipRemainingHandlers();
    }

    /** A page for those whose role opens this. */
    public Handler page(ApiScope scope, Page page) {
        return context -> {
            Optional<Session> session = session(context);
            if (session.isEmpty()) {
                signedOut(context);
            } else if (isSent(context, session.get()) && may(context, session.get(), scope)) {
                sessions.used(session.get());
                page.serve(visit(context, session.get()));
            }
        };
    }

    /** Whoever has sent something is told that it was not done: else it would be taken as done. */
    private void signedOut(Context context) throws IOException {
        takeSent(context);
        if (context.method().equals(HandlerType.POST)) {
            signIn.show(context, HttpStatus.UNAUTHORIZED, "sign-in.not-done");
        } else {
            context.redirect(SignInForm.PATH, HttpStatus.SEE_OTHER);
        }
    }

    /**
     * A cookie that opens nothing. Not one that was not sent: behind a link of another site the
     * browser keeps it to itself, and would delete one that is good.
     */
    private void takeSent(Context context) {
        if (!entrance.session(context).isEmpty()) {
            entrance.takeSession(context);
        }
    }

    /**
     * A section's own page.
     *
     * @param view what its template shows
     */
    public Handler page(ConsoleSection section, String template, Function<Visit, Object> view) {
        return page(section.scope(), visit -> visit.show(section, template, view.apply(visit)));
    }

    /** What concerns somebody's own sign-in, whatever their role is: a page, or a form. */
    Handler own(SentForm form) {
        return own(form, this::signedOut);
    }

    /** Signing out; whoever is out already has nothing that was not done. */
    Handler signOut(SentForm form) {
        return own(form, context -> context.redirect(SignInForm.PATH, HttpStatus.SEE_OTHER));
    }

    private Handler own(SentForm form, Handler signedOut) {
        return context -> {
            Optional<Session> session = session(context);
            if (session.isEmpty()) {
                signedOut.handle(context);
            } else if (isSent(context, session.get())) {
                sessions.used(session.get());
                form.sent(context, session.get());
            }
        };
    }

    /** The part of a page that is kept up to date; looking on is not being there. */
    public Handler region(ApiScope scope, Function<Visit, String> html) {
        return context -> {
            Optional<Session> session = session(context);
            if (session.isEmpty() || !session.get().user().role().scopes().contains(scope)) {
                context.status(HttpStatus.FORBIDDEN);
                return;
            }
            Visit visit = visit(context, session.get());
            live.send(context, session.get(), () -> html.apply(visit));
        };
    }

    private Visit visit(Context context, Session session) {
        return new Visit(context, session, entrance.words(context), templates, api);
    }

    private Optional<Session> session(Context context) throws IOException {
        return sessions.of(entrance.session(context));
    }

    private Optional<Session> sessionOrNone(Context context) {
        try {
            return session(context);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean isSent(Context context, Session session) {
        if (!context.method().equals(HandlerType.POST)) {
            return true;
        }
        byte[] shown =
                Objects.requireNonNullElse(context.formParam("token"), "")
                        .getBytes(StandardCharsets.UTF_8);
        if (MessageDigest.isEqual(shown, session.formToken().getBytes(StandardCharsets.UTF_8))) {
            return true;
        }
        PageWords words = entrance.words(context);
        Frame frame = Frame.of(words, session, words.of("problem.old-form"), "");
        show(context, HttpStatus.FORBIDDEN, frame, "");
        return false;
    }

    private boolean may(Context context, Session session, ApiScope scope) {
        if (session.user().role().scopes().contains(scope)) {
            return true;
        }
        records.refused(
                "console " + session.user().name(),
                "console " + context.method().name() + " " + context.endpoint().path,
                "no " + scope.text());
        problem(context, HttpStatus.FORBIDDEN, "");
        return false;
    }

    /** Tells what went wrong, in the frame of whoever has signed in. */
    void problem(Context context, HttpStatus status, String detail) {
        PageWords words = entrance.words(context);
        String title = title(words, status);
        Frame frame =
                sessionOrNone(context)
                        .map(session -> Frame.of(words, session, title, ""))
                        .orElseGet(() -> Frame.outside(words, title, SignInForm.PATH));
        show(context, status, frame, detail);
    }

    private static String title(PageWords words, HttpStatus status) {
        String kind = "problem." + status.getCode();
        return words.of(words.keys().contains(kind) ? kind : "problem.other");
    }

    private void show(Context context, HttpStatus status, Frame frame, String detail) {
        context.attribute(ANSWERED, true);
        context.status(status)
                .contentType(ConsoleServer.HTML)
                .result(templates.render("problem", Map.of("frame", frame, "detail", detail)));
    }
}
