package org.consentgateway.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.consentgateway.ledger.tree.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets are what the format page says, and one that is destroyed takes no other with it. */
class KeyTreeTest {
    private static final int HEIGHT = 40;
    private static final byte[] ROOT = Digests.of(new byte[] {7});

    @Test
    void aSecretIsHashedFromTheRootDownBitByBit() {
        for (long position : List.of(0L, 1L, 255L, 256L, 1_000_003L, (1L << HEIGHT) - 1)) {
            byte[] expected = ROOT;
            for (int height = HEIGHT - 1; height >= 0; height--) {
                expected = Digests.of(new byte[] {(byte) ((position >>> height) & 1)}, expected);
            }
            assertThat(KeyTree.of(HEIGHT, ROOT).secret(position)).contains(expected);
        }
    }

    @Test
    void whatIsDestroyedIsGoneAndNothingElse() throws Exception {
        Random random = new Random(4711);
        KeyTree whole = KeyTree.of(HEIGHT, ROOT);
        KeyTree tree = whole;
        Set<Long> destroyed = new HashSet<>();
        for (int round = 0; round < 60; round++) {
            Set<Long> some = new HashSet<>();
            long near = random.nextInt(3000);
            for (int i = random.nextInt(6); i >= 0; i--) {
                some.add(near + random.nextInt(4));
            }
            destroyed.addAll(some);
            tree = tree.without(some);
        }
        for (KeyTree one : List.of(tree, copy(tree))) {
            for (long position = 0; position < 3100; position++) {
                assertThat(one.has(position)).isEqualTo(!destroyed.contains(position));
                if (destroyed.contains(position)) {
                    assertThat(one.secret(position)).isEmpty();
                } else {
                    assertThat(one.secret(position).orElseThrow())
                            .isEqualTo(whole.secret(position).orElseThrow());
                }
            }
        }
        Set<Long> inGaps = new HashSet<>();
        tree.gaps(3100)
                .forEach(gap -> {
                    for (long position = gap.from(); position < gap.to(); position++) {
                        inGaps.add(position);
                    }
                });
        assertThat(inGaps).isEqualTo(destroyed);
        assertThat(tree.without(destroyed)).as("nothing to do").isSameAs(tree);
    }

    /**
     * Whoever has the file after it must find nothing from which a destroyed one follows: neither
     * at the first position of a node, which no sibling overwrites, nor anywhere else in it.
     */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 12_288, 12_345, (1L << HEIGHT) - 1})
    void noSecretAboveADestroyedOneIsKept(long position) throws Exception {
        String file = Digests.hex(bytes(KeyTree.of(HEIGHT, ROOT).without(List.of(position))));
        byte[] above = ROOT;
        for (int height = HEIGHT - 1; height >= 0; height--) {
            assertThat(file).doesNotContain(Digests.hex(above));
            above = Digests.of(new byte[] {(byte) ((position >>> height) & 1)}, above);
        }
        assertThat(file).doesNotContain(Digests.hex(above));
    }

    /** Retention erases from the oldest on. */
    @Test
    void whatIsDestroyedInARowTakesNoRoom() throws Exception {
        List<Long> row = new ArrayList<>();
        for (long position = 0; position < 10_000; position++) {
            row.add(position);
        }
        assertThat(bytes(KeyTree.of(HEIGHT, ROOT).without(row))).hasSizeLessThan(41 * 41);
    }

    private static KeyTree copy(KeyTree tree) throws Exception {
        return KeyTree.read(new DataInputStream(new ByteArrayInputStream(bytes(tree))));
    }

    private static byte[] bytes(KeyTree tree) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tree.write(new DataOutputStream(out));
        return out.toByteArray();
    }
}
