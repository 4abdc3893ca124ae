package org.consentgateway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What staff agreed to be kept for thirty days is kept for thirty days. */
class StaffRecordingsTest {
    private static final Instant BEGIN = Instant.parse("2026-12-01T09:00:00Z");
    private static final short[] SOUND = new short[800];

    @TempDir Path folder;

    /** A command that is started so many days later, with this many in {@code --keep}. */
    private StaffRecordings after(int days, int keep) throws Exception {
        Instant now = BEGIN.plus(Duration.ofDays(days));
        return new StaffRecordings(folder, InstantSource.fixed(now), Duration.ofDays(keep));
    }

    @Test
    void eachIsKeptAsLongAsItsSpeakerWasToldWhateverOthersAreToldLater() throws Exception {
        after(0, 30).keep("staff|1", "de", "ja", SOUND);
        after(0, 365).keep("staff|2", "de", "ja", SOUND);

        assertThat(after(29, 1).deleteOld()).isZero();
        assertThat(after(30, 365).deleteOld()).isEqualTo(1);
        assertThat(sounds()).containsExactly("staff-2-1.wav");
        assertThat(after(364, 1).deleteOld()).isZero();
        assertThat(after(365, 365).deleteOld()).isEqualTo(1);
        assertThat(sounds()).isEmpty();
        assertThat(after(365, 365).size()).isZero();
    }

    /** What they were told is written nowhere. */
    @Test
    void whatWasRecordedBeforeGoesByItsAge() throws Exception {
        Files.writeString(
                folder.resolve("labels.tsv"),
                """
                path\tlanguage\tword\tspeaker\tcondition
                old.wav\tde\tja\tstaff|1\ttelephone
                odd.wav\tde\tja\tstaff|2\ttelephone\tsoon
                gone.wav\tde\tja\tstaff|3\ttelephone
                """);
        for (String file : List.of("old.wav", "odd.wav")) {
            Files.setLastModifiedTime(
                    Files.writeString(folder.resolve(file), ""), FileTime.from(BEGIN));
        }
        after(0, 30).keep("staff|4", "de", "nein", SOUND);

        assertThat(Files.readAllLines(folder.resolve("labels.tsv")).getFirst())
                .isEqualTo("path\tlanguage\tword\tspeaker\tcondition\tuntil");
        assertThat(after(29, 30).deleteOld()).as("no recording belongs to it").isEqualTo(1);
        assertThat(sounds()).containsExactly("odd.wav", "old.wav", "staff-4-1.wav");
        assertThat(after(29, 29).deleteOld()).isEqualTo(2);
        assertThat(sounds()).containsExactly("staff-4-1.wav");
    }

    /** Nothing would ever delete it. */
    @Test
    void whatCannotBeListedIsNotKept() throws Exception {
        StaffRecordings recordings = after(0, 30);
        Path inTheWay = Files.createDirectory(folder.resolve("labels.tsv.new"));
        Files.writeString(inTheWay.resolve("file"), "");

        assertThatIOException().isThrownBy(() -> recordings.keep("staff|1", "de", "ja", SOUND));
        assertThat(sounds()).isEmpty();
    }

    @Test
    void whatNoRowNamesGoesWithTheOldOnes() throws Exception {
        after(0, 30).keep("staff|1", "de", "ja", SOUND);
        Files.writeString(folder.resolve("staff-2-1.wav"), "of an earlier version");
        Files.writeString(folder.resolve("mine.wav"), "not made here");

        assertThat(after(1, 30).deleteOld()).isEqualTo(1);
        assertThat(sounds()).containsExactly("mine.wav", "staff-1-1.wav");
    }

    @Test
    void nobodyElseOnThisMachineReadsThem() throws Exception {
        after(0, 30).keep("staff|1", "de", "ja", SOUND);
        for (String file : List.of("labels.tsv", "staff-1-1.wav")) {
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(folder.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
    }

    private List<String> sounds() throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".wav"))
                    .sorted()
                    .toList();
        }
    }
}
