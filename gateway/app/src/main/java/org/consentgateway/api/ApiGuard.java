package org.consentgateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.ApiCredentials;
import org.consentgateway.api.access.ApiCredentials.Shown;
import org.consentgateway.api.access.ApiPrincipal;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tree.Digests;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Stands before every route: who asks, may they, not too often; then it is done, that
 * is recorded, and only then it is told; an end that waits on this disk for the store is told
 * first.
 *
 * <pre>
 *   Authorization → 401  rate → 429  scope → 403  Idempotency-Key → the first answer
 *     → the route → record → answer, with its ETag
 * </pre>
 */
public final class ApiGuard {
    private static final String BEARER = "Bearer ";

    /** Longer than a token of any issuer. */
    private static final int LONGEST_BEARER = 8_000;

    /** Whoever guesses from one address is slowed down. */
    private static final int REFUSALS_PER_SECOND = 10;

    private final ApiCredentials credentials;
    private final AccessRecords records;
    private final InstantSource clock;
    private final InstantSource latest;
    private final RequestRate rate;
    private final RequestRate refusals = new RequestRate(REFUSALS_PER_SECOND);
    private final RepeatedRequests repeated = new RepeatedRequests();

    /**
     * @param clock for what is written
     * @param latest the same, or ahead of it where the machine's clock was set ahead and may be
     *     right
     * @param perSecond requests of each who may ask
     */
    public ApiGuard(
            ApiCredentials credentials,
            AccessRecords records,
            InstantSource clock,
            InstantSource latest,
            int perSecond) {
        this.credentials = credentials;
        this.records = records;
        this.clock = clock;
        this.latest = latest;
        this.rate = new RequestRate(perSecond);
    }

    void serve(Context context, ApiRoute route) {
        Instant now = clock.instant();
        try {
            ApiPrincipal principal = principal(context, route, now);
            limit(context, principal, now);
            require(principal, route, route.scope());
            var request =
                    new ApiRequest(
                            context,
                            principal,
                            now,
                            latest.instant(),
                            route.mostOctets(),
                            scope -> require(principal, route, scope));
            tell(context, request, answer(request, route));
        } catch (LedgerUnavailable e) {
            throw unavailable();
        }
    }

    private void require(ApiPrincipal principal, ApiRoute route, ApiScope scope) {
        if (!principal.scopes().contains(scope)) {
            records.refused(principal.name(), route.action(), "no " + scope.text());
            throw ApiProblem.of(
                    ApiProblem.Kind.FORBIDDEN,
                    "this needs the scope " + scope.text(),
                    Map.of(
                            "WWW-Authenticate",
                            "Bearer error=\"insufficient_scope\", scope=\"%s\""
                                    .formatted(scope.text())));
        }
    }

    private static ApiProblem unavailable() {
        return ApiProblem.of(
                ApiProblem.Kind.UNAVAILABLE,
                "the record cannot be read or written now; nothing is shown without it",
                Map.of("Retry-After", "5"));
    }

    private ApiPrincipal principal(Context context, ApiRoute route, Instant now)
            throws LedgerUnavailable {
        String bearer = bearer(context);
        Shown shown =
                bearer.length() < LONGEST_BEARER
                        ? credentials.of(bearer)
                        : new Shown.Refused("", "too long");
        return switch (shown) {
            case Shown.Known(ApiPrincipal principal) -> principal;
            case Shown.Remembered(ApiPrincipal principal) -> {
                if (route.scope() == ApiScope.CONSENTS_WITHDRAW) {
                    yield principal;
                }
                throw unavailable();
            }
            case Shown.Refused(String who, String why) -> {
                refused(context, route, who, why, now);
                throw ApiProblem.of(
                        ApiProblem.Kind.UNAUTHENTICATED,
                        "send Authorization: Bearer and a key or token that is valid",
                        // RFC 6750 §3.1: no error where nothing was shown
                        Map.of(
                                "WWW-Authenticate",
                                bearer.isEmpty() ? "Bearer" : "Bearer error=\"invalid_token\""));
            }
            case Shown.Unverified(String why) -> {
                refused(context, route, "", why, now);
                throw ApiProblem.of(
                        ApiProblem.Kind.UNVERIFIABLE,
                        "tokens cannot be checked now; keys can",
                        Map.of("Retry-After", "10"));
            }
        };
    }

