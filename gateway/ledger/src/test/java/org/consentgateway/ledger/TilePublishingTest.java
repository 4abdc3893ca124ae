package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tiles.TileCheck;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Consistency;
import org.consentgateway.ledger.tree.Proofs;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.VerifierKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running log is kept as static files, and whoever follows them can check it at any moment. */
class TilePublishingTest {
    private static final int BUNDLE = 256;

    @TempDir private Path directory;

    private Instant now = Records.START;
    private Path tiles;
    private Path log;
    private LedgerSettings settings;

    @BeforeEach
    void settings() {
        tiles = directory.resolve("tiles");
        log = tiles.resolve("node-1");
        settings =
                TestSettings.withCheckpoints(
                        TestStore.SQLITE.settings(directory.resolve("gateway")),
                        100_000,
                        Duration.ofDays(1));
    }

    private TilePublishing publishing(int bundles) {
        return new TilePublishing(settings, tiles, () -> now, bundles);
    }

    private Ledger open() throws IOException {
        return Ledger.open(settings, InstantSource.fixed(Records.START));
    }

    private List<VerifierKey> keys() throws IOException {
        return KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
    }

    /** As a client of C2SP tlog-tiles does: by the files alone, and the full tile for a partial. */
    private final class Follower {
        private Checkpoint seen = new Checkpoint("", 0, new byte[0]);
        private final List<Long> sizes = new ArrayList<>();

        private void look() throws Exception {
            if (!Files.exists(log.resolve("checkpoint"))) {
                return;
            }
            SignedNote note =
                    SignedNote.parse(Files.readString(log.resolve("checkpoint"))).orElseThrow();
            assertThat(note.verify(keys())).isInstanceOf(SignedNote.Verdict.Verified.class);
            Checkpoint found = Checkpoint.parse(note.text()).orElseThrow();
            var proofs = new Proofs((level, from, to) -> hashes(level, from, to, found.size()));
            assertThat(proofs.root(found.size())).isEqualTo(found.root());
            assertThat(found.size()).as("never an older one").isGreaterThanOrEqualTo(seen.size());
            if (seen.size() > 0) {
                assertThat(
                                Consistency.holds(
                                        seen.size(),
                                        found.size(),
                                        seen.root(),
                                        found.root(),
                                        proofs.consistency(seen.size(), found.size())))
                        .isTrue();
            }
            if (found.size() > seen.size()) {
                sizes.add(found.size());
            }
            seen = found;
        }

        private List<byte[]> hashes(int level, long from, long to, long size) {
            List<byte[]> all = new ArrayList<>();
            long there = size >> level;
            for (long at = from; at < to; at++) {
                long tile = at / BUNDLE;
                int width = (int) Math.min(BUNDLE, there - tile * BUNDLE);
                byte[] octets = octets(level / 8, tile, width);
                int begin = (int) (at % BUNDLE) * 32;
                all.add(Arrays.copyOfRange(octets, begin, begin + 32));
            }
            return all;
        }

