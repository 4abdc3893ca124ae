package org.consentgateway.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.security.BasicAuthCredentials;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The one route of Twilio's REST API that bots use for the call they are in: to hang
 * up, or to hand over the caller.
 */
final class CallRoutes {
    private static final String PATH = "/2010-04-01/Accounts/{account}/Calls/{call}";

    private static final String HANG_UP = "<Hangup";

    /**
     * A verb of ours: the end, or what is dialled, in whatever element below it. Each part takes
     * all it can and gives nothing back, so that no text costs more than its length.
     */
    private static final Pattern VERB =
            Pattern.compile(HANG_UP + "\\b|<Dial\\b[^<>]*+>\\s*+(?:<\\w++[^<>]*+>)?+([^<]++)<");

    /** Twilio takes no more either (its error 32018). */
    static final int LONGEST_TWIML = 4_000;

    /** Of Twilio's: authentication failed; not found; no such parameter. */
    private static final int UNAUTHENTICATED = 20003;

    private static final int NOT_FOUND = 20404;
    private static final int WRONG_PARAMETER = 21218;

    private final CallControl calls;

    CallRoutes(CallControl calls) {
        this.calls = calls;
    }

    void into(RoutesConfig routes) {
        routes.post(PATH, this::change);
    }

    private void change(Context context) {
        String account = context.pathParam("account");
        if (!isTheirs(context, account)) {
            context.header("WWW-Authenticate", "Basic realm=\"consent-gateway\"");
            tell(context, HttpStatus.UNAUTHORIZED, UNAUTHENTICATED, "Authenticate");
            return;
        }
        String call = context.pathParam("call").replaceFirst("\\.json$", "");
        String twiml = Objects.requireNonNullElse(context.formParam("Twiml"), "");
        Optional<MatchResult> verb = firstVerb(twiml);
        boolean hangsUp = verb.filter(first -> first.group().equals(HANG_UP)).isPresent();
        Optional<String> dialled =
                (hangsUp ? Optional.<MatchResult>empty() : verb)
                        .map(dial -> dial.group(1).strip())
                        .filter(whom -> !whom.isEmpty());
        if (hangsUp || "completed".equals(context.formParam("Status"))) {
            answer(context, call, calls.hangUp(account, call));
        } else if (dialled.isPresent()) {
            answer(context, call, calls.handOver(account, call, dialled.get()));
        } else {
            tell(
                    context,
                    HttpStatus.BAD_REQUEST,
                    WRONG_PARAMETER,
                    "Status=completed, or Twiml=<Response><Dial>one of the"
                            + " humans</Dial></Response> of %d characters at most"
                                    .formatted(LONGEST_TWIML));
        }
    }

    /** Verbs run in their order, and behind one of ours the call is no longer the bot's. */
    private static Optional<MatchResult> firstVerb(String twiml) {
        return twiml.length() <= LONGEST_TWIML
                ? VERB.matcher(twiml).results().findFirst()
                : Optional.empty();
    }

    private boolean isTheirs(Context context, String account) {
        @Nullable BasicAuthCredentials shown;
        try {
            shown = context.basicAuthCredentials();
        } catch (BadRequestResponse
                | IllegalArgumentException
                | IndexOutOfBoundsException notBasic) {
            return false; // the last where there is no colon in it
        }
        return shown != null
                && shown.getUsername().equals(account)
                && calls.knows(account, shown.getPassword());
    }

    private static void answer(Context context, String call, CallControl.Answer answer) {
        switch (answer) {
            case DONE ->
                    context.contentType("application/json")
                            .result(
                                    "{\"sid\":\"%s\",\"status\":\"completed\"}"
                                            .formatted(call.replaceAll("[^A-Za-z0-9]", "")));
            case NO_SUCH_CALL ->
                    tell(context, HttpStatus.NOT_FOUND, NOT_FOUND, "There is no such call");
            case NOT_ALLOWED ->
                    tell(
                            context,
                            HttpStatus.BAD_REQUEST,
                            WRONG_PARAMETER,
                            "Only one of the gateway's humans can be dialled, and only where"
                                    + " assistants[].refer is human");
        }
    }

    private static void tell(Context context, HttpStatus status, int code, String message) {
        context.attribute(Routes.ANSWERED, true);
        context.status(status)
                .contentType("application/json")
                .result(
                        "{\"code\":%d,\"message\":\"%s\",\"status\":%d}"
                                .formatted(code, message, status.getCode()));
    }
}
