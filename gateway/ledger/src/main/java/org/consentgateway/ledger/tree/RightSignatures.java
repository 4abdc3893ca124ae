package org.consentgateway.ledger.tree;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Thread-safe. Signatures that were found to be right, each with its key and message by the hash of
 * the three: whether one is right never changes, and a gateway that checks its log again and again
 * meets the same checkpoints each time. A wrong one is calculated each time.
 */
final class RightSignatures {
    /** Some 150 bytes each. */
    private static final int MOST = 10_000;

    private final Map<ByteBuffer, Boolean> right =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
                    return size() > MOST;
                }
            };

    /**
     * What stands for the three.
     *
     * @param key 32 bytes
     * @param signature 64 bytes, so that no three are run together as three others are
     */
    static ByteBuffer name(byte[] key, byte[] signature, byte[] message) {
        return ByteBuffer.wrap(Digests.of(key, signature, message)).asReadOnlyBuffer();
    }

    synchronized boolean has(ByteBuffer name) {
        return right.get(name) != null;
    }

    synchronized void add(ByteBuffer name) {
        right.put(name, true);
    }
}
