package org.consentgateway.consent.journal;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Thread-safe. Mints UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then random bits. Ids of one
 * millisecond are in no order; order is the log's business.
 */
public final class TimeOrderedIds implements Supplier<UUID> {
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param random thread-safe, and not to be guessed: {@link java.security.SecureRandom}
     */
    public TimeOrderedIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public UUID get() {
        long high = clock.millis() << 16 | VERSION_7 | (random.nextLong() & 0xFFFL);
        long low = VARIANT | (random.nextLong() >>> 2);
        return new UUID(high, low);
    }
}
