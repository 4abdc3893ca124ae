package org.consentgateway.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.consentgateway.ledger.keys.SecretKeys;
import org.consentgateway.ledger.tree.Digests;

/**
 * Thread-safe. What callers are called towards assistants that may know them again: always the same
 * for one number, and of no use to whoever does not have the key. Not the pseudonym of the log, so
 * that nobody outside can look up its records; and under a key that is never changed, so that the
 * company's other systems find their customers by it.
 */
public final class CallerPseudonyms {
    /** Characters. */
    public static final int LENGTH = 16;

    private static final int OCTETS = LENGTH * 6 / Byte.SIZE;

    private final SecretKeys.Key key;

    public CallerPseudonyms(SecretKeys.Key key) {
        this.key = key;
    }

    /**
     * @param e164 such as +4930123456
     */
    public String of(String e164) {
        byte[] mac =
                Digests.keyed(key.bytes(), ("caller:" + e164).getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(mac, OCTETS));
    }
}
