package org.consentgateway.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Immutable. Standard Webhooks 1.0: {@code v1} under each secret of the endpoint, so that a
 * receiver may know the old one or the new one, and {@code v1a} under the key of this installation,
 * for those who check with a public key. Receivers look for one that they know.
 */
final class Signatures {
    /** An Ed25519 key in X.509 ends with its 32 octets. */
    private static final int PUBLIC_OCTETS = 32;

    private final PrivateKey key;
    private final String publicKey;

    private Signatures(PrivateKey key, String publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /**
     * @param seed 32 octets
     */
    static Signatures of(byte[] seed) {
        try {
            PrivateKey key =
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(
                                    new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
            return new Signatures(key, "whpk_" + base64(publicHalf(seed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The generator takes its 32 random octets for the seed (RFC 8032 §5.1.5). */
    private static byte[] publicHalf(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(
                NamedParameterSpec.ED25519,
                new SecureRandom() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public void nextBytes(byte[] bytes) {
                        System.arraycopy(seed, 0, bytes, 0, bytes.length);
                    }
                });
        KeyPair pair = generator.generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - PUBLIC_OCTETS, encoded.length);
    }

    /** By which receivers check {@code v1a}. */
    String publicKey() {
        return publicKey;
    }

    /** The header {@code webhook-signature}. */
    String of(String id, long seconds, byte[] body, List<byte[]> secrets) {
        byte[] head = (id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
        var all = new StringJoiner(" ");
        try {
            for (byte[] secret : secrets) {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                mac.update(head);
                all.add("v1," + base64(mac.doFinal(body)));
            }
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(head);
            signature.update(body);
            all.add("v1a," + base64(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return all.toString();
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}
