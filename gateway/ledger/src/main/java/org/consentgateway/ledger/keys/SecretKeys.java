package org.consentgateway.ledger.keys;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.tree.Digests;

/**
 * Immutable. The 256-bit keys of one purpose, oldest first; the last one is used for what is new.
 * As text, one a line: id, space, base64.
 */
public record SecretKeys(List<Key> keys) {
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * @param id first four bytes of the key's SHA-256 as hex: names it without telling it
     */
    public record Key(String id, byte[] bytes) {
        public static Key create() {
            byte[] bytes = new byte[32];
            RANDOM.nextBytes(bytes);
            return of(bytes);
        }

        static Key of(byte[] bytes) {
            return new Key(Digests.hex(Arrays.copyOf(Digests.of(bytes), 4)), bytes);
        }

        @Override
        public String toString() {
            return "Key[" + id + "]";
        }
    }

    public Key current() {
        return keys.getLast();
    }

    public SecretKeys rotated() {
        List<Key> more = new ArrayList<>(keys);
        more.add(Key.create());
        return new SecretKeys(more);
    }

    static Optional<SecretKeys> parse(String text) {
        List<Key> keys = new ArrayList<>();
        for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
            String[] parts = line.strip().split(" ", 2);
            try {
                Key key = Key.of(Base64.getDecoder().decode(parts[parts.length - 1]));
                if (parts.length != 2 || key.bytes.length != 32 || !key.id.equals(parts[0])) {
                    return Optional.empty();
                }
                keys.add(key);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(new SecretKeys(keys));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        keys.forEach(key ->
                text.append(key.id)
                        .append(' ')
                        .append(Base64.getEncoder().encodeToString(key.bytes))
                        .append('\n'));
        return text.toString();
    }
}
