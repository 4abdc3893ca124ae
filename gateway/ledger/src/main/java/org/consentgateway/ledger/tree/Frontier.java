package org.consentgateway.ledger.tree;

import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread. The right edge of a Merkle tree: the roots of its complete subtrees, one
 * per set bit of its size. Enough to append and to tell the root.
 */
public final class Frontier {
    /** Told of every complete subtree of 256, 65536, … leaves: these are stored for proofs. */
    public interface Tiles {
        void tile(int level, long index, byte[] hash);

        Tiles NONE = (level, index, hash) -> {};
    }

    /** Levels between two stored ones: a tile holds 2^8 hashes, as in C2SP tlog-tiles. */
    static final int TILE_HEIGHT = 8;

    private final byte[] @Nullable [] peaks = new byte[64][];
    private long size;

    public long size() {
        return size;
    }

    public void append(byte[] leaf, Tiles tiles) {
        byte[] hash = leaf;
        int level = 0;
        for (long rest = size; (rest & 1) == 1; rest >>= 1) {
            byte[] left = peaks[level];
            if (left == null) {
                throw new IllegalStateException("no peak at level " + level);
            }
            hash = Merkle.node(left, hash);
            peaks[level] = null;
            level++;
            if (level % TILE_HEIGHT == 0) {
                tiles.tile(level, size >> level, hash);
            }
        }
        peaks[level] = hash;
        size++;
    }

    public byte[] root() {
        byte[] root = null;
        for (byte[] peak : peaks) {
            if (peak != null) {
                root = root == null ? peak : Merkle.node(peak, root);
            }
        }
        return root == null ? Merkle.EMPTY : root;
    }

    public Frontier copy() {
        Frontier copy = new Frontier();
        System.arraycopy(peaks, 0, copy.peaks, 0, peaks.length);
        copy.size = size;
        return copy;
    }

    /** Built from the roots of complete subtrees, largest first, as the bits of size say. */
    static Frontier of(long size, java.util.List<byte[]> largestFirst) {
        Frontier frontier = new Frontier();
        frontier.size = size;
        int next = 0;
        for (int level = 62; level >= 0; level--) {
            if ((size >> level & 1) == 1) {
                frontier.peaks[level] = largestFirst.get(next++);
            }
        }
        return frontier;
    }
}
