package org.consentgateway.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.Proofs;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a C2SP tlog-witness signs, and above all what it does not. */
class CosignerTest {
    private static final Instant NOW = Instant.parse("2026-11-28T07:00:00Z");
    private static final String ORIGIN = "consent.example/log/node-1";

    @TempDir private Path directory;

    private final SigningKey key = SigningKey.create(ORIGIN);
    private final Tree tree = new Tree("a");

    /** The same up to the tenth entry, and then another. */
    private final Tree fork = new Tree("b");

    private Path logs;
    private WitnessMemory memory;
    private Cosigner cosigner;

    /** A log of many small entries. */
    private static final class Tree {
        private final List<byte[]> leaves = new ArrayList<>();
        private final Proofs proofs =
                new Proofs((level, from, to) -> {
                    List<byte[]> hashes = new ArrayList<>();
                    for (long at = from; at < to; at++) {
                        hashes.add(
                                level == 0
                                        ? leaves.get((int) at)
                                        : root(at << level, (at + 1) << level));
                    }
                    return hashes;
                });

        Tree(String name) {
            for (int i = 0; i < 40; i++) {
                String entry = (i < 10 ? "" : name) + i;
                leaves.add(Merkle.leaf(entry.getBytes(StandardCharsets.UTF_8)));
            }
        }

        private byte[] root(long from, long to) {
            throw new IllegalStateException("no tiles in so small a tree: " + from + " to " + to);
        }

        Checkpoint at(long size) throws Exception {
            return new Checkpoint(ORIGIN, size, proofs.root(size));
        }
    }

    @BeforeEach
    void start() throws Exception {
        logs = directory.resolve("logs");
        Files.writeString(logs, "# of the company\nlog " + key.verifier().text() + "\n");
        open();
    }

    private void open() throws IOException {
        memory = WitnessMemory.open(directory.resolve("w"), "witness.example/w1");
        cosigner = new Cosigner(memory, WitnessedLogs.of(logs), InstantSource.fixed(NOW));
    }

    @AfterEach
    void stop() throws Exception {
        memory.close();
    }

    private String note(Tree of, long size) throws Exception {
        return SignedNote.sign(of.at(size).text(), List.of(key));
    }

    private Cosigner.Answer add(long old, Tree of, long size, SigningKey... by) throws Exception {
        String note =
                SignedNote.sign(of.at(size).text(), by.length == 0 ? List.of(key) : List.of(by));
        return cosigner.add(body(old, of, size, note));
    }

    private static String body(long old, Tree of, long size, String note) throws Exception {
        StringBuilder body = new StringBuilder("old " + old + "\n");
        if (old <= size) {
            for (byte[] hash : of.proofs.consistency(old, size)) {
                body.append(Base64.getEncoder().encodeToString(hash)).append('\n');
            }
        }
        return body.append('\n').append(note).toString();
    }

    private boolean isCosigned(Cosigner.Answer answer, Checkpoint checkpoint) {
        String note =
                SignedNote.with(SignedNote.sign(checkpoint.text(), List.of(key)), answer.body());
        var policy =
                TrustPolicy.of(
                        List.of(new TrustPolicy.Witness("w", memory.key().witness(), null)), 1);
        return SignedNote.parse(note).map(one -> policy.judge(one).enough()).orElse(false);
    }

    @Test
    void whatContinuesIsCosignedAndASizeThatIsNotKnownIsCorrected() throws Exception {
        Cosigner.Answer first = add(0, tree, 9);
        assertThat(first.status()).isEqualTo(200);
        assertThat(isCosigned(first, tree.at(9))).isTrue();

        Cosigner.Answer corrected = add(0, tree, 23);
        assertThat(corrected).isEqualTo(new Cosigner.Answer(409, "text/x.tlog.size", "9\n"));
        assertThat(isCosigned(add(9, tree, 23), tree.at(23))).isTrue();
        assertThat(isCosigned(add(23, tree, 23), tree.at(23))).as("asked again").isTrue();
    }

