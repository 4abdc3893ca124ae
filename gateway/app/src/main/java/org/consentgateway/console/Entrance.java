package org.consentgateway.console;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.consentgateway.web.WishedLanguage;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What holds for each answer, whatever it is: in which language it is given, and which
 * headers and cookies go out.
 */
final class Entrance {
    private static final String LANGUAGE = "language";

    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                            + " media-src 'self';"
                            + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "X-Frame-Options",
                    "DENY",
                    // Not no-referrer: a form would then say Origin: null.
                    "Referrer-Policy",
                    "same-origin",
                    "Cross-Origin-Opener-Policy",
                    "same-origin",
                    "Cross-Origin-Resource-Policy",
                    "same-origin",
                    "Permissions-Policy",
                    "camera=(), microphone=(), geolocation=(), payment=()",
                    "Cache-Control",
                    "no-store");

    private final Optional<URI> url;

    /**
     * @param url by which browsers reach it through a proxy; none: by its address on this machine
     */
    Entrance(Optional<URI> url) {
        this.url = url;
    }

    private boolean behindTls() {
        return url.map(URI::getScheme).filter("https"::equals).isPresent();
    }

    void headers(Context context) {
        HEADERS.forEach(context::header);
        if (behindTls()) {
            context.header("Strict-Transport-Security", "max-age=31536000");
        }
    }

    /** As the visitor has chosen, else as the browser wishes. */
    PageWords words(Context context) {
        @Nullable String chosen = context.queryParam(LANGUAGE);
        if (chosen != null && PageWords.LANGUAGES.contains(chosen)) {
            context.cookie(
                    new Cookie(
                            LANGUAGE,
                            chosen,
                            "/",
                            365 * 24 * 60 * 60,
                            behindTls(),
                            true,
                            null,
                            SameSite.STRICT));
            return PageWords.in(chosen);
        }
        @Nullable String kept = context.cookie(LANGUAGE);
        if (kept != null && PageWords.LANGUAGES.contains(kept)) {
            return PageWords.in(kept);
        }
        return PageWords.in(
                WishedLanguage.of(context, PageWords.LANGUAGES, PageWords.LANGUAGES.getFirst()));
    }

    /** With TLS, a name that a browser takes from this host alone. */
    private String cookieName() {
        return behindTls() ? "__Host-session" : "session";
    }

    String session(Context context) {
        return Objects.requireNonNullElse(context.cookie(cookieName()), "");
    }

    void giveSession(Context context, String id) {
        context.cookie(sessionCookie(id, -1));
    }

    void takeSession(Context context) {
        context.cookie(sessionCookie("", 0));
    }

    /** While somebody is with the identity provider, ten minutes at most. */
    void giveSignIn(Context context, String browser) {
        context.cookie(signInCookie(browser, 600));
    }

    String signIn(Context context) {
        return Objects.requireNonNullElse(context.cookie(signInName()), "");
    }

    void takeSignIn(Context context) {
        context.cookie(signInCookie("", 0));
    }

    private String signInName() {
        return behindTls() ? "__Host-sign-in" : "sign-in";
    }

    /** Lax: it is the provider's page that leads back here. It opens nothing by itself. */
    private Cookie signInCookie(String value, int seconds) {
        return new Cookie(signInName(), value, "/", seconds, behindTls(), true, null, SameSite.LAX);
    }

    private Cookie sessionCookie(String value, int seconds) {
        return new Cookie(
                cookieName(), value, "/", seconds, behindTls(), true, null, SameSite.STRICT);
    }
}
