package org.consentgateway.ledger.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policy of C2SP tlog-policy's own example, and what that page forbids. */
class TrustPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-28T07:00:00Z");

    private final SigningKey log = SigningKey.create("example.com/log");
    private final Map<String, CosigningKey> keys = new HashMap<>();
    private final String text = new Checkpoint("example.com/log", 0, Merkle.EMPTY).text();

    TrustPolicyTest() {
        for (String name : List.of("X1", "X2", "X3", "Y1", "Y2", "Y3")) {
            keys.put(name, CosigningKey.create("witness.example/" + name));
        }
    }

    private CosigningKey key(String name) {
        return Objects.requireNonNull(keys.get(name));
    }

    private String line(String text) {
        String filled = text.replace("LOG", log.verifier().text());
        for (Map.Entry<String, CosigningKey> one : keys.entrySet()) {
            filled = filled.replace("KEY-" + one.getKey(), one.getValue().witness().text());
        }
        return filled;
    }

    private String example() {
        return line(
                """
                # Two of the X, and one of the Y.
                log LOG

                witness X1 KEY-X1
                witness X2 KEY-X2 https://x2.example/
                \twitness  X3\tKEY-X3\s
                group X-witnesses 2 X1 X2 X3

                witness Y1 KEY-Y1
                witness Y2 KEY-Y2
                witness Y3 KEY-Y3
                group Y-witnesses any Y1 Y2 Y3

                group X-and-Y all X-witnesses Y-witnesses
                quorum X-and-Y
                """);
    }

    private TrustPolicy.Witnessed judged(TrustPolicy policy, String... by) {
        String note = SignedNote.sign(text, List.of(log));
        for (String name : by) {
            note = SignedNote.with(note, key(name).line(text, NOW));
        }
        return policy.judge(SignedNote.parse(note).orElseThrow());
    }

    @Test
    void groupsOfGroupsAreCounted() {
        TrustPolicy policy = TrustPolicy.parse(example());
        assertThat(policy.logs()).singleElement().matches(log.verifier()::isSame);
        assertThat(judged(policy).enough()).isFalse();
        assertThat(judged(policy, "X1", "X2").enough()).isFalse();
        assertThat(judged(policy, "X1", "Y1", "Y2").enough()).isFalse();
        assertThat(judged(policy, "X1", "X3", "Y2").enough()).isTrue();
        assertThat(judged(policy, "X1", "X1", "Y2").enough()).as("one counts once").isFalse();
    }

    @Test
    void itIsWrittenAsItIsRead() {
        TrustPolicy policy = TrustPolicy.parse(example());
        TrustPolicy again = TrustPolicy.parse(policy.text());
        assertThat(again.text()).isEqualTo(policy.text());
        assertThat(judged(again, "X1", "X3", "Y2").enough()).isTrue();
        assertThat(TrustPolicy.parse(TrustPolicy.NONE.text()).needsWitnesses()).isFalse();
    }

    @Test
    void aWrongCosignatureOfAKnownWitnessSpoilsAllAndAnUnknownOneSaysNothing() {
        TrustPolicy policy = TrustPolicy.parse(line("witness X1 KEY-X1\nquorum X1\n"));
        String other = new Checkpoint("example.com/log", 1, new byte[32]).text();
        String note =
                SignedNote.with(SignedNote.sign(text, List.of(log)), key("X1").line(other, NOW));
        TrustPolicy.Witnessed wrong = policy.judge(SignedNote.parse(note).orElseThrow());
        assertThat(wrong.enough()).isFalse();
        assertThat(wrong.wrong()).containsExactly("X1");
        assertThat(judged(policy, "Y1", "X1").enough()).isTrue();
        assertThat(judged(policy, "Y1").enough()).isFalse();
    }

    @Test
    void aCosignatureWithoutATimeIsNone() {
        TrustPolicy policy = TrustPolicy.parse(line("witness X1 KEY-X1\nquorum X1\n"));
        String note =
                SignedNote.with(
                        SignedNote.sign(text, List.of(log)), key("X1").line(text, Instant.EPOCH));
        assertThat(policy.judge(SignedNote.parse(note).orElseThrow()).enough()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "quorum X1",
                "witness X1 KEY-X1",
                "witness X1 KEY-X1\nquorum X2",
                "witness X1 KEY-X1\nwitness X1 KEY-X2\nquorum X1",
                "witness X1 KEY-X1\nwitness X2 KEY-X1\nquorum X1",
                "witness X1 LOG\nquorum X1",
                "witness none KEY-X1\nquorum none",
                "log KEY-X1\nquorum none",
                "log LOG\nlog LOG\nquorum none",
                "witness X1 KEY-X1\ngroup g 2 X1\nquorum g",
                "witness X1 KEY-X1\ngroup g 0 X1\nquorum g",
                "witness X1 KEY-X1\ngroup g some X1\nquorum g",
                "witness X1 KEY-X1\ngroup g any\nquorum g",
                "witness X1 KEY-X1\ngroup g all X1 X1\nquorum g",
                "witness X1 KEY-X1\ngroup g all X1\ngroup h all X1\nquorum h",
                "quorum none\nquorum none",
                "quorum none\nmirror X1"
            })
    void whatThePageForbidsIsRefused(String wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustPolicy.parse(line(wrong)))
                .withMessageContaining("policy");
    }

    /** Made by Go's crypto/ed25519 and golang.org/x/mod/sumdb, from the page of C2SP. */
    @Test
    void whatAnotherImplementationHasCosignedHoldsUntilOneCharacterIsChanged() {
        String note =
                """
                go.example/log
                5
                fKo0Xb2JKmZFTWxlEuo8PqPw0+whvj/C4jdXBf049nI=

                — go.example/witness\
                 Tk+fBAAAAABrCnvwCl/dde3UYl9lrC1YlLiP+w8KxxTFVeJ2KIxKZNGt2Fc/HaeMRmjY6EYHztrAKFCh\
                w/w/zWPjBERTfJ23QQK9Dg==
                """;
        TrustPolicy policy =
                TrustPolicy.parse(
                        """
                        witness go\
                         go.example/witness+4e4f9f04+BPCxB8xFB8rB12QrmYDpijDgJb5ZA8jAYHrqdGCZnJ+P
                        quorum go
                        """);
        assertThat(policy.judge(SignedNote.parse(note).orElseThrow()).by()).containsExactly("go");
        for (String changed :
                List.of(
                        note.replace("\n5\n", "\n6\n"),
                        note.replace("go.example/log", "go.example/lag"),
                        note.replace("AAAABrCnvw", "AAAABrCnvx"),
                        note.replace("QQK9Dg==", "QQK9Dw=="))) {
            assertThat(policy.judge(SignedNote.parse(changed).orElseThrow()).wrong())
                    .as(changed)
                    .containsExactly("go");
        }
    }

    @Test
    void aKeyIsReadAsItIsWritten() {
        List<String> wrong = new ArrayList<>();
        CosigningKey key = key("X1");
        assertThat(CosigningKey.parse(key.text()).orElseThrow().witness().text())
                .isEqualTo(key.witness().text());
        wrong.add(key.text().replace("PRIVATE", "PUBLIC"));
        wrong.add(key.text().replace("X1", "X2"));
        wrong.add(log.text());
        wrong.add("");
        assertThat(wrong).allMatch(text -> CosigningKey.parse(text).isEmpty());
    }
}
