package org.consentgateway.ledger.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.LedgerTorn;

/**
 * Thread-safe. AES-256-GCM over salt and payload, under the key of that entry and bound to its
 * place in the log, so that a sealed payload moved to another entry does not open.
 */
public final class Sealer {
    public static final int SALT_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String CIPHER = "AES/GCM/NoPadding";

    /** Looked for once, not with each entry. */
    private static final Provider PROVIDER = provider();

    private volatile PayloadKeys keys;

    public Sealer(PayloadKeys keys) {
        this.keys = keys;
    }

    public record Sealed(String keyId, byte[] bytes) {}

    public record Opened(byte[] salt, byte[] payload) {
        /** What the leaf commits to: SHA-256 of salt and payload. */
        public byte[] commitment() {
            return Digests.of(salt, payload);
        }
    }

    public void replace(PayloadKeys others) {
        keys = others;
    }

    public PayloadKeys keys() {
        return keys;
    }

    /**
     * @throws LedgerTorn where the key of that entry was destroyed: the place was written once, and
     *     erased
     */
    public Sealed seal(String log, long index, Opened content) {
        PayloadKey key = keys.current();
        byte[] own =
                key.of(log, index)
                        .orElseThrow(() ->
                                new LedgerTorn(
                                        "entry "
                                                + index
                                                + " of "
                                                + log
                                                + " was written and erased before: the store is an"
                                                + " old one. To go on from it: scripts/gateway"
                                                + " ledger resume --after-restore"));
        return sealed(key.id(), own, log, index, content);
    }

    /** What is left in place of a payload that was destroyed: it opens for good. */
    public Sealed sealMark(String log, long index, Opened mark) {
        PayloadKey key = keys.current();
        return sealed(key.id(), key.marks(), log, index, mark);
    }

    private static Sealed sealed(String keyId, byte[] key, String log, long index, Opened content) {
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
            return new Sealed(keyId, out.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Empty where the key is unknown or was destroyed, or the bytes were changed or belong
     * elsewhere.
     */
    public Optional<Opened> open(String log, long index, String keyId, byte[] sealed) {
        return keys.byId(keyId)
                .flatMap(key -> key.of(log, index))
                .flatMap(key -> opened(key, log, index, sealed));
    }

    public Optional<Opened> openMark(String log, long index, String keyId, byte[] sealed) {
        return keys.byId(keyId).flatMap(key -> opened(key.marks(), log, index, sealed));
    }

    /** Whether it was erased, and no copy of it can be opened. */
    public boolean isDestroyed(String log, long index, String keyId) {
        return keys.byId(keyId).filter(key -> key.of(log, index).isEmpty()).isPresent();
    }

    private static Optional<Opened> opened(byte[] key, String log, long index, byte[] sealed) {
        if (sealed.length < NONCE_BYTES + SALT_BYTES + TAG_BITS / 8) {
            return Optional.empty();
        }
        byte[] nonce = java.util.Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, log, index);
            byte[] plain = cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
            return Optional.of(
                    new Opened(
                            java.util.Arrays.copyOf(plain, SALT_BYTES),
                            java.util.Arrays.copyOfRange(plain, SALT_BYTES, plain.length)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Provider provider() {
        try {
            return Cipher.getInstance(CIPHER).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String log, long index)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER, PROVIDER);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((log + "\n" + index).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
