package org.consentgateway.cli.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command deletes without a call. */
class RecordWordsCommandTest {
    private static final Instant NOW = Instant.parse("2027-01-01T09:00:00Z");

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    /** One was to be kept until yesterday, one until next month. */
    @BeforeEach
    void twoWereRecorded() throws Exception {
        Files.writeString(
                folder.resolve("labels.tsv"),
                """
                path\tlanguage\tword\tspeaker\tcondition\tuntil
                over.wav\tde\tja\tstaff|1\ttelephone\t2026-12-31T09:00:00Z
                left.wav\tde\tja\tstaff|2\ttelephone\t2027-02-01T09:00:00Z
                """);
        Files.writeString(folder.resolve("over.wav"), "");
        Files.writeString(folder.resolve("left.wav"), "");
    }

    private int run(String... more) {
        return runIn(folder, more);
    }

    private int runIn(Path into, String... more) {
        String[] arguments = new String[4 + more.length];
        System.arraycopy(
                new String[] {"--into", into.toString(), "--keep", "365"}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return new CommandLine(new RecordWordsCommand(InstantSource.fixed(NOW)))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    private void onlyTheOtherIsLeft() {
        assertThat(folder.resolve("over.wav")).doesNotExist();
        assertThat(folder.resolve("left.wav")).exists();
    }

    @Test
    void whatIsOverGoesWithoutALine() {
        assertThat(run("--delete-old")).isZero();
        onlyTheOtherIsLeft();
        assertThat(out.toString()).contains("1 recordings deleted, 1 are left.");
    }

    /** Whoever ends the line has to know that nothing deletes what is left. */
    @Test
    void whatIsOverGoesAtTheStartAndTheEndSaysHowTheRestWill() {
        assertThat(run("--listen", "no address")).isNotZero();
        onlyTheOtherIsLeft();
        assertThat(out.toString())
                .contains(
                        "1 recordings are left, and nothing deletes them once this has ended",
                        "record-words --into " + folder + " --delete-old");
    }

    /** Such as from cron, by a name with a mistake in it, or before a disk is mounted. */
    @Test
    void aFolderWithoutAListIsNotTakenForOneInWhichNothingIsOver() throws Exception {
        Path wrong = folder.resolve("recordngs");
        Path empty = Files.createDirectory(folder.resolve("empty"));

        for (Path into : List.of(wrong, empty)) {
            errors.getBuffer().setLength(0);
            assertThat(runIn(into, "--delete-old")).isNotZero();
            assertThat(errors.toString()).contains("--into " + into + " holds no recordings");
            assertThat(runIn(into, "--delete", "4711")).isNotZero();
        }
        assertThat(out.toString()).isEmpty();
        assertThat(wrong).doesNotExist();
        assertThat(empty).isEmptyDirectory();
    }
}
