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
record ApiRoute(HandlerType method, String path, ApiScope scope, boolean changes, Handler handler) {

    /** Answers, or throws what is wrong as an {@link ApiProblem}. */
    @FunctionalInterface
    interface Handler {
        ApiAnswer answer(ApiRequest request) throws LedgerUnavailable;
    }

    static ApiRoute get(String path, ApiScope scope, Handler handler) {
        return new ApiRoute(HandlerType.GET, path, scope, false, handler);
    }

    static ApiRoute post(String path, ApiScope scope, Handler handler) {
        return new ApiRoute(HandlerType.POST, path, scope, true, handler);
    }

    /** Asks with a body, since an address is written into the logs of others. */
    static ApiRoute search(String path, ApiScope scope, Handler handler) {
        return new ApiRoute(HandlerType.POST, path, scope, false, handler);
    }

    static ApiRoute put(String path, ApiScope scope, Handler handler) {
        return new ApiRoute(HandlerType.PUT, path, scope, false, handler);
    }

    /** In records, in which no parameter shall stand. */
    String action() {
        return method.name() + " " + path;
    }
}
