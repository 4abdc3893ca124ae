package org.consentgateway.consent.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

    /**
     * The same id whoever asks: for what has to be written once though several may write it.
     *
     * @param first a UUIDv7, whose time the id has
     */
    public static UUID ofPair(UUID first, UUID second) {
        byte[] hash;
        try {
            hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest((first + " " + second).getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
        ByteBuffer bits = ByteBuffer.wrap(hash);
        long time = first.getMostSignificantBits() >>> 16 << 16;
        long high = time | VERSION_7 | (bits.getLong() & 0xFFFL);
        return new UUID(high, VARIANT | (bits.getLong() >>> 2));
    }

    @Override
    public UUID get() {
        long high = clock.millis() << 16 | VERSION_7 | (random.nextLong() & 0xFFFL);
        long low = VARIANT | (random.nextLong() >>> 2);
        return new UUID(high, low);
    }
}
