package org.consentgateway.ledger.tree;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256 and HMAC-SHA-256: every Java platform has them, so their absence is no checked case. */
public final class Digests {
    public static final int BYTES = 32;
    public static final HexFormat HEX = HexFormat.of();

    // Looked for once: asking all providers takes longer than a hash of what is hashed here.
    private static final MessageDigest SHA_256 = sha256();
    private static final Provider HMAC = hmac().getProvider();

    private Digests() {}

    /** Of SHA-256, for what comes in parts. */
    public static MessageDigest digest() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException e) {
            return sha256();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mac hmac() {
        try {
            return Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static byte[] of(byte[]... parts) {
        MessageDigest digest = digest();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    public static byte[] keyed(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256", HMAC);
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }
}
