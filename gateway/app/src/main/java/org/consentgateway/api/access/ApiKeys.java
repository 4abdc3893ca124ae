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

    /** So that a call can be cut off while the store is down; nothing is shown meanwhile. */
    private static final Duration IN_AN_OUTAGE = Duration.ofMinutes(10);

    private final LogReader reader;
    private final InstantSource clock;
    private Map<String, ApiKey> byId = Map.of();
    private Instant read = Instant.EPOCH;

    public ApiKeys(LogReader reader, InstantSource clock) {
        this.reader = reader;
        this.clock = clock;
    }

    @Override
    public Shown of(String bearer) throws LedgerUnavailable {
        Instant now = clock.instant();
        return switch (in(known(now, KNOWN_FOR), bearer, now)) {
            case Shown.Known known -> known;
            case Shown.Refused _, Shown.Unverified _ -> in(known(now, UNKNOWN_FOR), bearer, now);
        };
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
        String who = "key " + key.words().name();
        if (key.revoked() != null) {
            return new Shown.Refused(who, "revoked");
        }
        return key.expired(now)
                ? new Shown.Refused(who, "expired")
                : new Shown.Known(new ApiPrincipal(who, key.scopes()));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    private synchronized Map<String, ApiKey> known(Instant now, Duration longest)
            throws LedgerUnavailable {
        if (now.isBefore(read.plus(longest)) && !now.isBefore(read)) {
            return byId;
        }
        Map<String, ApiKey> all = new HashMap<>();
        try {
            ApiKeyRegister.all(reader).forEach(key -> all.put(key.words().id(), key));
        } catch (LedgerUnavailable e) {
            if (now.isBefore(read.plus(IN_AN_OUTAGE))) {
                return byId;
            }
            throw e;
        }
        byId = Map.copyOf(all);
        read = now;
        return byId;
    }
}
