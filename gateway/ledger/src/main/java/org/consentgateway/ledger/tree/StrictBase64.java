package org.consentgateway.ledger.tree;

import java.util.Base64;

/**
 * Base64 of RFC 4648 §4 with all its padding: one text, hence one reading, per octets. Java's own
 * decoder takes more, and other programs take less.
 */
public final class StrictBase64 {
    private StrictBase64() {}

    /**
     * @throws IllegalArgumentException where it is none
     */
    public static byte[] octets(String text) {
        byte[] octets = Base64.getDecoder().decode(text);
        if (!Base64.getEncoder().encodeToString(octets).equals(text)) {
            throw new IllegalArgumentException("not the one base64 of its octets");
        }
        return octets;
    }
}
