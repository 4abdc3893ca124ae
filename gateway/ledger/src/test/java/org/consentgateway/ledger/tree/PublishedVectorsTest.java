package org.consentgateway.ledger.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others have published, so that others can check us with their own tools. */
class PublishedVectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    /** Leaves of the reference tree: transparency-dev/merkle, proof/verify_test.go. */
    private static final List<String> LEAVES =
            List.of(
                    "",
                    "00",
                    "10",
                    "2021",
                    "3031",
                    "40414243",
                    "5051525354555657",
                    "606162636465666768696a6b6c6d6e6f");

    /** Roots of its first 1, 2, … 8 leaves: same source. */
    private static final List<String> ROOTS =
            List.of(
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    /** transparency-dev/merkle, rfc6962/rfc6962_test.go. */
    @Test
    void hashesOfLeavesAndNodesAreThoseOfRfc6962() {
        assertThat(Digests.hex(Merkle.EMPTY))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Digests.hex(Merkle.leaf(ascii("L123456"))))
                .isEqualTo("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
        assertThat(Digests.hex(Merkle.node(ascii("N123"), ascii("N456"))))
                .isEqualTo("aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
    }

    @Test
    void rootsOfTheReferenceTreeAreThose() {
        Frontier frontier = new Frontier();
        for (int i = 0; i < LEAVES.size(); i++) {
            frontier.append(leaf(i), Frontier.Tiles.NONE);
            assertThat(Digests.hex(frontier.root())).isEqualTo(ROOTS.get(i));
        }
    }

    /** transparency-dev/merkle, proof/verify_test.go: its leaf numbers count from 1. */
    @Test
    void inclusionProofsOfTheReferenceTreeAreThose() throws Exception {
        assertThat(inclusion(0, 8))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(inclusion(5, 8))
                .containsExactly(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(inclusion(2, 3))
                .containsExactly(
                        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assertThat(inclusion(1, 5))
                .containsExactly(
                        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    @Test
    void consistencyProofsOfTheReferenceTreeAreThose() throws Exception {
        assertThat(consistency(1, 8)).isEqualTo(inclusion(0, 8));
        assertThat(consistency(6, 8))
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(consistency(2, 5))
                .containsExactly(
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
        assertThat(consistency(6, 7))
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    }

    /** RFC 8785 §3.2.2 and §3.2.4; cyberphone/json-canonicalization, testdata values.json. */
    @Test
    void theExampleOfRfc8785IsWrittenAsThere() throws Exception {
        String input =
                """
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }
                """;
        String expected =
                "{\"literals\":[null,true,false],"
                        + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assertThat(canonical(input)).isEqualTo(expected);
    }

    /** RFC 8785 §3.2.3: the order of names is that of their UTF-16 code units. */
    @Test
    void namesAreSortedAsInRfc8785() throws Exception {
        String input =
                """
                {
                  "\\u20ac": "Euro Sign",
                  "\\r": "Carriage Return",
                  "\\ufb33": "Hebrew Letter Dalet With Dagesh",
                  "1": "One",
                  "\\ud83d\\ude00": "Emoji: Grinning Face",
                  "\\u0080": "Control",
                  "\\u00f6": "Latin Small Letter O With Diaeresis"
                }
                """;
        String text = canonical(input);
        List<String> order =
                List.of("Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew");
        assertThat(order.stream().map(text::indexOf).toList())
                .isSorted()
                .allSatisfy(at -> assertThat(at).isPositive());
    }

    /** cyberphone/json-canonicalization, testdata structures.json. */
    @Test
    void nestedStructuresAreSortedAtEveryDepth() throws Exception {
        assertThat(
                        canonical(
                                """
                                {"1": {"f": {"f": "hi","F": 5} ,"\\n": 56.0}, "10": { }, "": "empty",
                                 "a": { }, "111": [ { } ], "A": { }}
                                """))
                .isEqualTo(
                        "{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},"
                                + "\"10\":{},\"111\":[{}],\"A\":{},\"a\":{}}");
    }

    /** RFC 8785 appendix B, as IEEE 754 bits. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void numbersAreWrittenAsInRfc8785(String bits, String expected) {
        double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        assertThat(CanonicalJson.number(value)).isEqualTo(expected);
    }

    /** golang.org/x/mod/sumdb/note, its package example; Ed25519 is deterministic. */
    @Test
    void theExampleOfSignedNotesIsSignedByteForByte() {
        String key =
                "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
                        + " PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        String text =
                """
                If you think cryptography is the answer to your problem,
                then you don't know what your problem is.
                """;
        String note =
                text
                        + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN"
                        + "1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        SigningKey signing = SigningKey.parse(key).orElseThrow();
        assertThat(SignedNote.sign(text, List.of(signing))).isEqualTo(note);
        assertThat(SignedNote.parse(note).orElseThrow().verify(List.of(signing.verifier())))
                .isInstanceOf(SignedNote.Verdict.Verified.class);
        assertThat(signing.text()).isEqualTo(key);
    }

    /** C2SP signed-note, the example with its verifier key. */
    @Test
    void theExampleOfTheSpecificationVerifiesAndAChangedOneDoesNot() {
        VerifierKey key =
                VerifierKey.parse(
                                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv"
                                        + "3U2k")
                        .orElseThrow();
        String note =
                "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6"
                        + "TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        assertThat(SignedNote.parse(note).orElseThrow().verify(List.of(key)))
                .isInstanceOf(SignedNote.Verdict.Verified.class);
        assertThat(
                        SignedNote.parse(note.replace("example message", "example massage"))
                                .orElseThrow()
                                .verify(List.of(key)))
                .isInstanceOf(SignedNote.Verdict.WrongSignature.class);
    }

    /** C2SP tlog-checkpoint, its example. */
    @Test
    void theExampleOfCheckpointsIsReadAndWrittenAsThere() {
        String text =
                """
                example.com/behind-the-sofa
                20852163
                CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
                """;
        Checkpoint checkpoint = Checkpoint.parse(text).orElseThrow();
        assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
        assertThat(checkpoint.size()).isEqualTo(20852163);
        assertThat(checkpoint.root())
                .isEqualTo(
                        Base64.getDecoder().decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="));
        assertThat(checkpoint.text()).isEqualTo(text);
    }

    /** Every proof of every small tree holds, and none with one bit changed. */
    @Test
    void proofsHoldForAllSmallTreesAndBreakWithAnyBit() throws Exception {
        for (int size = 1; size <= 40; size++) {
            byte[] root = proofs(size).root(size);
            for (int index = 0; index < size; index++) {
                List<byte[]> proof = proofs(size).inclusion(index, size);
                assertThat(Merkle.includes(index, size, plain(index), proof, root)).isTrue();
                assertThat(Merkle.includes(index, size, plain(index + 1), proof, root)).isFalse();
                for (int i = 0; i < proof.size(); i++) {
                    assertThat(Merkle.includes(index, size, plain(index), flipped(proof, i), root))
                            .isFalse();
                }
            }
            for (int first = 1; first < size; first++) {
                byte[] firstRoot = proofs(first).root(first);
                List<byte[]> proof = proofs(size).consistency(first, size);
                assertThat(Consistency.holds(first, size, firstRoot, root, proof)).isTrue();
                for (int i = 0; i < proof.size(); i++) {
                    assertThat(Consistency.holds(first, size, firstRoot, root, flipped(proof, i)))
                            .isFalse();
                }
            }
        }
    }

    /** Trees with tiles: proofs read tiles where there are, and are the same as without. */
    @Test
    void proofsFromTilesAreThoseFromLeaves() throws Exception {
        int size = 70_000;
        List<List<byte[]>> levels = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            levels.add(new ArrayList<>());
        }
        Frontier frontier = new Frontier();
        for (int i = 0; i < size; i++) {
            levels.get(0).add(plain(i));
            frontier.append(plain(i), (level, at, hash) -> levels.get(level / 8).add(hash));
        }
        assertThat(levels.get(1)).hasSize(273);
        assertThat(levels.get(2)).hasSize(1);
        Proofs proofs =
                new Proofs(
                        (level, from, to) -> levels.get(level / 8).subList((int) from, (int) to));
        assertThat(proofs.root(size)).isEqualTo(frontier.root());
        assertThat(proofs.frontier(size).root()).isEqualTo(frontier.root());
        for (int index : List.of(0, 255, 256, 65_535, 65_536, 69_999)) {
            assertThat(
                            Merkle.includes(
                                    index,
                                    size,
                                    plain(index),
                                    proofs.inclusion(index, size),
                                    frontier.root()))
                    .isTrue();
        }
        for (int first : List.of(1, 256, 300, 65_536, 65_537, 69_999)) {
            assertThat(
                            Consistency.holds(
                                    first,
                                    size,
                                    proofs.root(first),
                                    frontier.root(),
                                    proofs.consistency(first, size)))
                    .isTrue();
        }
    }

    private static List<byte[]> flipped(List<byte[]> proof, int at) {
        List<byte[]> wrong = new ArrayList<>(proof);
        byte[] hash = Arrays.copyOf(proof.get(at), 32);
        hash[at % 32] ^= 8;
        wrong.set(at, hash);
        return wrong;
    }

    private static Proofs proofs(int size) {
        return new Proofs((level, from, to) -> {
            assertThat(level).isZero();
            List<byte[]> leaves = new ArrayList<>();
            for (long i = from; i < Math.min(to, size); i++) {
                leaves.add(plain((int) i));
            }
            return leaves;
        });
    }

    private static byte[] plain(int index) {
        return Merkle.leaf(ascii("entry " + index));
    }

    private static byte[] leaf(int index) {
        return Merkle.leaf(HEX.parseHex(LEAVES.get(index)));
    }

    private static Proofs reference() {
        return new Proofs((level, from, to) -> {
            List<byte[]> leaves = new ArrayList<>();
            for (long i = from; i < to; i++) {
                leaves.add(leaf((int) i));
            }
            return leaves;
        });
    }

    private static List<String> inclusion(int index, int size) throws Exception {
        return reference().inclusion(index, size).stream().map(Digests::hex).toList();
    }

    private static List<String> consistency(int first, int second) throws Exception {
        return reference().consistency(first, second).stream().map(Digests::hex).toList();
    }

    private static String canonical(String json) throws Exception {
        return CanonicalJson.text(new ObjectMapper().readTree(json));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
