package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where there is one disk, and it is full, SQLite's driver finds no room for its library. */
class LibraryWithoutRoomTest {
    @TempDir private Path directory;

    /** Of a process of its own: here the library was loaded long ago. */
    private List<String> said(Class<?> main) throws Exception {
        Process process = LedgerProcess.start(main, directory);
        try {
            return process.inputReader(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.matches("(store|start|files): .*"))
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** With what a process that was killed has left of its write-ahead log. */
    @Test
    @Timeout(120)
    void stopsNoStartAndTheStoreIsUpOnceThereIsRoom() throws Exception {
        try (Ledger ledger =
                Ledger.open(TestSettings.inDirectory(directory), InstantSource.system())) {
            Records.append(ledger, Records.given("call-1", "anna"));
        }
        Files.createFile(directory.resolve("ledger.db-wal"));

        List<String> said = said(StartWithoutLibrary.class);

        assertThat(said).as(Files.readString(directory.resolve("stderr"))).hasSize(3);
        assertThat(said.getFirst())
                .contains("library cannot be put into " + directory.resolve("tmp"));
        assertThat(said.subList(1, 3)).containsExactly("store: has entry 1", "store: moved");
    }

    /** A directory mounted noexec, such as this: room there changes nothing. */
    @Test
    @Timeout(120)
    void whereItCannotBeLoadedTheStartEndsAndNothingIsPutThereAgain() throws Exception {
        List<String> said = said(StartWithUnfitLibrary.class);

        assertThat(said).as(Files.readString(directory.resolve("stderr"))).hasSize(4);
        assertThat(said.getFirst())
                .startsWith("start: ended, SQLite's library cannot be loaded from")
                .contains(directory.resolve("tmp") + " (mounted noexec?)");
        assertThat(said.get(2)).isEqualTo(said.getFirst());
        assertThat(said.get(3)).as("what the first left").isEqualTo(said.get(1));
    }
}
