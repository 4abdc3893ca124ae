package org.consentgateway.ledger.keys;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Immutable. The keys of payloads, oldest first. As text, one a line: id, {@code per-entry} where
 * each entry has a key of its own, base64; and at the end how far a new sealing is.
 *
 * @param stage what is done with the newest key
 */
public record PayloadKeys(List<PayloadKey> keys, Stage stage) {

    /** How far everything is sealed anew under the newest key. */
    public enum Stage {
        /** Nothing is; the newest key is used for what is new. */
        STEADY,
        /** The newest key is carried to the other nodes, and not used. */
        PREPARED,
        /** What was sealed under older keys is sealed anew; these are destroyed then. */
        RESEALING
    }

    /** Of a reader to whom payloads stay closed. */
    public static final PayloadKeys NONE = new PayloadKeys(List.of(), Stage.STEADY);

    static PayloadKeys first() {
        return new PayloadKeys(List.of(EntryKeys.of(SecretKeys.Key.create())), Stage.STEADY);
    }

    /** What is new is sealed under it. */
    public PayloadKey current() {
        return stage == Stage.PREPARED ? keys.get(keys.size() - 2) : keys.getLast();
    }

    public Optional<PayloadKey> byId(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    PayloadKeys rotated() {
        List<PayloadKey> more = new ArrayList<>(keys);
        more.add(EntryKeys.of(SecretKeys.Key.create()));
        return new PayloadKeys(more, stage);
    }

    PayloadKeys at(Stage other) {
        return new PayloadKeys(keys, other);
    }

    /** These are destroyed: all is sealed under the newest one. */
    public PayloadKeys without(Collection<String> ids) {
        List<PayloadKey> left = keys.stream().filter(key -> !ids.contains(key.id())).toList();
        return left.size() == keys.size() || left.isEmpty()
                ? this
                : new PayloadKeys(left, Stage.STEADY);
    }

    PayloadKeys without(String log, Set<Long> indexes) {
        return new PayloadKeys(keys.stream().map(key -> key.without(log, indexes)).toList(), stage);
    }

    /** Whether there is a key of this entry alone. */
    public boolean hasOwn(String log, long index) {
        return keys.stream().anyMatch(key -> key.hasOwn(log, index));
    }

    /** Whether an erasure reaches old backups at once. */
    public boolean arePerEntry() {
        return keys.stream().allMatch(PayloadKey::isPerEntry);
    }

    static Optional<PayloadKeys> parse(String text) {
        List<PayloadKey> keys = new ArrayList<>();
        Stage stage = Stage.STEADY;
        for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
            String[] parts = line.strip().split(" ", -1);
            try {
                if (parts.length == 1) {
                    stage = stage(parts[0]);
                } else {
                    keys.add(key(parts));
                }
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        boolean enough = keys.size() > (stage == Stage.PREPARED ? 1 : 0);
        return enough ? Optional.of(new PayloadKeys(List.copyOf(keys), stage)) : Optional.empty();
    }

    private static Stage stage(String word) {
        for (Stage stage : Stage.values()) {
            if (word(stage).equals(word)) {
                return stage;
            }
        }
        throw new IllegalArgumentException(word);
    }

    private static String word(Stage stage) {
        return switch (stage) {
            case STEADY -> "";
            case PREPARED -> "prepared";
            case RESEALING -> "resealing";
        };
    }

    private static PayloadKey key(String[] parts) {
        boolean perEntry = parts[1].equals(EntryKeys.KIND);
        if (perEntry && parts.length == 4) {
            return EntryKeys.read(parts[0], octets(parts[2]), octets(parts[3]));
        }
        SecretKeys.Key key = SecretKeys.Key.of(octets(parts[parts.length - 1]));
        if (parts.length != (perEntry ? 3 : 2)
                || key.bytes().length != 32
                || !key.id().equals(parts[0])) {
            throw new IllegalArgumentException("no key");
        }
        return perEntry ? EntryKeys.of(key) : new StoreKey(key);
    }

    private static byte[] octets(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        keys.forEach(key -> text.append(key.line()).append('\n'));
        if (stage != Stage.STEADY) {
            text.append(word(stage)).append('\n');
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "PayloadKeys" + keys.stream().map(PayloadKey::id).toList();
    }
}
