package org.consentgateway.token;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Thread-safe. The status of many tokens in two bits each, the first in the lowest bits of an octet
 * (draft-ietf-oauth-status-list §4.1). Places are given away by chance: in order they would tell
 * how many calls there are.
 */
final class StatusList {
    static final int SIZE = 65_536;
    static final int BITS = 2;

    /** Of the places; above it chance would have to look for long. */
    private static final int MOST = SIZE / 2;

    private static final int PER_OCTET = Byte.SIZE / BITS;
    private static final int MASK = (1 << BITS) - 1;

    private final String id;
    private final byte[] octets = new byte[SIZE / PER_OCTET];
    private final BitSet given = new BitSet(SIZE);
    private Instant lastUntil = Instant.MIN;
    private long version;

    StatusList(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    synchronized boolean isFull() {
        return given.cardinality() >= MOST;
    }

    /**
     * @param until when the token has expired
     */
    synchronized int give(Instant until, RandomGenerator random) {
        int index = random.nextInt(SIZE);
        while (given.get(index)) {
            index = random.nextInt(SIZE);
        }
        given.set(index);
        if (until.isAfter(lastUntil)) {
            lastUntil = until;
        }
        return index;
    }

    /** Whether a token in it may still count. */
    synchronized boolean isNeeded(Instant now) {
        return now.isBefore(lastUntil);
    }

    synchronized void set(int index, TokenStatus status) {
        int shift = index % PER_OCTET * BITS;
        int others = octets[index / PER_OCTET] & ~(MASK << shift);
        octets[index / PER_OCTET] = (byte) (others | status.value << shift);
        version++;
    }

    synchronized TokenStatus status(int index) {
        int shift = index % PER_OCTET * BITS;
        return TokenStatus.of(octets[index / PER_OCTET] >> shift & MASK);
    }

    /** Changes with every status. */
    synchronized long version() {
        return version;
    }

    /** ZLIB, base64url. */
    synchronized String compressed() {
        var bytes = new ByteArrayOutputStream();
        try (var deflating = new DeflaterOutputStream(bytes, new Deflater())) {
            deflating.write(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
