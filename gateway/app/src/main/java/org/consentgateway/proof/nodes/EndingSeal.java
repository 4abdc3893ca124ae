package org.consentgateway.proof.nodes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.consentgateway.ledger.keys.Pseudonyms;

/**
 * Thread-safe. AES-256-GCM between nodes of one store, under a key that is made of the pseudonym
 * key: who shares the store has that one anyway, and nobody else. What is sealed names what it is
 * for, so that a question is no answer, and an answer not that to another question.
 */
final class EndingSeal {
    private static final String KEY = "endings between nodes";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Pseudonyms pseudonyms;

    EndingSeal(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    byte[] seal(String purpose, byte[] about, byte[] text) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, pseudonyms.code(KEY), nonce, purpose, about)
                            .doFinal(text);
            return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty where it was not sealed by a node of this store, for this purpose. */
    Optional<byte[]> open(String purpose, byte[] about, byte[] sealed) {
        if (sealed.length <= NONCE_BYTES) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        List<byte[]> keys = pseudonyms.codes(KEY); // while a key is being rotated, either
        for (byte[] key : keys) {
            try {
                return Optional.of(
                        cipher(Cipher.DECRYPT_MODE, key, nonce, purpose, about)
                                .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
            } catch (GeneralSecurityException notThisKey) {
                // the next
            }
        }
        return Optional.empty();
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String purpose, byte[] about)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        cipher.updateAAD(about);
        return cipher;
    }
}