    @Test
    void noRollbackAndNoForkIsEverCosigned() throws Exception {
        assertThat(add(0, tree, 23).status()).isEqualTo(200);
        for (int restarts = 0; restarts < 2; restarts++) {
            assertThat(add(0, tree, 9).status()).isEqualTo(409);
            assertThat(add(9, tree, 9).status()).isEqualTo(409);
            assertThat(add(23, tree, 9).status()).isEqualTo(400);
            assertThat(add(23, fork, 23).status()).isEqualTo(422);
            assertThat(add(23, fork, 30).status()).isEqualTo(422);
            assertThat(add(9, fork, 30).status()).isEqualTo(409);
            memory.close();
            open();
        }
        assertThat(memory.newest(ORIGIN).orElseThrow().size()).isEqualTo(23);
        assertThat(directory.resolve("w/evidence"))
                .as("what the log has signed against itself is kept")
                .isDirectoryContaining(file -> file.toString().contains("000000000030-"))
                .isDirectoryContaining(file -> file.toString().contains("000000000023-"));
        assertThat(add(23, tree, 30).status()).isEqualTo(200);
    }

    @Test
    void itIsOnTheDiskBeforeItIsAnswered() throws Exception {
        assertThat(add(0, tree, 9).status()).isEqualTo(200);
        Path seen = directory.resolve("w/seen.json");
        assertThat(Files.readString(seen)).contains(ORIGIN, "witness.example/w1");
        Files.delete(seen);
        Files.createDirectories(seen.resolve("in the way"));
        assertThat(add(9, tree, 23).status()).isEqualTo(500);
        assertThat(memory.newest(ORIGIN).orElseThrow().size()).as("nor remembered").isEqualTo(9);
    }

    @Test
    void onlyALogThatIsKnownUnderAKeyThatIsKnownIsListenedTo() throws Exception {
        SigningKey thief = SigningKey.create(ORIGIN);
        SigningKey other = SigningKey.create("other.example/log");
        assertThat(add(0, tree, 9, thief).status()).isEqualTo(403);
        String forged = SignedNote.sign(tree.at(9).text(), List.of(key)).replace("\n9\n", "\n10\n");
        assertThat(cosigner.add("old 0\n\n" + forged).status()).isEqualTo(403);
        Checkpoint elsewhere = new Checkpoint("other.example/log", 3, tree.at(3).root());
        assertThat(
                        cosigner.add(
                                        "old 0\n\n"
                                                + SignedNote.sign(elsewhere.text(), List.of(other)))
                                .status())
                .isEqualTo(404);

        // Read again without a restart; a key that was revoked counts no more.
        Files.writeString(
                logs,
                key.verifier().text()
                        + " revoked=2026-11-28T06:00:00Z\n"
                        + other.verifier().text()
                        + "\n");
        Files.setLastModifiedTime(logs, FileTime.from(NOW.plusSeconds(5)));
        assertThat(
                        cosigner.add(
                                        "old 0\n\n"
                                                + SignedNote.sign(elsewhere.text(), List.of(other)))
                                .status())
                .isEqualTo(200);
        assertThat(add(0, tree, 9).status()).isEqualTo(403);
    }

    @Test
    void whatHasNotTheFormIsRefused() throws Exception {
        String note = SignedNote.sign(tree.at(9).text(), List.of(key));
        String hash = Base64.getEncoder().encodeToString(new byte[32]) + "\n";
        for (String wrong :
                List.of(
                        "",
                        "old 0",
                        "old 0\n\n",
                        "\n\n" + note,
                        "old 00\n\n" + note,
                        "old -1\n\n" + note,
                        "new 0\n\n" + note,
                        "old 0\n" + note,
                        "old 0\nnot base64!\n\n" + note,
                        "old 0\nAAAA\n\n" + note,
                        "old 0\n" + hash.repeat(64) + "\n" + note,
                        "old 0\n\n" + tree.at(9).text())) {
            assertThat(cosigner.add(wrong).status()).as(wrong).isEqualTo(400);
        }
        assertThat(cosigner.add("old 0\n" + hash + "\n" + note).status())
                .as("nothing to prove from nothing")
                .isEqualTo(422);
        Checkpoint notEmpty = new Checkpoint(ORIGIN, 0, new byte[32]);
        assertThat(
                        cosigner.add("old 0\n\n" + SignedNote.sign(notEmpty.text(), List.of(key)))
                                .status())
                .isEqualTo(422);
        assertThat(add(0, tree, 0).status()).as("an empty log").isEqualTo(200);
    }

