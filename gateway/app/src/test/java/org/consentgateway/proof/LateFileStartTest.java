package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.proof.late.LateFile;
import org.consentgateway.testkit.disk.SmallDisk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that starts where its disk takes nothing: what waits on it is there all the same. */
class LateFileStartTest {
    @TempDir private Path directory;
    private Path file;
    private Path inTheWay;
    private List<ConsentRecord> records;

    @BeforeEach
    void threeWithdrawalsWait() throws Exception {
        threeWaitIn(directory);
        inTheWay = directory.resolve("late.jsonl.new").resolve("file");
    }

    private void threeWaitIn(Path folder) throws Exception {
        file = folder.resolve("late.jsonl");
        records = Stream.generate(LateFileStartTest::withdrawn).limit(3).toList();
        assertThat(LateFile.open(file).keep(records)).isTrue();
    }

    private static ConsentRecord withdrawn() {
        return LateRecordsTest.withdrawn(EntryIds.next(LateRecordsTest.NOW));
    }

    private SmallDisk smallDisk() throws Exception {
        var mounted = SmallDisk.at(directory, 1);
        assumeTrue(mounted.isPresent(), "needs root: a small disk of its own is filled");
        return mounted.get();
    }

    /** What cannot be read then. */
    private String changesTheSecond() throws IOException {
        List<String> lines = Files.readAllLines(file);
        String changed = lines.get(1).replaceFirst("5u8j3c7", "5u8j3c8");
        Files.write(file, List.of(lines.get(0), changed, lines.get(2)));
        return changed;
    }

    /** Nor can any file be written there that is to take its place. */
    private void nothingIsWrittenAnew() throws Exception {
        Files.createDirectory(inTheWay.getParent());
        Files.createFile(inTheWay);
    }

    @Test
    void aFullDiskStopsNoStart() throws Exception {
        try (SmallDisk small = smallDisk()) {
            threeWaitIn(directory);
            Path filler = small.fill();

            LateFile late = LateFile.open(file);

            assertThat(late.kept()).containsExactlyElementsOf(records);
            assertThat(late.isDamaged()).isFalse();
            Files.delete(filler);
            assertThat(late.keep(List.of(withdrawn()))).isTrue();
            assertThat(LateFile.open(file).kept()).hasSize(4);
        }
    }

    @Test
    void whatCannotBeReadOnAFullDiskIsDamageUntilThereIsRoomToPutItAside() throws Exception {
        try (SmallDisk small = smallDisk()) {
            threeWaitIn(directory);
            String changed = changesTheSecond();
            Path damaged = directory.resolve("late.jsonl.damaged");
            Path filler = small.fill();

            LateFile late = LateFile.open(file);

            assertThat(late.kept()).containsExactly(records.get(0), records.get(2));
            assertThat(late.damage().orElseThrow())
                    .contains("stay in " + file, "make room", "leave both files");
            assertThat(Files.readAllLines(file)).as("it is nowhere else").contains(changed);
            Files.deleteIfExists(damaged);
            late.look();
            assertThat(late.isDamaged()).as("nobody has seen to it").isTrue();

            Files.delete(filler);
            late.forget(List.of());
            assertThat(Files.readAllLines(damaged)).containsExactly(changed);
            assertThat(Files.readAllLines(file)).hasSize(2).doesNotContain(changed);
            assertThat(late.damage().orElseThrow()).contains("are in " + damaged);
        }
    }

    @Test
    void whatFoundNoRoomToBeWrittenAnewLeavesTheRestOfItToOthers() throws Exception {
        try (SmallDisk small = smallDisk()) {
            threeWaitIn(directory);
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            lines.addFirst(lines.getFirst());
            Files.write(file, lines);
            Path filler = small.fill();

            LateFile late = LateFile.open(file);

            assertThat(late.kept()).containsExactlyElementsOf(records);
            assertThat(directory.resolve("late.jsonl.new")).doesNotExist();
            Files.delete(filler);
        }
    }

    @Test
    void whatCannotBeReadIsPutAsideOnceHoweverOftenItCannotBeWrittenAnew() throws Exception {
        String changed = changesTheSecond();
        nothingIsWrittenAnew();
        assertThat(LateFile.open(file).isDamaged()).isTrue();
        assertThat(LateFile.open(file).isDamaged()).isTrue();

        Files.delete(inTheWay);
        assertThat(LateFile.open(file).isDamaged()).isTrue();

        assertThat(Files.readAllLines(directory.resolve("late.jsonl.damaged")))
                .containsExactly(changed);
        assertThat(Files.readAllLines(file)).hasSize(2).doesNotContain(changed);
    }

    @Test
    void whatIsAsItWasWrittenIsNotWrittenAnew() throws Exception {
        List<String> before = Files.readAllLines(file);
        nothingIsWrittenAnew();

        assertThat(LateFile.open(file).kept()).containsExactlyElementsOf(records);

        assertThat(Files.readAllLines(file)).isEqualTo(before);
    }

    @Test
    void halfALineAtItsEndIsTakenOffAndIsNoDamageOnceMoreIsKept() throws Exception {
        Files.writeString(file, Files.readString(file).substring(0, 40), StandardOpenOption.APPEND);
        nothingIsWrittenAnew();
        LateFile late = LateFile.open(file);
        assertThat(late.kept()).containsExactlyElementsOf(records);

        ConsentRecord another = withdrawn();
        assertThat(late.keep(List.of(another))).isTrue();

        List<ConsentRecord> all = new ArrayList<>(records);
        all.add(another);
        LateFile again = LateFile.open(file);
        assertThat(again.kept()).containsExactlyElementsOf(all);
        assertThat(again.isDamaged()).isFalse();
    }

    @Test
    void whatCannotBeWrittenAnewAtTheStartIsAsSoonAsItCanBe() throws Exception {
        List<String> lines = Files.readAllLines(file);
        Files.write(file, List.of(lines.get(0), lines.get(0), lines.get(1), lines.get(2)));
        nothingIsWrittenAnew();
        LateFile late = LateFile.open(file);
        assertThat(late.kept()).containsExactlyElementsOf(records);
        assertThat(Files.readAllLines(file)).hasSize(4);

        Files.delete(inTheWay);
        late.forget(List.of());

        assertThat(Files.readAllLines(file)).isEqualTo(lines);
    }
}
