package org.consentgateway.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What was done once is not done again because an answer was lost: a request with the
 * same Idempotency-Key gets the answer of the first (draft-ietf-httpapi-idempotency-key-header).
 * Known on this node, for a day at most; what is done twice all the same does no harm. Who asks
 * most is forgotten first, so that nobody's answers make room for another's.
 */
final class RepeatedRequests {
    private static final Duration KNOWN_FOR = Duration.ofDays(1);
    private static final Duration SWEPT_EVERY = Duration.ofMinutes(1);

    /** Of all that is kept besides the answer itself: keys, ids, the objects around them. */
    private static final int OCTETS_BESIDE = 1_000;

    /**
     * What is kept at most.
     *
     * @param octets of all answers
     * @param octetsOfOne of those of one who asks
     */
    record Most(int answers, long octets, long octetsOfOne) {}

    private static final Most USUAL = new Most(10_000, 32L << 20, 16L << 20);

    /** The request that bore the key first. */
    private static final class First {
        private final byte[] fingerprint;
        private final Instant at;
        private @Nullable ApiAnswer answer;

        First(byte[] fingerprint, Instant at) {
            this.fingerprint = fingerprint;
            this.at = at;
        }

        long octets() {
            ApiAnswer known = answer;
            ApiContent content = known == null ? null : known.body();
            return OCTETS_BESIDE
                    + (content == null
                            ? 0L
                            : content.text().getBytes(StandardCharsets.UTF_8).length);
        }

        boolean isOver(Instant now) {
            return at.plus(KNOWN_FOR).isBefore(now);
        }
    }

    /** Of one who asks, the eldest first. */
    private static final class Asked {
        private final Map<String, First> byKey = new LinkedHashMap<>();
        private long octets;

        long octets() {
            return octets;
        }
    }

    /** What answers a request. */
    @FunctionalInterface
    interface Doing {
        ApiAnswer answer() throws LedgerUnavailable;
    }

    private final Most most;
    private final Map<String, Asked> byPrincipal = new HashMap<>();
    private int answers;
    private long octets;
    private Instant swept = Instant.EPOCH;

    RepeatedRequests() {
        this(USUAL);
    }

    RepeatedRequests(Most most) {
        this.most = most;
    }

    /**
     * Who asks, and when.
     *
     * @param key of this request; such a header is required
     */
    record KeyedRequest(String principal, @Nullable String key, Instant at) {}

    /**
     * @param fingerprint of all that it asks
     */
    ApiAnswer once(KeyedRequest keyed, byte[] fingerprint, Doing doing) throws LedgerUnavailable {
        String key = keyed.key();
        if (key == null || !key.matches("[\\x21-\\x7e]{1,100}")) {
            throw ApiProblem.of(
                    ApiProblem.Kind.MALFORMED,
                    "an Idempotency-Key of 1 to 100 visible characters is needed, such as a UUID;"
                            + " the same again where you repeat this request");
        }
        First first = new First(fingerprint, keyed.at());
        ApiAnswer before = begin(keyed.principal(), key, first);
        if (before != null) {
            return before.with("Idempotency-Replayed", "true");
        }
        try {
            ApiAnswer answer = doing.answer();
            keep(keyed.principal(), key, first, answer);
            return answer;
        } finally {
            forgetFailed(keyed.principal(), key, first);
        }
    }

    private synchronized @Nullable ApiAnswer begin(String principal, String key, First request) {
        sweep(request.at);
        Asked asked = byPrincipal.computeIfAbsent(principal, _ -> new Asked());
        First before = asked.byKey.get(key);
        if (before == null || before.isOver(request.at)) {
            if (before != null) {
                drop(asked, key, before);
            }
            asked.byKey.put(key, request);
            count(asked, 1, OCTETS_BESIDE);
            bound(asked);
            return null;
        }
        if (!Arrays.equals(before.fingerprint, request.fingerprint)) {
            throw ApiProblem.of(
                    ApiProblem.Kind.INVALID,
                    "this Idempotency-Key was used for another request: take a new one");
        }
        if (before.answer == null) {
            throw ApiProblem.of(
                    ApiProblem.Kind.UNDER_WAY,
                    "the first request with this Idempotency-Key is still under way");
        }
        return before.answer;
    }

    private synchronized void keep(String principal, String key, First first, ApiAnswer answer) {
        Asked asked = byPrincipal.get(principal);
        if (asked != null && asked.byKey.get(key) == first) {
            count(asked, 0, -first.octets());
            first.answer = answer;
            count(asked, 0, first.octets());
            bound(asked);
        }
    }

    /** It may be tried again. */
    private synchronized void forgetFailed(String principal, String key, First first) {
        Asked asked = byPrincipal.get(principal);
        if (first.answer == null && asked != null && asked.byKey.get(key) == first) {
            drop(asked, key, first);
        }
    }

    private void drop(Asked asked, String key, First first) {
        asked.byKey.remove(key);
        count(asked, -1, -first.octets());
    }

    private void count(Asked asked, int more, long moreOctets) {
        answers += more;
        octets += moreOctets;
        asked.octets += moreOctets;
    }

    private void bound(Asked asked) {
        while (asked.octets > most.octetsOfOne() && asked.byKey.size() > 1) {
            dropEldest(asked);
        }
        while (answers > most.answers() || octets > most.octets()) {
            dropEldest(
                    Collections.max(byPrincipal.values(), Comparator.comparingLong(Asked::octets)));
        }
    }

    private void dropEldest(Asked asked) {
        Map.Entry<String, First> eldest = asked.byKey.entrySet().iterator().next();
        drop(asked, eldest.getKey(), eldest.getValue());
    }

    private void sweep(Instant now) {
        if (now.isBefore(swept.plus(SWEPT_EVERY)) && !now.isBefore(swept)) {
            return;
        }
        swept = now;
        for (Iterator<Asked> each = byPrincipal.values().iterator(); each.hasNext(); ) {
            Asked asked = each.next();
            while (!asked.byKey.isEmpty() && asked.byKey.values().iterator().next().isOver(now)) {
                dropEldest(asked);
            }
            if (asked.byKey.isEmpty()) {
                each.remove();
            }
        }
    }

    /** That are kept now. */
    synchronized long octets() {
        return octets;
    }
}
