package org.consentgateway.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.Optional;
import org.consentgateway.token.ConsentTokens;

/** Thread-safe. By what assistants check consents: anybody may read it, and it names nobody. */
final class TokenRoutes {
    /** Keys are published a day before they sign, so five minutes are not too long. */
    private static final String KEPT_FOR_MINUTES = "public, max-age=300";

    /** A withdrawal has to be seen at once. */
    private static final String ASKED_ANEW = "no-cache";

    private final ConsentTokens tokens;

    TokenRoutes(ConsentTokens tokens) {
        this.tokens = tokens;
    }

    void into(RoutesConfig routes) {
        routes.get("/.well-known/jwks.json", this::keys);
        routes.get("/s/{list}", this::list);
        routes.get("/s/{list}/{index}", this::status);
    }

    private void keys(Context context) {
        context.header("Cache-Control", KEPT_FOR_MINUTES);
        context.header("Access-Control-Allow-Origin", "*");
        context.contentType("application/jwk-set+json").result(tokens.keySet());
    }

    private void list(Context context) {
        tell(context, "application/statuslist+jwt", tokens.statusList(context.pathParam("list")));
    }

    private void status(Context context) {
        int index = -1;
        try {
            index = Integer.parseInt(context.pathParam("index"));
        } catch (NumberFormatException noNumber) {
            // there is nothing there either
        }
        tell(context, "application/json", tokens.status(context.pathParam("list"), index));
    }

    private static void tell(Context context, String type, Optional<String> text) {
        if (text.isEmpty()) {
            Routes.problem(context, HttpStatus.NOT_FOUND);
            return;
        }
        context.header("Cache-Control", ASKED_ANEW);
        context.contentType(type).result(text.get());
    }
}
