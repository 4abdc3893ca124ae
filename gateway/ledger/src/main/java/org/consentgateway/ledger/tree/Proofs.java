package org.consentgateway.ledger.tree;

import java.util.ArrayList;
import java.util.List;

/** Makes proofs (RFC 6962 §2.1.1, §2.1.2) from stored leaf hashes and tiles. */
public final class Proofs {
    /** Stored hashes of complete subtrees: level 0 are leaves, then 8, 16, … */
    public interface Hashes {
        /**
         * @param from index at that level, inclusive
         * @param to exclusive
         * @throws java.sql.SQLException where the store fails
         */
        List<byte[]> at(int level, long from, long to) throws java.sql.SQLException;
    }

    private final Hashes hashes;

    public Proofs(Hashes hashes) {
        this.hashes = hashes;
    }

    public byte[] root(long size) throws java.sql.SQLException {
        return size == 0 ? Merkle.EMPTY : subtree(0, size);
    }

    public Frontier frontier(long size) throws java.sql.SQLException {
        List<byte[]> peaks = new ArrayList<>();
        long from = 0;
        for (int level = 62; level >= 0; level--) {
            if ((size >> level & 1) == 1) {
                peaks.add(subtree(from, from + (1L << level)));
                from += 1L << level;
            }
        }
        return Frontier.of(size, peaks);
    }

    public List<byte[]> inclusion(long index, long size) throws java.sql.SQLException {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no entry " + index + " in a tree of " + size);
        }
        List<byte[]> path = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + Merkle.split(to - from);
            if (index < middle) {
                path.addFirst(subtree(middle, to));
                to = middle;
            } else {
                path.addFirst(subtree(from, middle));
                from = middle;
            }
        }
        return path;
    }

    public List<byte[]> consistency(long first, long second) throws java.sql.SQLException {
        if (first < 0 || first > second) {
            throw new IllegalArgumentException("no proof from " + first + " to " + second);
        }
        List<byte[]> path = new ArrayList<>();
        if (first == 0 || first == second) {
            return path;
        }
        long from = 0;
        long to = second;
        boolean whole = true;
        while (first != to) {
            long middle = from + Merkle.split(to - from);
            if (first <= middle) {
                path.addFirst(subtree(middle, to));
                to = middle;
            } else {
                path.addFirst(subtree(from, middle));
                from = middle;
                whole = false;
            }
        }
        if (!whole) {
            path.addFirst(subtree(from, to));
        }
        return path;
    }

    /** MTH(D[from:to]); from is aligned, as in every split of RFC 6962. */
    private byte[] subtree(long from, long to) throws java.sql.SQLException {
        int level = 0;
        while (to - from > 1L << (level + Frontier.TILE_HEIGHT)) {
            level += Frontier.TILE_HEIGHT;
        }
        long first = from >> level;
        long last = to >> level;
        List<byte[]> parts = new ArrayList<>(hashes.at(level, first, last));
        if (parts.size() != last - first) {
            throw new LedgerTorn(
                    "tree hashes are missing at level "
                            + level
                            + " from "
                            + (first + parts.size()));
        }
        if (last << level < to) {
            parts.add(subtree(last << level, to));
        }
        return Merkle.fold(parts);
    }
}
