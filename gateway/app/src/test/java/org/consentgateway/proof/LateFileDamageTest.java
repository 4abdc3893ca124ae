package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.journal.History;
import org.consentgateway.consent.journal.LogPosition;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.late.LateFile;
import org.consentgateway.proof.nodes.LeasedStore;
import org.consentgateway.proof.nodes.NodeLife;
import org.consentgateway.proof.nodes.OtherNodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of late records that a disk or a hand has changed. */
class LateFileDamageTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");

    @TempDir private Path directory;
    private Path file;
    private Path damaged;
    private List<ConsentRecord> records;

    @BeforeEach
    void threeWithdrawalsWait() throws Exception {
        file = directory.resolve("late.jsonl");
        damaged = directory.resolve("late.jsonl.damaged");
        records = Stream.generate(LateFileDamageTest::withdrawn).limit(3).toList();
        LateFile late = LateFile.open(file);
        for (ConsentRecord record : records) {
            assertThat(late.keep(List.of(record))).isTrue();
        }
    }

    private static ConsentRecord withdrawn() {
        return LateRecordsTest.withdrawn(EntryIds.next(NOW));
    }

    private void write(List<String> lines) throws Exception {
        Files.write(file, lines);
    }

    private List<String> lines() throws Exception {
        return new ArrayList<>(Files.readAllLines(file));
    }

    @Test
    void aLineThatIsNotAsItWasWrittenIsPutAsideAndToldUntilSomebodyHasSeenIt() throws Exception {
        List<String> lines = lines();
        String changed = lines.get(1).replaceFirst("5u8j3c7", "5u8j3c8");
        assertThat(changed).isNotEqualTo(lines.get(1));
        write(List.of(lines.get(0), changed, lines.get(2)));

        LateFile late = LateFile.open(file);

        assertThat(late.kept()).containsExactly(records.get(0), records.get(2));
        assertThat(late.isDamaged()).isTrue();
        assertThat(late.damage().orElseThrow()).contains(damaged.toString());
        assertThat(Files.readAllLines(damaged)).containsExactly(changed);
        assertThat(Files.getPosixFilePermissions(damaged)).hasSize(2);
        assertThat(LateFile.open(file).isDamaged()).as("after a restart").isTrue();
        assertThat(Files.readAllLines(damaged)).as("once").containsExactly(changed);
        Files.delete(damaged);
        late.look();
        assertThat(late.damage()).as("without a restart").isEmpty();
    }

    /** A file system that hangs keeps whoever asks it, and callers ring meanwhile. */
    @Test
    void whetherItIsDamagedIsAnsweredWithoutTheDisk() throws Exception {
        write(lines().subList(2, 3));
        LateFile late = LateFile.open(file);
        Files.delete(damaged);
        assertThat(late.isDamaged()).as("as it was looked at last").isTrue();
        late.look();
        assertThat(late.isDamaged()).isFalse();

        Files.createFile(damaged);
        assertThat(late.isDamaged()).isFalse();
        late.look();
        assertThat(late.isDamaged()).isTrue();
    }

    /** Such as a share that answers with an error: a link to itself is one. */
    @Test
    void whatCannotBeLookedAtIsNotSeenTo() throws Exception {
        Path folder = Files.createDirectory(file.resolveSibling("share"));
        LateFile late = LateFile.open(folder.resolve("late.jsonl"));
        late.look();
        assertThat(late.isDamaged()).isFalse();

        Files.move(folder, file.resolveSibling("gone"));
        Files.createSymbolicLink(folder, folder);
        late.look();
        assertThat(late.isDamaged()).isTrue();
    }

    @Test
    void linesThatAreMissingBeforeTheLastAreTold() throws Exception {
        write(lines().subList(2, 3));

        LateFile late = LateFile.open(file);

        assertThat(late.kept()).containsExactly(records.get(2));
        assertThat(Files.readAllLines(damaged)).containsExactly("{\"missing\":\"lines 1 to 2\"}");
    }

    @Test
    void octetsThatAreNoTextAndHalfALineInTheMiddleStopNoStart() throws Exception {
        List<String> lines = lines();
        Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xC0, 0, '\n'});
        Files.writeString(file, lines.get(1) + "\n", StandardOpenOption.APPEND);
        Files.writeString(file, lines.get(2).substring(9) + "\n", StandardOpenOption.APPEND);

        LateFile late = LateFile.open(file);

        assertThat(late.kept()).containsExactly(records.get(1));
        assertThat(Files.readString(damaged, StandardCharsets.ISO_8859_1).lines()).hasSize(2);
    }

    /** What an older version has written, a line twice, and one torn at the end are no damage. */
    @Test
    void whatIsNoDamageIsNotTold() throws Exception {
        List<String> lines = lines();
        String older = RecordJson.write(records.get(0)).toString();
        write(List.of(older, lines.get(0), lines.get(1), lines.get(1), lines.get(2)));
        Files.writeString(file, lines.get(0).substring(0, 40), StandardOpenOption.APPEND);

        LateFile late = LateFile.open(file);

        assertThat(late.kept()).containsExactlyElementsOf(records);
        assertThat(late.isDamaged()).isFalse();
    }

    @Test
    void aFileThatWasTakenAwayIsMadeAgainWithAllThatWaits() throws Exception {
        LateFile late = LateFile.open(file);
        Files.delete(file);

        ConsentRecord another = withdrawn();
        assertThat(late.keep(List.of(another))).isTrue();

        List<ConsentRecord> all = new ArrayList<>(records);
        all.add(another);
        assertThat(LateFile.open(file).kept()).containsExactlyElementsOf(all);
        assertThat(late.isDamaged()).isFalse();
    }

    @Test
    void nothingIsWrittenBehindHalfALine() throws Exception {
        LateFile late = LateFile.open(file);
        Files.writeString(file, lines().get(0).substring(0, 40), StandardOpenOption.APPEND);
        assertThat(late.keep(List.of(withdrawn()))).isTrue();

        assertThat(LateFile.open(file).kept()).hasSize(4);
    }

    /** With whoever said it: tried again each time that the store has taken what there was. */
    @Test
    void whatTheStoreHasLeavesTheFileAsSoonAsThatCanBeWrittenAnew() throws Exception {
        LateFile late = LateFile.open(file);
        Path inTheWay = Files.createDirectory(directory.resolve("late.jsonl.new"));
        Path inIt = Files.createFile(inTheWay.resolve("file"));
        late.forget(records);
        assertThat(late.kept()).isEmpty();
        assertThat(lines()).hasSize(3);
        Files.delete(inIt);

        late.forget(List.of());

        assertThat(lines()).isEmpty();
    }

    /** A withdrawal may be among what is damaged. */
    @Test
    void whileItIsDamagedNobodyIsKnownAgain() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, LateRecordsTest.CLOCK)) {
            var life = new NodeLife(ledger.nodes(), "one", () -> 0);
            write(lines().subList(2, 3));
            LateFile late = LateFile.open(file);
            var store =
                    new LeasedStore(
                            LateRecordsTest.store(ledger),
                            life,
                            new OtherNodes(0, () -> 0, (_, _) -> true),
                            late::isDamaged);
            LogPosition _ =
                    store.append(List.of(LateRecordsTest.given()), LateRecordsTest.PATIENCE);

            History history =
                    store.history(LateRecordsTest.CALLER, "demo", LateRecordsTest.PATIENCE);
            assertThat(history.reliable()).isEmpty();
            assertThat(history.found()).as("to be withdrawn").hasSize(1);
            Files.delete(damaged);
            late.look();
            assertThat(store.history(LateRecordsTest.CALLER, "demo", LateRecordsTest.PATIENCE))
                    .isEqualTo(History.of(history.found()));
        }
    }
}
