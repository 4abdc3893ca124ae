package org.consentgateway.ledger.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.consentgateway.ledger.tree.Digests;

/**
 * Thread-safe. AES-256-GCM over salt and payload, bound to their place in the log, so that a sealed
 * payload moved to another entry does not open.
 */
public final class Sealer {
    public static final int SALT_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private volatile SecretKeys keys;

    public Sealer(SecretKeys keys) {
        this.keys = keys;
    }

    public record Sealed(String keyId, byte[] bytes) {}

    public record Opened(byte[] salt, byte[] payload) {
        /** What the leaf commits to: SHA-256 of salt and payload. */
        public byte[] commitment() {
            return Digests.of(salt, payload);
        }
    }

    public void replace(SecretKeys others) {
        keys = others;
    }

    public SecretKeys keys() {
        return keys;
    }

    public Sealed seal(String log, long index, Opened content) {
        SecretKeys.Key key = keys.current();
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, log, index);
            ByteBuffer out =
                    ByteBuffer.allocate(
                            NONCE_BYTES
                                    + content.salt.length
                                    + content.payload.length
                                    + TAG_BITS / 8);
            out.put(nonce);
            cipher.update(ByteBuffer.wrap(content.salt), out);
            cipher.doFinal(ByteBuffer.wrap(content.payload), out);
            return new Sealed(key.id(), out.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty where the key is unknown, or the bytes were changed or belong elsewhere. */
    public Optional<Opened> open(String log, long index, String keyId, byte[] sealed) {
        Optional<SecretKeys.Key> key = keys.byId(keyId);
        if (key.isEmpty() || sealed.length < NONCE_BYTES + SALT_BYTES + TAG_BITS / 8) {
            return Optional.empty();
        }
        byte[] nonce = java.util.Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key.get(), nonce, log, index);
            byte[] plain = cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
            return Optional.of(
                    new Opened(
                            java.util.Arrays.copyOf(plain, SALT_BYTES),
                            java.util.Arrays.copyOfRange(plain, SALT_BYTES, plain.length)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKeys.Key key, byte[] nonce, String log, long index)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode, new SecretKeySpec(key.bytes(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((log + "\n" + index).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