    /** Only whoever is refused is slowed down: behind a proxy all here come from one address. */
    private void refused(Context context, ApiRoute route, String who, String why, Instant now) {
        if (refusals.take(context.ip(), now) < 0) {
            throw tooMany("too many refused requests from your address");
        }
        records.refused(who, route.action(), why);
    }

    /** Empty where none is shown. */
    private static String bearer(Context context) {
        String header = Objects.requireNonNullElse(context.header("Authorization"), "");
        return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
    }

    private void limit(Context context, ApiPrincipal principal, Instant now) {
        int left = rate.take(principal.system(), now);
        context.header("RateLimit-Policy", "\"second\";q=%d;w=1".formatted(rate.perSecond()));
        context.header("RateLimit", "\"second\";r=%d;t=1".formatted(Math.max(0, left)));
        if (left < 0) {
            throw tooMany("no more than %d in a second".formatted(rate.perSecond()));
        }
    }

    private static ApiProblem tooMany(String detail) {
        return ApiProblem.of(ApiProblem.Kind.TOO_MANY, detail, Map.of("Retry-After", "1"));
    }

    private ApiAnswer answer(ApiRequest request, ApiRoute route) throws LedgerUnavailable {
        ApiAnswer answer =
                route.changes()
                        ? repeated.once(
                                new RepeatedRequests.KeyedRequest(
                                        request.principal().system(),
                                        request.header("Idempotency-Key"),
                                        request.at()),
                                fingerprint(request, route),
                                () -> route.handler().answer(request))
                        : route.handler().answer(request);
        record(request.principal(), route.action(), answer);
        return answer;
    }

    private void record(ApiPrincipal principal, String action, ApiAnswer answer)
            throws LedgerUnavailable {
        switch (answer.access()) {
            case NEVER -> {
                // it tells of nobody
            }
            case FIRST -> records.accessed(principal, action, answer.by(), answer.consents());
            case LATER -> records.changed(principal, action, answer.by(), answer.consents());
        }
    }

    private static byte[] fingerprint(ApiRequest request, ApiRoute route) {
        byte[] what =
                (route.action() + "\n" + request.path() + "\n").getBytes(StandardCharsets.UTF_8);
        return Digests.of(what, request.octets());
    }

    private static void tell(Context context, ApiRequest request, ApiAnswer answer) {
        answer.headers().forEach(context::header);
        context.status(answer.status());
        ApiContent content = answer.body();
        if (content == null) {
            return;
        }
        byte[] octets = content.octets();
        if (answer.status() == 200) {
            String tag = tag(octets);
            context.header("ETag", tag);
            if (matches(request.header("If-None-Match"), tag)) {
                context.status(304);
                return;
            }
        }
        context.contentType(content.type()).result(octets);
    }

    /**
     * Refuses a change of what has changed since it was read.
     *
     * @param now what there is
     */
    static void requireMatch(ApiRequest request, JsonNode now) {
        @Nullable String wanted = request.header("If-Match");
        if (wanted != null
                && !wanted.strip().equals("*")
                && !matches(wanted, tag(ApiContent.json(now).octets()))) {
            throw ApiProblem.of(
                    ApiProblem.Kind.CHANGED, "read it again: If-Match names an earlier state");
        }
    }

    private static boolean matches(@Nullable String tags, String tag) {
        if (tags == null) {
            return false;
        }
        for (String each : tags.split(",", -1)) {
            if (each.strip().replaceFirst("^W/", "").equals(tag) || each.strip().equals("*")) {
                return true;
            }
        }
        return false;
    }

    private static String tag(byte[] octets) {
        return "\"" + Digests.hex(Digests.of(octets)).substring(0, 32) + "\"";
    }
}
