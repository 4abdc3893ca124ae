package org.consentgateway.api.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Knows those who show a key, by what is in the log: what was issued or revoked on
 * another node, or by a command, counts within two seconds.
 */
public final class ApiKeys implements ApiCredentials {
    private static final Duration KNOWN_FOR = Duration.ofSeconds(2);

    /**
     * For whoever would be refused: whoever has just got a key does not want to wait, and whoever
     * guesses costs little. So each refusal takes as long, whatever was wrong.
     */
    private static final Duration UNKNOWN_FOR = Duration.ofMillis(200);

    /**
     * So long all that needs no store goes on while it is down; then keys only end consents, since
     * one that was revoked meanwhile may cut off a caller, and nothing else.
     */
    private static final Duration IN_AN_OUTAGE = Duration.ofMinutes(10);

    /** So that an outage finds the keys known as they were just before, also where nobody asked. */
    public static final Duration REFRESH = Duration.ofSeconds(10);

    private final LogReader reader;
    private final InstantSource clock;
    private Map<String, ApiKey> byId = Map.of();
    private Instant read = Instant.EPOCH;

    /**
     * Why the last reading failed, and when it was asked for: not each request waits for a store
     * that does not answer.
     */
    private @Nullable LedgerUnavailable failure;

    private Instant failed = Instant.EPOCH;

    public ApiKeys(LogReader reader, InstantSource clock) {
        this.reader = reader;
        this.clock = clock;
    }

    /** To be called every {@link #REFRESH}. */
    public void refresh() throws LedgerUnavailable {
        var _ = known(clock.instant(), UNKNOWN_FOR);
    }

    @Override
    public Shown of(String bearer) throws LedgerUnavailable {
        Instant now = clock.instant();
        try {
            return in(known(now, KNOWN_FOR), bearer, now) instanceof Shown.Known known
                    ? known
                    : in(known(now, UNKNOWN_FOR), bearer, now);
        } catch (LedgerUnavailable e) {
            if (in(lastKnown(), bearer, now) instanceof Shown.Known(ApiPrincipal principal)) {
                return new Shown.Remembered(principal);
            }
            throw e;
        }
    }

    private static Shown in(Map<String, ApiKey> known, String bearer, Instant now) {
        Optional<ApiKeyText> shown = ApiKeyText.parse(bearer);
        if (shown.isEmpty()) {
            return new Shown.Refused("", bearer.isEmpty() ? "nothing shown" : "no key");
        }
        ApiKey key = known.get(shown.get().id());
        String hash = shown.get().sha256();
        if (key == null || !same(hash, key.sha256())) {
            return new Shown.Refused("", "unknown key");
        }
        String system = "key " + key.words().name();
        String who = system + " (" + key.words().id() + ")";
        if (key.revoked() != null) {
            return new Shown.Refused(who, "revoked");
        }
        return key.expired(now)
                ? new Shown.Refused(who, "expired")
                : new Shown.Known(new ApiPrincipal(who, system, key.scopes()));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    private synchronized Map<String, ApiKey> lastKnown() {
        return byId;
    }

    private synchronized Map<String, ApiKey> known(Instant now, Duration longest)
            throws LedgerUnavailable {
        if (isWithin(now, read, longest)) {
            return byId;
        }
        if (failure == null || !isWithin(now, failed, KNOWN_FOR)) {
            read(now);
        }
        @Nullable LedgerUnavailable why = failure;
        if (why != null && !now.isBefore(read.plus(IN_AN_OUTAGE))) {
            throw why;
        }
        return byId;
    }

    private void read(Instant now) {
        try {
            Map<String, ApiKey> all = new HashMap<>();
            ApiKeyRegister.all(reader).forEach(key -> all.put(key.words().id(), key));
            byId = Map.copyOf(all);
            read = now;
            failure = null;
        } catch (LedgerUnavailable e) {
            failure = e;
            failed = now;
        }
    }

    private static boolean isWithin(Instant now, Instant since, Duration longest) {
        return now.isBefore(since.plus(longest)) && !now.isBefore(since);
    }
}
