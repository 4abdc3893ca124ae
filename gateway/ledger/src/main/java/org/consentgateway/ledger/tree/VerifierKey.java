package org.consentgateway.ledger.tree;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Immutable. A public Ed25519 key in the text form of signed notes: {@code name+hash+base64} (C2SP
 * signed-note; the form is that of golang.org/x/mod/sumdb/note). In a file of keys its life stands
 * behind it ({@link KeyLife}).
 *
 * @param name of the log it signs for
 * @param hash first four bytes of SHA-256(name, newline, type, key), as eight hex digits
 * @param key 32 bytes (RFC 8032 §5.1.5)
 */
public record VerifierKey(String name, String hash, byte[] key, KeyLife life) {
    private static final byte ED25519 = 1;

    private static final int KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;
    private static final RightSignatures RIGHT = new RightSignatures();

    /** What X.509 puts before the 32 bytes (RFC 8410 §4). */
    private static final byte[] X509_PREFIX = Digests.HEX.parseHex("302a300506032b6570032100");

    static VerifierKey of(String name, byte[] key) {
        byte[] id =
                Digests.of(name.getBytes(StandardCharsets.UTF_8), new byte[] {'\n', ED25519}, key);
        return new VerifierKey(name, Digests.hex(Arrays.copyOf(id, 4)), key, KeyLife.UNLIMITED);
    }

    public VerifierKey living(KeyLife other) {
        return new VerifierKey(name, hash, key, other);
    }

    /** The same octets under the same name, whatever is said of its life. */
    public boolean isSame(VerifierKey other) {
        return name.equals(other.name) && Arrays.equals(key, other.key);
    }

    static VerifierKey of(String name, PublicKey key) {
        byte[] encoded = key.getEncoded();
        return of(name, Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length));
    }

    /** A line of a file of keys; empty where there is no such key, or its life cannot be read. */
    public static Optional<VerifierKey> parseLine(String line) {
        String[] parts = line.strip().split(" ", 2);
        Optional<KeyLife> life = KeyLife.parse(parts.length == 1 ? "" : parts[1]);
        return parse(parts[0]).flatMap(key -> life.map(key::living));
    }

    /** Empty where the text is no such key or its hash does not fit. */
    public static Optional<VerifierKey> parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        if (parts.length != 3 || parts[0].isEmpty()) {
            return Optional.empty();
        }
        byte[] typed;
        try {
            typed = StrictBase64.octets(parts[2]);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (typed.length != 33 || typed[0] != ED25519) {
            return Optional.empty();
        }
        VerifierKey key = of(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
        return key.hash.equals(parts[1]) ? Optional.of(key) : Optional.empty();
    }

    /** With its life, for a file of keys. */
    public String line() {
        return text() + life.text();
    }

    public String text() {
        byte[] typed = new byte[33];
        typed[0] = ED25519;
        System.arraycopy(key, 0, typed, 1, 32);
        return name + "+" + hash + "+" + Base64.getEncoder().encodeToString(typed);
    }

    boolean verifies(byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES || key.length != KEY_BYTES) {
            return false;
        }
        ByteBuffer name = RightSignatures.name(key, signature, message);
        if (RIGHT.has(name)) {
            return true;
        }
        boolean right = calculated(message, signature);
        if (right) {
            RIGHT.add(name);
        }
        return right;
    }

    private boolean calculated(byte[] message, byte[] signature) {
        try {
            byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + key.length);
            System.arraycopy(key, 0, encoded, X509_PREFIX.length, key.length);
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(encoded)));
            ed25519.update(message);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException e) {
            // A key that is no point of the curve.
            return false;
        }
    }
}
