package org.consentgateway.ledger.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. An AES key in a PKCS #11 token (a hardware security module, a smart card, SoftHSM),
 * which it does not leave. Asked through the JDK's own bridge, SunPKCS11.
 *
 * @param module the token's library
 * @param slotIndex of its slots with a token, from 0
 * @param label of the key
 */
record HardwareToken(Path module, int slotIndex, String label) {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** What is asked of a key that was found, while somebody is logged in. */
    private interface Work {
        byte[] with(SecretKey key, Provider token) throws GeneralSecurityException, IOException;
    }

    /** AES-GCM in the token: nonce, ciphertext, tag. */
    byte[] sealed(String pin, byte[] content) throws IOException {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        byte[] cipher =
                loggedIn(
                        pin,
                        (key, token) ->
                                cipher(Cipher.ENCRYPT_MODE, key, token, nonce).doFinal(content));
        byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + cipher.length);
        System.arraycopy(cipher, 0, whole, NONCE_BYTES, cipher.length);
        return whole;
    }

    /**
     * @throws KeyFiles.Unusable where it was not sealed by this key, too
     */
    byte[] opened(String pin, byte[] blob) throws IOException {
        if (blob.length <= NONCE_BYTES) {
            throw notByThisKey(null);
        }
        byte[] nonce = Arrays.copyOf(blob, NONCE_BYTES);
        return loggedIn(
                pin,
                (key, token) -> {
                    try {
                        return cipher(Cipher.DECRYPT_MODE, key, token, nonce)
                                .doFinal(blob, NONCE_BYTES, blob.length - NONCE_BYTES);
                    } catch (AEADBadTagException | ProviderException e) {
                        throw notByThisKey(e);
                    }
                });
    }

    private KeyFiles.Unusable notByThisKey(@Nullable Exception why) {
        var unusable =
                new KeyFiles.Unusable(
                        "key " + label + " of " + this + " is not the one the keys are wrapped by");
        if (why != null) {
            unusable.addSuppressed(why);
        }
        return unusable;
    }

    private static Cipher cipher(int mode, SecretKey key, Provider token, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", token);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    /** Logged out again at the end: nobody else in this process uses the token by that. */
    private byte[] loggedIn(String pin, Work work) throws IOException {
        Provider token = provider();
        char[] digits = pin.toCharArray();
        try {
            KeyStore keys = KeyStore.getInstance("PKCS11", token);
            keys.load(null, digits);
            try {
                return work.with(key(keys), token);
            } finally {
                if (token instanceof AuthProvider session) {
                    session.logout();
                }
            }
        } catch (KeyFiles.Unusable e) {
            throw e;
        } catch (IOException e) {
            throw refused(e);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeyFiles.Unusable(this + " cannot do that: " + deepest(e));
        } finally {
            Arrays.fill(digits, ' ');
        }
    }

    private KeyFiles.Unusable refused(IOException e) {
        return deepest(e).startsWith("CKR_PIN_")
                ? new KeyFiles.Unusable(
                        this
                                + " does not take the PIN in "
                                + KeyWrapping.PIN
                                + " or the credential of the service ("
                                + deepest(e)
                                + "): look before you try again, tokens lock after a few wrong"
                                + " ones")
                : new KeyFiles.Unusable(this + " cannot be read: " + deepest(e));
    }

    private SecretKey key(KeyStore keys) throws GeneralSecurityException, IOException {
        Key key = keys.getKey(label, null);
        if (key instanceof SecretKey secret && secret.getAlgorithm().equals("AES")) {
            return secret;
        }
        throw new KeyFiles.Unusable(
                this
                        + " has no AES key \""
                        + label
                        + "\". To make one: pkcs11-tool --module "
                        + module
                        + " --login --keygen --key-type AES:32 --sensitive --label "
                        + label);
    }

    private Provider provider() throws KeyFiles.Unusable {
        String path = module.toString();
        if (!Files.isReadable(module) || path.matches(".*[\"\\\\\\n].*")) {
            throw new KeyFiles.Unusable(
                    "there is no PKCS #11 module "
                            + module
                            + ": name the token's library, such as"
                            + " /usr/lib/softhsm/libsofthsm2.so");
        }
        Provider bridge = Security.getProvider("SunPKCS11");
        if (bridge == null) {
            throw new KeyFiles.Unusable(
                    "this Java has no PKCS #11: it lacks the module jdk.crypto.cryptoki");
        }
        try {
            Provider token =
                    bridge.configure(
                            "--name=consentgateway\nlibrary=\""
                                    + path
                                    + "\"\nslotListIndex="
                                    + slotIndex
                                    + "\n");
            if (token.getService("KeyStore", "PKCS11") == null) {
                throw new KeyFiles.Unusable("there is no token in " + this);
            }
            return token;
        } catch (ProviderException | InvalidParameterException e) {
            throw new KeyFiles.Unusable(this + " cannot be used: " + deepest(e));
        }
    }

    private static String deepest(Throwable e) {
        Throwable why = e;
        while (why.getCause() != null) {
            why = why.getCause();
        }
        return String.valueOf(why.getMessage());
    }

    @Override
    public String toString() {
        return "token " + slotIndex + " of " + module;
    }
}