    /** Whoever can read the newest checkpoint here can hand it in again, with any proof. */
    @Test
    void aWrongProofOfWhatWasSeenShowsNothingAgainstTheLog() throws Exception {
        String hash = Base64.getEncoder().encodeToString(new byte[32]) + "\n";
        assertThat(cosigner.add("old 0\n" + hash + "\n" + note(tree, 9)).status())
                .as("all continues nothing")
                .isEqualTo(422);
        assertThat(add(0, tree, 23).status()).isEqualTo(200);
        assertThat(cosigner.add("old 23\n" + hash + "\n" + note(tree, 23)).status()).isEqualTo(422);

        assertThat(directory.resolve("w/evidence")).doesNotExist();

        assertThat(cosigner.add("old 23\n" + hash + "\n" + note(fork, 23)).status())
                .as("another tree of that size is evidence, whatever the proof")
                .isEqualTo(422);
        assertThat(directory.resolve("w/evidence")).isNotEmptyDirectory();
    }

    @Test
    void evidenceThatFindsNoRoomIsSaid() throws Exception {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        var log = (Logger) LoggerFactory.getLogger(Cosigner.class);
        assertThat(add(0, tree, 23).status()).isEqualTo(200);
        log.addAppender(said);
        try {
            for (int i = 0; i < 100; i++) {
                assertThat(add(23, new Tree("c" + i), 23).status()).isEqualTo(422);
            }
            assertThat(add(23, new Tree("c0"), 23).status()).as("is there").isEqualTo(422);
            assertThat(said.list).noneMatch(CosignerTest::tellsOfNoRoom);

            assertThat(add(23, fork, 23).status()).isEqualTo(422);

            assertThat(said.list).anyMatch(CosignerTest::tellsOfNoRoom);
        } finally {
            log.detachAppender(said);
        }
        try (var files = Files.list(directory.resolve("w/evidence"))) {
            assertThat(files).hasSize(100);
        }
    }

    private static boolean tellsOfNoRoom(ILoggingEvent line) {
        return line.getLevel() == Level.ERROR
                && line.getFormattedMessage().contains("evidence/ is full");
    }

    @Test
    void whoeverAsksIsShownTheNewestWithBothSignatures() throws Exception {
        String hash = Digests.hex(Digests.of(ORIGIN.getBytes(StandardCharsets.UTF_8)));
        assertThat(cosigner.newest(hash).status()).isEqualTo(404);
        String stranger = SigningKey.create("stranger.example").line(tree.at(9).text());
        String note = SignedNote.sign(tree.at(9).text(), List.of(key)) + stranger;
        assertThat(cosigner.add(body(0, tree, 9, note)).status()).isEqualTo(200);
        SignedNote shown = SignedNote.parse(cosigner.newest(hash).body()).orElseThrow();
        assertThat(shown.verify(List.of(key.verifier())))
                .isInstanceOf(SignedNote.Verdict.Verified.class);
        assertThat(shown.signatures())
                .extracting(SignedNote.SignatureLine::name)
                .containsExactly(ORIGIN, "witness.example/w1");
    }

    @Test
    void itsKeyIsItsOwnersAloneAndAWitnessWithoutAMemoryDoesNotStart() throws Exception {
        Path home = directory.resolve("w");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(home.resolve("witness.key"))))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> WitnessMemory.open(home, "witness.example/w1"))
                .hasMessageContaining("another witness runs");
        String was = memory.key().witness().text();
        memory.close();
        open();
        assertThat(memory.key().witness().text()).isEqualTo(was);
        memory.close();
        assertThatThrownBy(() -> WitnessMemory.open(home, "witness.example/w2"))
                .hasMessageContaining("is the key of witness.example/w1, not of");

        Path seen = home.resolve("seen.json");
        String content = Files.readString(seen);
        Files.writeString(seen, "{\"" + ORIGIN + "\": \"?\"}");
        assertThatThrownBy(() -> WitnessMemory.open(home, "witness.example/w1"))
                .hasMessageContaining("seen.json is damaged: restore it");
        Files.delete(seen);
        assertThatThrownBy(() -> WitnessMemory.open(home, "witness.example/w1"))
                .hasMessageContaining("would sign what it must not");
        Files.writeString(seen, content);
        open();
    }
}
