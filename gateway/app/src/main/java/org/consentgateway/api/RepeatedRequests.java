package org.consentgateway.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What was done once is not done again because an answer was lost: a request with the
 * same Idempotency-Key gets the answer of the first (draft-ietf-httpapi-idempotency-key-header).
 * Known on this node, for a day at most; what is done twice all the same does no harm.
 */
final class RepeatedRequests {
    private static final int MOST_KNOWN = 10_000;
    private static final Duration KNOWN_FOR = Duration.ofDays(1);

    /** The request that bore the key first. */
    private static final class First {
        private final byte[] fingerprint;
        private final Instant at;
        private @Nullable ApiAnswer answer;

        First(byte[] fingerprint, Instant at) {
            this.fingerprint = fingerprint;
            this.at = at;
        }
    }

    /** What answers a request. */
    @FunctionalInterface
    interface Doing {
        ApiAnswer answer() throws LedgerUnavailable;
    }

    private final Map<String, First> known =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, First> eldest) {
                    return size() > MOST_KNOWN;
                }
            };

    /**
     * @param key of this request; such a header is required
     * @param fingerprint of all that it asks
     */
    ApiAnswer once(ApiRequest request, @Nullable String key, byte[] fingerprint, Doing doing)
            throws LedgerUnavailable {
        if (key == null || !key.matches("[\\x21-\\x7e]{1,100}")) {
            throw ApiProblem.of(
                    ApiProblem.Kind.MALFORMED,
                    "an Idempotency-Key of 1 to 100 visible characters is needed, such as a UUID;"
                            + " the same again where you repeat this request");
        }
        String name = request.principal().name() + "\n" + key;
        First first = new First(fingerprint, request.at());
        ApiAnswer before = begin(name, first);
        if (before != null) {
            return before.with("Idempotency-Replayed", "true");
        }
        try {
            ApiAnswer answer = doing.answer();
            synchronized (known) {
                first.answer = answer;
            }
            return answer;
        } finally {
            synchronized (known) {
                if (first.answer == null) { // failed: it may be tried again
                    known.remove(name, first);
                }
            }
        }
    }

    private @Nullable ApiAnswer begin(String name, First request) {
        synchronized (known) {
            First before = known.get(name);
            if (before == null || before.at.plus(KNOWN_FOR).isBefore(request.at)) {
                known.put(name, request);
                return null;
            }
            if (!Arrays.equals(before.fingerprint, request.fingerprint)) {
                throw ApiProblem.of(
                        ApiProblem.Kind.INVALID,
                        "this Idempotency-Key was used for another request: take a new one");
            }
            if (before.answer == null) {
                throw ApiProblem.of(
                        ApiProblem.Kind.CONFLICT,
                        "the first request with this Idempotency-Key is still under way");
            }
            return before.answer;
        }
    }
}
