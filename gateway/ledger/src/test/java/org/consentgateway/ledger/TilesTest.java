package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tiles.ProofCheck;
import org.consentgateway.ledger.tiles.TileCheck;
import org.consentgateway.ledger.tiles.TlogProof;
import org.consentgateway.ledger.tree.VerifierKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log as static files, and what third parties prove with them. */
class TilesTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    private static LedgerSettings settings(TestStore store, Path directory) {
        return TestSettings.withCheckpoints(store.settings(directory), 100_000, Duration.ofDays(1));
    }

    private static List<VerifierKey> keys(LedgerSettings settings) throws IOException {
        return KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder, new FileVisitOption[0])) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aLogThatGrowsIsAddedToAndWhatIsFullStays(TestStore store) throws Exception {
        LedgerSettings settings = settings(store, directory.resolve("gateway"));
        Path tiles = directory.resolve("tiles");
        Path log = tiles.resolve("node-1");
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 70);
            ledger.checkpoint();
            assertThat(LedgerArchive.open(settings).publish(tiles))
                    .singleElement()
                    .satisfies(one -> assertThat(one.entries()).isEqualTo(70));
            assertThat(files(log))
                    .containsExactly("checkpoint", "tile/0/000.p/70", "tile/entries/000.p/70");
            String kept = Files.readString(log.resolve("checkpoint"));

            LedgerTest.fill(ledger, 450);
            ledger.checkpoint();
            LedgerArchive.open(settings).publish(tiles);
            assertThat(files(log))
                    .containsExactly(
                            "checkpoint",
                            "tile/0/000",
                            "tile/0/001",
                            "tile/0/002.p/8",
                            "tile/1/000.p/2",
                            "tile/entries/000",
                            "tile/entries/001",
                            "tile/entries/002.p/8");
            assertThat(Files.size(log.resolve("tile/0/000"))).isEqualTo(8192);
            var full = Files.getLastModifiedTime(log.resolve("tile/0/000"));
            LedgerTest.fill(ledger, 1);
            ledger.checkpoint();
            assertThat(LedgerArchive.open(settings).publish(tiles).getFirst().files())
                    .as("a tile, a bundle, the checkpoint")
                    .isEqualTo(3);
            assertThat(Files.getLastModifiedTime(log.resolve("tile/0/000"))).isEqualTo(full);

            Verification whole = TileCheck.of(log, keys(settings), Map.of("kept", kept));
            assertThat(Records.words(whole)).isEmpty();
            assertThat(whole.logs().getFirst().entries()).isEqualTo(521);
            assertThat(whole.logs().getFirst().checkpoints()).as("the kept one, too").isEqualTo(2);
        }
    }

    @Test
    void nothingInItIsPersonalAndEveryEntryHashesToItsLeaf() throws Exception {
        LedgerSettings settings = settings(TestStore.SQLITE, directory.resolve("gateway"));
        Path tiles = directory.resolve("tiles");
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            Records.append(ledger, Records.given("call-x", "anna"));
            ledger.checkpoint();
            LedgerArchive.open(settings).publish(tiles);
        }
        byte[] bundle = Files.readAllBytes(tiles.resolve("node-1/tile/entries/000.p/1"));
        int length = Byte.toUnsignedInt(bundle[0]) << 8 | Byte.toUnsignedInt(bundle[1]);
        assertThat(length).isEqualTo(bundle.length - 2);
        String entry = new String(bundle, 2, length, StandardCharsets.UTF_8);
        assertThat(entry)
                .startsWith("{\"commitment\":\"")
                .doesNotContain("anna", "call-x", "hotline", "komfort");
        byte[] leaf = Files.readAllBytes(tiles.resolve("node-1/tile/0/000.p/1"));
        assertThat(leaf)
                .isEqualTo(
                        org.consentgateway.ledger.tree.Merkle.leaf(
                                Arrays.copyOfRange(bundle, 2, bundle.length)));
    }

    @Test
    void whatWasChangedInTheFilesIsFound() throws Exception {
        LedgerSettings settings = settings(TestStore.SQLITE, directory.resolve("gateway"));
        Path tiles = directory.resolve("tiles");
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 300);
            ledger.checkpoint();
            LedgerArchive.open(settings).publish(tiles);
        }
        Path log = tiles.resolve("node-1");
        for (String file : files(log)) {
            byte[] right = Files.readAllBytes(log.resolve(file));
            byte[] wrong = right.clone();
            wrong[right.length - Math.min(40, right.length)] ^= 1;
            Files.write(log.resolve(file), wrong);
            assertThat(passes(log, settings)).as("an octet of " + file).isFalse();
            Files.write(log.resolve(file), Arrays.copyOf(right, right.length - 1));
            assertThat(passes(log, settings)).as(file + " cut").isFalse();
            Files.write(log.resolve(file), right);
        }
        assertThat(passes(log, settings)).isTrue();
    }

    private static boolean passes(Path log, LedgerSettings settings) {
        try {
            return TileCheck.of(log, keys(settings), Map.of()).passed();
        } catch (IOException e) {
            return false; // no checkpoint at all
        }
    }

    /** Whoever puts back the store is told by what was published. */
    @Test
    void aStoreThatIsNotWhatWasPublishedIsNotWrittenOverIt() throws Exception {
        LedgerSettings settings = settings(TestStore.SQLITE, directory.resolve("gateway"));
        Path tiles = directory.resolve("tiles");
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 20);
            ledger.checkpoint();
            LedgerArchive.open(settings).publish(tiles);
        }
        LedgerSettings other = settings(TestStore.SQLITE, directory.resolve("other"));
        try (Ledger ledger = Ledger.open(other, CLOCK)) {
            LedgerTest.fill(ledger, 10);
            ledger.checkpoint();
            assertThatThrownBy(() -> LedgerArchive.open(other).publish(tiles))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("entries were cut off, or this is an old state");
            LedgerTest.fill(ledger, 20);
            ledger.checkpoint();
            assertThatThrownBy(() -> LedgerArchive.open(other).publish(tiles))
                    .hasMessageContaining("has another root");
        }
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            Rows.change(connection, "UPDATE ledger_entry SET time_ms = 1 WHERE idx = 3");
        }
        assertThatThrownBy(
                        () -> LedgerArchive.open(settings).publish(directory.resolve("elsewhere")))
                .hasMessageContaining("entry 3 of consent-gateway.local/log/node-1 was changed");
    }

    @Test
    void growthIsProvedBetweenAnyTwoSizesAndToWhoeverHasKeptACheckpoint() throws Exception {
        LedgerSettings settings = settings(TestStore.SQLITE, directory.resolve("gateway"));
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            for (int grown : List.of(3, 5, 248, 44)) {
                LedgerTest.fill(ledger, grown);
                ledger.checkpoint();
            }
            List<Long> sizes = List.of(3L, 8L, 256L, 300L);
            LedgerArchive archive = LedgerArchive.open(settings);
            for (long from : sizes) {
                String kept = archive.grown("node-1", 0, from).checkpoint();
                for (long to : sizes.subList(sizes.indexOf(from), sizes.size())) {
                    String proof = archive.grown("node-1", from, to).text();
                    ProofCheck check = ProofCheck.of(proof, keys(settings), Map.of("kept", kept));
                    assertThat(check.passed()).as(check.toString()).isTrue();
                    assertThat(check.lines())
                            .contains(
                                    "consent-gateway.local/log/node-1 has only grown, from "
                                            + from
                                            + " entries (kept) to "
                                            + to);
                    assertThat(ProofCheck.of(proof, keys(settings), Map.of()).passed())
                            .as("without what it begins with it proves nothing")
                            .isFalse();
                    assertThat(ProofCheck.of(proof, List.of(), Map.of("kept", kept)).passed())
                            .isFalse();
                }
            }
            String proof = archive.grown("node-1", 8, null).text();
            assertThat(proof).startsWith("old 8\n").contains("\n300\n");
            String other = archive.grown("node-1", 0, 256L).checkpoint();
            assertThat(ProofCheck.of(proof, keys(settings), Map.of("kept", other)).passed())
                    .isFalse();
            assertThatThrownBy(() -> archive.grown("node-1", 8, 100L))
                    .hasMessageContaining("no checkpoint was signed at 100 entries; the next one")
                    .hasMessageContaining("256");
            assertThatThrownBy(() -> archive.grown("node-1", 301, null))
                    .hasMessageContaining("no growth from 301 to 300");
            assertThatThrownBy(() -> archive.grown("node-9", 1, null))
                    .hasMessageContaining("no log of a node node-9");
        }
    }

    @Test
    void anEntryIsProvedWithoutItsContent() throws Exception {
        LedgerSettings settings = settings(TestStore.SQLITE, directory.resolve("gateway"));
        String text;
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 10);
            CommittedEntry given = Records.append(ledger, Records.given("call-x", "anna"));
            LedgerTest.fill(ledger, 10);
            text = TlogProof.of(Records.receipt(ledger, settings, given.entryId())).text();
        }
        assertThat(text).startsWith("c2sp.org/tlog-proof@v1\nextra ").contains("\nindex 10\n");
        ProofCheck check = ProofCheck.of(text, keys(settings), Map.of());
        assertThat(check.passed()).as(check.toString()).isTrue();
        assertThat(check.lines().getFirst())
                .startsWith("entry 10 of consent-gateway.local/log/node-1 is {\"commitment\":")
                .doesNotContain("anna");
        for (String wrong :
                List.of(
                        text.replace("index 10", "index 11"),
                        text.replaceFirst("\n[A-Za-z0-9+/]{43}=\n", "\n"),
                        text.replace("extra e", "extra f"),
                        text.replace("\n21\n", "\n20\n"),
                        text + "\n")) {
            assertThat(wrong).isNotEqualTo(text);
            assertThat(ProofCheck.of(wrong, keys(settings), Map.of()).passed()).isFalse();
        }
    }
}
