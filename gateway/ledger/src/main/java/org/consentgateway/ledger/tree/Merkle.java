package org.consentgateway.ledger.tree;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/** Hashes and proofs of RFC 6962 §2.1 and RFC 9162 §2.1, as pure functions. */
public final class Merkle {
    /** Root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
    public static final byte[] EMPTY = Digests.of();

    private Merkle() {}

    public static byte[] leaf(byte[] entry) {
        MessageDigest digest = Digests.digest();
        digest.update((byte) 0);
        return digest.digest(entry);
    }

    static byte[] node(byte[] left, byte[] right) {
        MessageDigest digest = Digests.digest();
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }

    /** The largest power of two smaller than n, for n of at least 2. */
    static long split(long n) {
        return Long.highestOneBit(n - 1);
    }

    /**
     * Folds hashes of which all but the last cover equally many leaves, a power of two, and the
     * last covers as many or fewer.
     */
    static byte[] fold(List<byte[]> hashes) {
        int n = hashes.size();
        if (n == 1) {
            return hashes.getFirst();
        }
        int k = (int) split(n);
        return node(fold(hashes.subList(0, k)), fold(hashes.subList(k, n)));
    }

    /** RFC 9162 §2.1.3.2. */
    public static boolean includes(
            long index, long size, byte[] leaf, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long fn = index;
        long sn = size - 1;
        byte[] r = leaf;
        for (byte[] p : proof) {
            if (sn == 0 || p.length != Digests.BYTES) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                r = node(p, r);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                r = node(r, p);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Arrays.equals(r, root);
    }
}
