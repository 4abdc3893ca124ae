package org.consentgateway.ledger.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.tree.Digests;

/**
 * Thread-safe. Turns caller numbers into pseudonyms: HMAC-SHA-256 under a secret key that lies
 * outside the database. A plain hash would not do, since all numbers can be tried.
 */
public final class Pseudonyms {
    /** A number of E.164, as callers are known by it. */
    public static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private volatile SecretKeys keys;

    public Pseudonyms(SecretKeys keys) {
        this.keys = keys;
    }

    /**
     * @param e164 such as +4930123456
     * @throws IllegalArgumentException where it is no number of E.164
     */
    public PseudonymousSubject subject(String e164) {
        if (!E164.matcher(e164).matches()) {
            // The number itself must not reach a log.
            throw new IllegalArgumentException("not a number of E.164, such as +4930123456");
        }
        List<String> pseudonyms = new ArrayList<>();
        for (SecretKeys.Key key : keys.keys().reversed()) {
            pseudonyms.add(under(key, "subject:" + e164));
        }
        return new PseudonymousSubject(pseudonyms);
    }

    /** Keyed hash of a SIP Call-ID, current key first: finds a call without storing its id. */
    public List<String> sipCallId(String callId) {
        return keys.keys().reversed().stream().map(key -> under(key, "call-id:" + callId)).toList();
    }

    /**
     * What other systems call a caller, current key first: keyed hashes in the form of UUIDs (RFC
     * 9562 §5.8), under which entries are found.
     */
    public List<UUID> reference(String text) {
        return keys.keys().reversed().stream()
                .map(key ->
                        Digests.keyed(
                                key.bytes(),
                                ("reference:" + text).getBytes(StandardCharsets.UTF_8)))
                .map(Pseudonyms::uuid)
                .toList();
    }

    /** Current key first: who has written one of these under a text has had these keys. */
    public List<byte[]> codes(String text) {
        return keys.keys().reversed().stream().map(key -> code(key, text)).toList();
    }

    /** Whether whoever has written this code under a text had one of these keys. */
    public boolean isCode(byte[] code, String text) {
        return codes(text).stream().anyMatch(ours -> MessageDigest.isEqual(ours, code));
    }

    /** The first of them. */
    public byte[] code(String text) {
        return code(keys.current(), text);
    }

    private static byte[] code(SecretKeys.Key key, String text) {
        return Digests.keyed(key.bytes(), ("code:" + text).getBytes(StandardCharsets.UTF_8));
    }

    private static UUID uuid(byte[] hash) {
        ByteBuffer octets = ByteBuffer.wrap(hash);
        long high = (octets.getLong() & ~0xF000L) | 0x8000L; // version 8
        long low = (octets.getLong() & ~(0b11L << 62)) | (0b10L << 62); // variant of RFC 9562
        return new UUID(high, low);
    }

    public void replace(SecretKeys others) {
        keys = others;
    }

    /** Whether the key of this one is here. */
    public boolean isOurs(String pseudonym) {
        return keys.keys().stream().anyMatch(key -> pseudonym.startsWith(key.id() + "."));
    }

    /** Whether this one is under the current key. */
    public boolean isCurrent(String pseudonym) {
        return pseudonym.startsWith(keys.current().id() + ".");
    }

    /** The key's id goes first, so that a rotation can be told from another caller. */
    private static String under(SecretKeys.Key key, String text) {
        byte[] mac = Digests.keyed(key.bytes(), text.getBytes(StandardCharsets.UTF_8));
        return key.id() + "." + BASE64.encodeToString(mac);
    }
}
