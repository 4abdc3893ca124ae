package org.consentgateway.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a witness has said is forgotten by no fault of a disk. */
class WitnessConflictsTest {
    private static final Instant NOW = Instant.parse("2026-12-01T07:00:00Z");
    private static final WitnessConflict.Resolution LOOKED_AT =
            new WitnessConflict.Resolution(NOW, "Ada Meier", "an old backup");

    @TempDir private Path keys;

    private Path file;
    private Path inTheWay;
    private WitnessConflicts conflicts;

    @BeforeEach
    void open() throws IOException {
        file = keys.resolve("conflict-n1.json");
        inTheWay = keys.resolve("conflict-n1.json.tmp");
        conflicts = WitnessConflicts.of(keys, "n1");
    }

    /** As a disk that is full, whoever runs this. */
    private void writingFails() throws IOException {
        Files.createDirectories(inTheWay.resolve("file"));
    }

    private void writingSucceeds() throws IOException {
        Files.delete(inTheWay.resolve("file"));
    }

    private static WitnessConflict conflict(String witness) {
        return new WitnessConflict(NOW, "log/n1", witness, 23, 9, null, null);
    }

    private void addInVain(String witness) {
        assertThatThrownBy(() -> conflicts.add(conflict(witness))).isInstanceOf(IOException.class);
    }

    @Test
    void whatCannotBeWrittenStandsAndIsWrittenWhenItCanBe() throws Exception {
        writingFails();
        addInVain("w1");
        for (int asked = 0; asked < 3; asked++) {
            assertThat(conflicts.standing()).contains(conflict("w1"));
            assertThat(conflicts.writeAgain()).isFalse();
        }
        assertThat(file).doesNotExist();

        writingSucceeds();

        assertThat(conflicts.standing()).contains(conflict("w1"));
        assertThat(file).as("a call asks, and writes nothing").doesNotExist();
        assertThat(conflicts.writeAgain()).isTrue();
        assertThat(conflicts.standing()).contains(conflict("w1"));
        assertThat(WitnessConflicts.of(keys, "n1").standing())
                .as("after a restart, and for the command that resolves it")
                .contains(conflict("w1"));
    }

    /** A command resolves what it finds in the file, and that alone. */
    @Test
    void whatIsNotInTheFileIsNotResolvedWithIt() throws Exception {
        assertThat(conflicts.add(conflict("w1"))).isTrue();
        writingFails();
        addInVain("w2");
        writingSucceeds();
        assertThat(WitnessConflicts.of(keys, "n1").resolve(LOOKED_AT))
                .containsExactly(conflict("w1"));
        Files.setLastModifiedTime(file, FileTime.from(NOW)); // not in the same tick of a clock

        assertThat(conflicts.writeAgain()).isTrue();
        assertThat(conflicts.standing()).contains(conflict("w2"));
        assertThat(conflicts.unresolved()).containsExactly(conflict("w2"));
        assertThat(WitnessConflicts.of(keys, "n1").unresolved()).containsExactly(conflict("w2"));
    }

    @Test
    void whoeverRemovesTheFileResolvesWhatItTold() throws Exception {
        assertThat(conflicts.add(conflict("w1"))).isTrue();
        assertThat(conflicts.standing()).isPresent();
        Files.delete(file);
        assertThat(conflicts.standing()).as("a call asks, and looks at no file").isPresent();
        conflicts.look();
        assertThat(conflicts.standing()).isEmpty();
    }

    @Test
    void whatIsSaidNextUndoesNoResolution() throws Exception {
        assertThat(conflicts.add(conflict("w1"))).isTrue();
        assertThat(WitnessConflicts.of(keys, "n1").resolve(LOOKED_AT)).hasSize(1);
        Files.setLastModifiedTime(file, FileTime.from(NOW)); // not in the same tick of a clock

        assertThat(conflicts.add(conflict("w2"))).isTrue();

        assertThat(conflicts.unresolved()).containsExactly(conflict("w2"));
        assertThat(WitnessConflicts.of(keys, "n1").unresolved()).containsExactly(conflict("w2"));
    }

    /** Whoever writes or looks holds the monitor meanwhile. */
    @Test
    void whoAsksWaitsForNoDiskThatHangs() throws Exception {
        assertThat(conflicts.add(conflict("w1"))).isTrue();
        synchronized (conflicts) {
            assertThat(CompletableFuture.supplyAsync(conflicts::standing).get(10, TimeUnit.SECONDS))
                    .contains(conflict("w1"));
        }
    }
}
