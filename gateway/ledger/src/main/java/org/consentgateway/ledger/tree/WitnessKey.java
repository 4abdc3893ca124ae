package org.consentgateway.ledger.tree;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Immutable. The public Ed25519 key of a witness, {@code name+hash+base64}, whose signatures say
 * when it has seen that a checkpoint continues all that it saw of that log before (C2SP
 * tlog-cosignature, cosignature/v1).
 *
 * @param name of the witness
 * @param hash first four bytes of SHA-256(name, newline, type, key), as eight hex digits
 * @param key 32 bytes (RFC 8032 §5.1.5)
 */
public record WitnessKey(String name, String hash, byte[] key) {
    private static final byte COSIGNATURE_V1 = 4;
    private static final int TIME_BYTES = Long.BYTES;
    private static final int SIGNATURE_BYTES = 64;

    static WitnessKey of(String name, byte[] key) {
        byte[] id =
                Digests.of(
                        name.getBytes(StandardCharsets.UTF_8),
                        new byte[] {'\n', COSIGNATURE_V1},
                        key);
        return new WitnessKey(name, Digests.hex(Arrays.copyOf(id, 4)), key);
    }

    /** Empty where the text is no such key or its hash does not fit. */
    public static Optional<WitnessKey> parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        if (parts.length != 3 || !isName(parts[0])) {
            return Optional.empty();
        }
        byte[] typed;
        try {
            typed = StrictBase64.octets(parts[2]);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (typed.length != 33 || typed[0] != COSIGNATURE_V1) {
            return Optional.empty();
        }
        WitnessKey key = of(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
        return key.hash.equals(parts[1]) ? Optional.of(key) : Optional.empty();
    }

    /** Whether keys may be named so (C2SP signed-note). */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.codePoints()
                        .noneMatch(c -> c == '+' || c < 0x20 || Character.isWhitespace(c));
    }

    public String text() {
        return name + "+" + hash + "+" + Base64.getEncoder().encodeToString(typed(key));
    }

    static byte[] typed(byte[] key) {
        return ByteBuffer.allocate(1 + key.length).put(COSIGNATURE_V1).put(key).array();
    }

    /** Whether a line of a note names this key. */
    boolean isOf(SignedNote.SignatureLine line) {
        return name.equals(line.name()) && hash.equals(line.hash());
    }

    /**
     * @param text of the note under which the line stands
     * @return when it was signed; empty where it was not by this key
     */
    Optional<Instant> signedAt(String text, SignedNote.SignatureLine line) {
        if (!isOf(line) || line.signature().length != TIME_BYTES + SIGNATURE_BYTES) {
            return Optional.empty();
        }
        long seconds = ByteBuffer.wrap(line.signature()).getLong();
        byte[] signature =
                Arrays.copyOfRange(line.signature(), TIME_BYTES, line.signature().length);
        if (seconds <= 0
                || !VerifierKey.of(name, key).verifies(message(text, seconds), signature)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.ofEpochSecond(seconds));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static byte[] message(String text, long seconds) {
        return ("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }
}
