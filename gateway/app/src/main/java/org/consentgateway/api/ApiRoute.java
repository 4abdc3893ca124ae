package org.consentgateway.api;

import io.javalin.http.HandlerType;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.store.LedgerUnavailable;

/**
 * Immutable. One thing that can be asked or done. There is none without a scope.
 *
 * @param path with its parameters in braces
 * @param changes whether it may be done once only: then a request needs an Idempotency-Key
 */
public record ApiRoute(
        HandlerType method, String path, ApiScope scope, boolean changes, Handler handler) {

    /** The longest body is a name and a sentence … */
    static final int MOST_OCTETS = 8_192;

    /** … but where many, or all the words of a notice, are handed over at once. */
    static final int MOST_OCTETS_OF_MANY = 131_072;

    /** Answers, or throws what is wrong as an {@link ApiProblem}. */
    @FunctionalInterface
    public interface Handler {
        ApiAnswer answer(ApiRequest request) throws LedgerUnavailable;
    }

    public static ApiRoute get(String path, ApiScope scope, Handler handler) {
        return new ApiRoute(HandlerType.GET, path, scope, false, handler);
    }

    public static ApiRoute post(String path, ApiScope scope, Handler handler) {
        return new ApiRoute(HandlerType.POST, path, scope, true, handler);
    }

    /** Asks with a body, since an address is written into the logs of others. */
    public static ApiRoute search(String path, ApiScope scope, Handler handler) {
        return new ApiRoute(HandlerType.POST, path, scope, false, handler);
    }

    public static ApiRoute put(String path, ApiScope scope, Handler handler) {
        return new ApiRoute(HandlerType.PUT, path, scope, false, handler);
    }

    int mostOctets() {
        return scope == ApiScope.CONSENTS_IMPORT || scope == ApiScope.NOTICES_DRAFT
                ? MOST_OCTETS_OF_MANY
                : MOST_OCTETS;
    }

    /** In records, in which no parameter shall stand. */
    String action() {
        return method.name() + " " + path;
    }
}
