package org.consentgateway.sip.auth;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that need no memory until they are used: each bears when it was made, and a seal of ours.
 * Thread-safe. A used one is remembered with its count, so that nothing is ever taken twice (RFC
 * 7616 §5.12).
 *
 * <pre>
 *   8 octets      12 octets    16 octets
 *   made (nanos)  random       HMAC-SHA-256 of both and of whom it is for, cut
 * </pre>
 */
public final class Nonces {
    public static final Duration LIFETIME = Duration.ofMinutes(5);

    /** For how long a request is said again over UDP: 64*T1 (RFC 3261 §17.1.1.2, §17.1.2.2). */
    static final Duration REPEATED = Duration.ofSeconds(32);

    /** Used ones remembered; beyond, the oldest is forgotten and no longer taken. */
    static final int MAX_USED = 10_000;

    private static final int RANDOM_LENGTH = 12;
    private static final int SEAL_LENGTH = 16;
    private static final int LENGTH = Long.BYTES + RANDOM_LENGTH + SEAL_LENGTH;

    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    // Guarded by this.
    private long takenFromNanos;
    private final Map<String, Use> used = new LinkedHashMap<>();

    /**
     * @param count the highest there was
     * @param request that had it
     */
    private record Use(long count, String request, long atNanos) {
        boolean isAgain(long otherCount, String other, long nowNanos) {
            return otherCount == count
                    && other.equals(request)
                    && nowNanos - atNanos <= REPEATED.toNanos();
        }
    }

    /** What a nonce is worth. */
    enum Worth {
        GOOD,
        /** Ours, but too old: another may be asked for. */
        STALE,
        /** Not ours, of somebody else, or used before. */
        NONE
    }

    Nonces(LongSupplier nanos) {
        this.nanos = nanos;
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        this.takenFromNanos = nanos.getAsLong() - LIFETIME.toNanos();
    }

    /**
     * @param whose the trunk it is for
     */
    String next(String whose) {
        byte[] drawn = new byte[RANDOM_LENGTH];
        random.nextBytes(drawn);
        byte[] open =
                ByteBuffer.allocate(Long.BYTES + RANDOM_LENGTH)
                        .putLong(nanos.getAsLong())
                        .put(drawn)
                        .array();
        byte[] all = ByteBuffer.allocate(LENGTH).put(open).put(seal(open, whose)).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** Looks at a nonce without using it. */
    Worth worth(String nonce, String whose) {
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(nonce);
        } catch (IllegalArgumentException notOurs) {
            return Worth.NONE;
        }
        if (all.length != LENGTH) {
            return Worth.NONE;
        }
        byte[] open = Arrays.copyOf(all, Long.BYTES + RANDOM_LENGTH);
        byte[] seal = Arrays.copyOfRange(all, open.length, LENGTH);
        if (!MessageDigest.isEqual(seal, seal(open, whose))) {
            return Worth.NONE;
        }
        long made = ByteBuffer.wrap(open).getLong();
        long age = nanos.getAsLong() - made;
        synchronized (this) {
            boolean fresh = age <= LIFETIME.toNanos() && made - takenFromNanos >= 0;
            return fresh ? Worth.GOOD : Worth.STALE;
        }
    }

    /**
     * Uses a good nonce.
     *
     * @param count how often it has been used, as its user says: has to grow (nc)
     * @param request what tells it from all others: the same said again is no second use
     * @return false if that count was there before
     */
    synchronized boolean use(String nonce, long count, String request) {
        long now = nanos.getAsLong();
        Use before = used.get(nonce);
        if (before != null && count <= before.count()) {
            return before.isAgain(count, request, now);
        }
        used.remove(nonce);
        used.put(nonce, new Use(count, request, now));
        if (used.size() > MAX_USED) {
            // What was made before now may have been used already: none of it is taken any more.
            used.clear();
            takenFromNanos = now;
        }
        return true;
    }

    private byte[] seal(byte[] open, String whose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(open);
            mac.update(whose.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return Arrays.copyOf(mac.doFinal(), SEAL_LENGTH);
        } catch (GeneralSecurityException everyRuntimeHasIt) {
            throw new IllegalStateException(everyRuntimeHasIt);
        }
    }
}
