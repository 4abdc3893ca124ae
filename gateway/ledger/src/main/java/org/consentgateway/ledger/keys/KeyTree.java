package org.consentgateway.ledger.keys;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.consentgateway.ledger.tree.Digests;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A secret for each of 2^height positions, all derived from one: the secret of a node
 * gives those of both its children, and nothing gives that of its parent (a puncturable
 * pseudo-random function after Goldreich, Goldwasser and Micali). One that is destroyed takes the
 * nodes above it with it; what stands beside these stays, so that all others can still be derived.
 */
final class KeyTree {
    /** From here down a secret is kept once derived: neighbours are asked for together. */
    private static final int BLOCK = 8;

    private static final int SECRET_BYTES = 32;

    /** All that can be derived: disjoint subtrees, by their first position. */
    private final NavigableMap<Long, Subtree> nodes;

    private volatile @Nullable Block block;

    private record Subtree(int height, byte[] secret) {}

    private record Block(long number, byte[] secret) {}

    private KeyTree(NavigableMap<Long, Subtree> nodes) {
        this.nodes = nodes;
    }

    static KeyTree of(int height, byte[] secret) {
        return new KeyTree(new TreeMap<>(Map.of(0L, new Subtree(height, secret.clone()))));
    }

    /** Empty where it was destroyed. */
    Optional<byte[]> secret(long position) {
        Block kept = block;
        if (kept != null && kept.number == position >>> BLOCK) {
            return Optional.of(derived(kept.secret, BLOCK, 0, position));
        }
        Map.Entry<Long, Subtree> found = covering(nodes, position);
        if (found == null) {
            return Optional.empty();
        }
        Subtree node = found.getValue();
        if (node.height <= BLOCK) {
            return Optional.of(derived(node.secret, node.height, 0, position));
        }
        byte[] above = derived(node.secret, node.height, BLOCK, position);
        block = new Block(position >>> BLOCK, above);
        return Optional.of(derived(above, BLOCK, 0, position));
    }

    boolean has(long position) {
        return covering(nodes, position) != null;
    }

    private static Map.@Nullable Entry<Long, Subtree> covering(
            NavigableMap<Long, Subtree> nodes, long position) {
        Map.Entry<Long, Subtree> found = nodes.floorEntry(position);
        return found == null || (position - found.getKey()) >>> found.getValue().height != 0
                ? null
                : found;
    }

    private static byte[] derived(byte[] secret, int from, int to, long position) {
        MessageDigest digest = Digests.digest();
        byte[] now = secret;
        for (int height = from - 1; height >= to; height--) {
            digest.update((byte) ((position >>> height) & 1));
            now = digest.digest(now);
        }
        return now;
    }

    /** Without the secrets of these; this one where they are destroyed already. */
    KeyTree without(Collection<Long> positions) {
        if (positions.stream().noneMatch(this::has)) {
            return this;
        }
        NavigableMap<Long, Subtree> left = new TreeMap<>(nodes);
        positions.forEach(position -> destroy(left, position));
        return new KeyTree(left);
    }

    private static void destroy(NavigableMap<Long, Subtree> nodes, long position) {
        Map.Entry<Long, Subtree> found = covering(nodes, position);
        if (found == null) {
            return;
        }
        nodes.remove(found.getKey());
        byte[] secret = found.getValue().secret;
        for (int height = found.getValue().height - 1; height >= 0; height--) {
            long sibling = ((position >>> height) ^ 1) << height;
            nodes.put(sibling, new Subtree(height, derived(secret, height + 1, height, sibling)));
            secret = derived(secret, height + 1, height, position);
        }
    }

    /** What was destroyed below a position. */
    List<PayloadKey.Range> gaps(long end) {
        List<PayloadKey.Range> gaps = new ArrayList<>();
        long from = 0;
        for (Map.Entry<Long, Subtree> node : nodes.headMap(end, false).entrySet()) {
            if (node.getKey() > from) {
                gaps.add(new PayloadKey.Range(from, node.getKey()));
            }
            from = node.getKey() + (1L << node.getValue().height);
        }
        if (from >= 0 && from < end) {
            gaps.add(new PayloadKey.Range(from, end));
        }
        return gaps;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(nodes.size());
        for (Map.Entry<Long, Subtree> node : nodes.entrySet()) {
            out.writeLong(node.getKey());
            out.writeByte(node.getValue().height);
            out.write(node.getValue().secret);
        }
    }

    static KeyTree read(DataInputStream in) throws IOException {
        NavigableMap<Long, Subtree> nodes = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            long start = in.readLong();
            int height = in.readUnsignedByte();
            nodes.put(start, new Subtree(height, in.readNBytes(SECRET_BYTES)));
        }
        return new KeyTree(Collections.unmodifiableNavigableMap(nodes));
    }
}
