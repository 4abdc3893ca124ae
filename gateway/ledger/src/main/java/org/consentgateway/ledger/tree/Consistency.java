package org.consentgateway.ledger.tree;

import java.util.Arrays;
import java.util.List;

/** Checks what {@link Proofs} makes: that one tree continues another. */
public final class Consistency {
    private Consistency() {}

    /** RFC 9162 §2.1.4.2; a tree is consistent with itself and with the empty one. */
    public static boolean holds(
            long first, long second, byte[] firstRoot, byte[] secondRoot, List<byte[]> proof) {
        if (first < 0 || first > second) {
            return false;
        }
        if (first == second) {
            return proof.isEmpty() && Arrays.equals(firstRoot, secondRoot);
        }
        if (first == 0) {
            return proof.isEmpty() && Arrays.equals(firstRoot, Merkle.EMPTY);
        }
        if (proof.isEmpty()) {
            return false;
        }
        boolean whole = Long.bitCount(first) == 1;
        byte[] start = whole ? firstRoot : proof.getFirst();
        List<byte[]> rest = whole ? proof : proof.subList(1, proof.size());
        long fn = first - 1;
        long sn = second - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        byte[] fr = start;
        byte[] sr = start;
        for (byte[] c : rest) {
            if (sn == 0 || c.length != Digests.BYTES) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = Merkle.node(c, fr);
                sr = Merkle.node(c, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = Merkle.node(sr, c);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Arrays.equals(fr, firstRoot) && Arrays.equals(sr, secondRoot);
    }
}