        private byte[] octets(int level, long tile, int width) {
            String full = "tile/%d/%03d".formatted(level, tile);
            Path partial = log.resolve(full + ".p/" + width);
            try {
                return Files.readAllBytes(
                        width < BUNDLE && Files.exists(partial) ? partial : log.resolve(full));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void whoFollowsTheFilesFindsThatTheLogOnlyGrows() throws Exception {
        var follower = new Follower();
        TilePublishing publishing = publishing(1);
        try (Ledger ledger = open()) {
            for (int more : new int[] {3, 300, 1, 700, 256, 20}) {
                LedgerTest.fill(ledger, more);
                ledger.checkpoint();
                follower.look();
                while (!publishing.step()) {
                    follower.look();
                }
                follower.look();
                assertThat(publishing.entries()).isEqualTo(follower.seen.size());
            }
        }
        assertThat(follower.sizes).containsExactly(3L, 303L, 304L, 1004L, 1260L, 1280L);
        assertThat(Records.words(TileCheck.of(log, keys(), Map.of()))).isEmpty();
        assertThat(partials()).as("of the tiles that are full nothing else is kept").isEmpty();
    }

    /** Below full tiles, of level 0 and of entries: 1280 entries are five of each. */
    private List<String> partials() throws IOException {
        try (Stream<Path> all = Files.walk(log)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> log.relativize(file).toString())
                    .filter(file -> file.matches("tile/(0|entries)/00[0-4]\\.p/.*"))
                    .toList();
        }
    }

    @Test
    void aLongLogIsWrittenSomeAtATimeAndNobodyIsToldBeforeAllIsThere() throws Exception {
        TilePublishing publishing = publishing(2);
        try (Ledger ledger = open()) {
            LedgerTest.fill(ledger, 5 * BUNDLE + 7);
            ledger.checkpoint();
            assertThat(publishing.step()).isFalse();
            assertThat(log.resolve("tile/entries/001")).exists();
            assertThat(log.resolve("tile/entries/002")).as("at once").doesNotExist();
            assertThat(log.resolve("checkpoint")).doesNotExist();
            assertThat(publishing.wholeAt()).isNull();
            assertThat(publishing.step()).isFalse();
            now = now.plusSeconds(10);
            assertThat(publishing.step()).isTrue();
            assertThat(publishing.wholeAt()).isEqualTo(now);
            assertThat(Records.words(TileCheck.of(log, keys(), Map.of()))).isEmpty();

            var kept = Files.getLastModifiedTime(log.resolve("checkpoint"));
            now = now.plusSeconds(10);
            assertThat(publishing.step()).as("with nothing new").isTrue();
            assertThat(Files.getLastModifiedTime(log.resolve("checkpoint"))).isEqualTo(kept);
            assertThat(publishing.wholeAt()).isEqualTo(now);
        }
    }

    @Test
    void afterARestartOrWhereTheFolderWasTakenAwayNothingIsMissing() throws Exception {
        try (Ledger ledger = open()) {
            LedgerTest.fill(ledger, 3 * BUNDLE);
            ledger.checkpoint();
            assertThat(publishing(2).step()).isFalse();
            TilePublishing again = publishing(2);
            assertThat(again.step()).as("whose are those? written once more").isFalse();
            delete(log);
            assertThat(again.step()).as("what it had written is gone").isTrue();
            assertThat(Records.words(TileCheck.of(log, keys(), Map.of()))).isEmpty();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void ofTwoWhoWriteTheSameFolderOneWaits() throws Exception {
        try (Ledger ledger = open()) {
            LedgerTest.fill(ledger, 3);
            ledger.checkpoint();
            Files.createDirectories(tiles);
            try (FileChannel other =
                            FileChannel.open(
                                    tiles.resolve(".node-1.lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    var lock = other.lock()) {
                assertThat(lock.isValid()).isTrue();
                assertThatThrownBy(() -> publishing(1).step())
                        .hasMessageContaining("somebody else writes");
                assertThatThrownBy(() -> LedgerArchive.open(settings).publish(tiles))
                        .hasMessageContaining("somebody else writes");
                assertThat(log.resolve("checkpoint")).doesNotExist();
            }
            assertThat(publishing(1).step()).isTrue();
        }
    }

    /** The old log stands published as far as it ever went: it is what others have seen. */
    @Test
    void afterARestoreTheLogIsPublishedWhereItGoesOn() throws Exception {
        TilePublishing publishing = publishing(1);
        try (Ledger ledger = open()) {
            LedgerTest.fill(ledger, 4);
            ledger.checkpoint();
            LedgerBackup.take(settings, directory.resolve("backup"), Records.START, _ -> {});
            LedgerTest.fill(ledger, 5);
            ledger.checkpoint();
            assertThat(publishing.step()).isTrue();
        }
        String told = Files.readString(log.resolve("checkpoint"));
        LedgerBackup.restore(settings, directory.resolve("backup"), Records.START);
        Resuming.run(
                settings, Resuming.Why.RESTORED, List.of(), InstantSource.fixed(Records.START));
        try (Ledger ledger = open()) {
            LedgerTest.fill(ledger, 2);
            ledger.checkpoint();
            assertThat(publishing.step()).isTrue();
            LedgerArchive.open(settings).publish(tiles);
        }
        assertThat(Files.readString(log.resolve("checkpoint"))).isEqualTo(told);
        Path next = tiles.resolve("node-1~2");
        assertThat(Files.readString(next.resolve("checkpoint"))).contains("/node-1~2\n3\n");
        assertThat(Records.words(TileCheck.of(next, keys(), Map.of()))).isEmpty();
    }

    @Test
    void whatWasPublishedAndIsOtherwiseNowIsNotWrittenOver() throws Exception {
        TilePublishing publishing = publishing(1);
        try (Ledger ledger = open()) {
            LedgerTest.fill(ledger, 5);
            ledger.checkpoint();
            assertThat(publishing.step()).isTrue();
        }
        Path ours = log.resolve("checkpoint");
        String told = Files.readString(ours);
        LedgerSettings another =
                TestSettings.withCheckpoints(
                        TestStore.SQLITE.settings(directory.resolve("another")),
                        100_000,
                        Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(another, InstantSource.fixed(Records.START))) {
            LedgerTest.fill(ledger, 9);
            ledger.checkpoint();
            assertThatThrownBy(() -> new TilePublishing(another, tiles, () -> now, 1).step())
                    .hasMessageContaining("has another root");
        }
        assertThat(Files.readString(ours)).isEqualTo(told);
    }
}
