package org.consentgateway.ledger.entry;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, the rest random. */
public final class EntryIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private EntryIds() {}

    public static UUID next(Instant now) {
        long high = now.toEpochMilli() << 16 | 0x7000 | (RANDOM.nextInt() & 0x0fff);
        long low = 0x8000000000000000L | (RANDOM.nextLong() >>> 2);
        return new UUID(high, low);
    }

    /** When it was made; empty where it is one of another kind, which does not tell. */
    public static Optional<Instant> time(UUID id) {
        return id.version() == 7
                ? Optional.of(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16))
                : Optional.empty();
    }
}
