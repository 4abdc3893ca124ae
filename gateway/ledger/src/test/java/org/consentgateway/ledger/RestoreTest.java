package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.statement.Gap;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.VerifierKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup is made, put back, and gone on from; what was put back unseen is refused. */
class RestoreTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    @Test
    void aBackupIsMadeBesideAGatewayAndPutBackAndTheLogGoesOnInAnotherOne() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory.resolve("live"));
        Path backup = directory.resolve("backup");
        UUID kept;
        try (Ledger ledger = open(settings)) {
            kept = append(ledger, 5).getFirst().entryId();
            ledger.checkpoint();
            append(ledger, 1);
            Verification copy = LedgerBackup.take(settings, backup, Records.START, _ -> {});
            assertThat(Records.words(copy)).isEmpty();
            assertThat(copy.isComplete()).as(copy.lines().toString()).isTrue();
            append(ledger, 3);
            ledger.checkpoint();
            assertThatThrownBy(() -> LedgerBackup.restore(settings, backup, Records.START))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("stop it first");
        }
        LedgerBackup.Restored restored = LedgerBackup.restore(settings, backup, Records.START);
        assertThat(restored.aside().orElseThrow()).exists();
        try (Stream<Path> all = Files.walk(directory.resolve("backup"))) {
            assertThat(all.map(file -> file.getFileName().toString()))
                    .as("no secret key lies beside what it opens")
                    .noneMatch(name -> name.endsWith(".keys"));
        }

        assertThatThrownBy(() -> open(settings).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("holds 6 entries")
                .hasMessageContaining("covers 9")
                .hasMessageContaining("ledger resume --after-restore");
        assertThat(resume(settings, List.of()))
                .containsExactly(
                        new Resuming.Resumed(
                                settings.logOrigin(), 6, 9L, settings.logOrigin() + "~2"));

        try (Ledger ledger = open(settings)) {
            assertThat(append(ledger, 1).getFirst().log()).isEqualTo(settings.logOrigin() + "~2");
            assertThat(ledger.reader().ofType(EntryType.LOG_RESUMED, 10)).hasSize(1);
            assertThat(ledger.reader().ask(Gap::of).completeSince()).isEqualTo(Records.START);
        }
        assertThat(settings.keys().resolve("signing-node-1.keys"))
                .as("nobody signs the old log on")
                .doesNotExist();
        assertThat(
                        ReceiptCheck.of(
                                        LedgerArchive.open(settings).receipt(kept).json(),
                                        verifiers(settings))
                                .passed())
                .isTrue();
        Verification after = verify(settings);
        assertThat(Records.words(after)).isEmpty();
        assertThat(after.isComplete()).as(after.lines().toString()).isTrue();
        assertThat(after.lines().toString())
                .contains("ends at 6 entries", "at least 3 are missing, up to entry 8");
        assertThat(resume(settings, List.of())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void anOldStateIsRefusedWhetherItsCheckpointsAreThereOrNot(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            append(ledger, 3);
            ledger.checkpoint();
            append(ledger, 3);
            ledger.checkpoint();
            append(ledger, 3);
        }
        rollBack(settings, 6);
        delete(settings.checkpoints().exports());
        assertThatThrownBy(() -> open(settings).close())
                .as("found by the checkpoint beside the keys")
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("covers 9")
                .hasMessageContaining("ledger resume --after-restore");

        Path beside = settings.keys().resolve("newest-node-1.checkpoint");
        String newest = Files.readString(beside);
        Files.delete(beside);
        assertThatThrownBy(() -> open(settings).close())
                .as("with none to compare it with")
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("nobody can tell whether the store is an old backup")
                .hasMessageContaining("ledger resume --after-restore");

        Path elsewhere = directory.resolve("kept.checkpoint");
        Files.writeString(elsewhere, newest);
        assertThat(resume(settings, List.of(elsewhere)))
                .containsExactly(
                        new Resuming.Resumed(
                                settings.logOrigin(), 6, 9L, settings.logOrigin() + "~2"));
        try (Ledger ledger = open(settings)) {
            append(ledger, 2);
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(elsewhere), _ -> {})))
                .isEmpty();
    }

    /** Else an API key that a command had revoked would open records again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 0})
    void anOldStateIsRefusedWhereCommandsAloneHaveWrittenSince(long before) throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory.resolve("live"));
        Path backup = directory.resolve("backup");
        String commands = settings.logOrigin() + ".cli";
        try (Ledger ledger = open(settings)) {
            append(ledger, 3);
        }
        for (long i = 0; i < before; i++) {
            assertThat(command(settings).log()).isEqualTo(commands);
        }
        LedgerBackup.take(settings, backup, Records.START, _ -> {});
        command(settings);
        command(settings);
        LedgerBackup.restore(settings, backup, Records.START);

        assertThatThrownBy(() -> open(settings).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("%s holds %d entries".formatted(commands, before))
                .hasMessageContaining("covers " + (before + 2))
                .hasMessageContaining("ledger resume --after-restore");
        assertThat(resume(settings, List.of()))
                .containsExactly(
                        new Resuming.Resumed(commands, before, before + 2, commands + "~2"));

        LedgerBackup.restore(settings, backup, Records.START);
        assertThatThrownBy(() -> open(settings).close())
                .as("once more, to before the log in which they go on")
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("ledger resume --after-restore");
        assertThat(resume(settings, List.of())).hasSize(1);
        goOn(settings, commands);
    }

    private static void goOn(LedgerSettings settings, String commands) throws Exception {
        try (Ledger ledger = open(settings)) {
            assertThat(append(ledger, 1).getFirst().log()).isEqualTo(settings.logOrigin());
            assertThat(completeSince(ledger))
                    .as("behind all that the log holds that runs on")
                    .isEqualTo(Records.START.plusMillis(1));
            assertThat(command(settings).log()).isEqualTo(commands + "~2");
        }
        open(settings).close();
        assertThat(Records.words(verify(settings))).isEmpty();
    }

    /** One beside the gateway. */
    private static CommittedEntry command(LedgerSettings settings) throws Exception {
        try (Ledger beside = Ledger.openBeside(settings, CLOCK)) {
            return append(beside, 1).getFirst();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoRestoresTwiceGoesOnTwiceAndNothingIsMissed(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            append(ledger, 3);
            ledger.checkpoint();
            append(ledger, 3);
        }
        Path old = directory.resolve("old.keys");
        Files.copy(
                settings.keys().resolve("signing-node-1.keys"),
                old,
                StandardCopyOption.COPY_ATTRIBUTES);
        rollBack(settings, 3);
        assertThat(resume(settings, List.of())).hasSize(1);
        try (Ledger ledger = open(settings)) {
            append(ledger, 2);
        }
        // Back to before the first time.
        change(settings, "DELETE FROM ledger_successor");
        change(settings, "DELETE FROM ledger_log WHERE node = 'node-1~2'");
        for (String table : List.of("entry", "payload", "lookup", "checkpoint", "key")) {
            change(settings, "DELETE FROM ledger_" + table + " WHERE log = 2");
        }
        assertThatThrownBy(() -> open(settings).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("ledger resume --after-restore");
        assertThat(resume(settings, List.of()))
                .extracting(Resuming.Resumed::log, Resuming.Resumed::successor)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                settings.logOrigin(), settings.logOrigin() + "~3"),
                        org.assertj.core.groups.Tuple.tuple(
                                settings.logOrigin() + "~2", settings.logOrigin() + "~3"));
        try (Ledger ledger = open(settings)) {
            append(ledger, 1);
        }
        Verification after = verify(settings);
        assertThat(Records.words(after)).isEmpty();

        Files.delete(settings.keys().resolve("signing-node-1~3.keys"));
        Files.move(old, settings.keys().resolve("signing-node-1.keys"));
        assertThatThrownBy(() -> open(settings).close())
                .as("an old key directory writes no log on that has ended")
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("goes on in node-1~3");
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatWasChangedIsNoBackupAndTheEndThatIsTakenBackIsFound(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            append(ledger, 3);
            ledger.checkpoint();
            append(ledger, 3);
        }
        rollBack(settings, 3);
        assertThat(resume(settings, List.of())).hasSize(1);
        open(settings).close();
        change(settings, "DELETE FROM ledger_successor");
        assertThat(Records.words(verify(settings)))
                .anyMatch(finding -> finding.contains("kept are 0"))
                .anyMatch(finding -> finding.contains("were cut off"));
        assertThatThrownBy(() -> open(settings).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("was not finished");
    }

    /** Else consents from before a gap would hold again whose withdrawals are lost in it. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoTakesAwayThatEntriesAreMissingHasNoConsentReliedOnAndIsFound(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            append(ledger, 3);
            ledger.checkpoint();
            append(ledger, 3);
        }
        rollBack(settings, 3);
        assertThat(resume(settings, List.of())).hasSize(1);
        Instant[] now = {Records.START};
        try (Ledger ledger = Ledger.open(settings, () -> now[0])) {
            append(ledger, 2);
            assertThat(completeSince(ledger)).isEqualTo(Records.START);
            round(ledger, now);
            assertThat(ledger.alarm().newest()).isEmpty();
            for (String lie :
                    List.of(
                            "DELETE FROM ledger_successor",
                            "UPDATE ledger_successor SET payload = REPLACE(payload, 'known 6 ',"
                                    + " 'known 3 ')",
                            "UPDATE ledger_successor SET log = 1")) {
                perform(settings, "CREATE TABLE kept AS SELECT * FROM ledger_successor");
                change(settings, lie);
                assertThat(completeSince(ledger)).as(lie).isEqualTo(Instant.MAX);
                round(ledger, now);
                assertThat(ledger.alarm().found()).as(lie).isPositive();
                perform(
                        settings,
                        "DELETE FROM ledger_successor",
                        "INSERT INTO ledger_successor SELECT * FROM kept",
                        "DROP TABLE kept");
                assertThat(completeSince(ledger)).as("put back").isEqualTo(Records.START);
                round(ledger, now);
                assertThat(ledger.alarm().found()).as("put back: " + lie).isZero();
            }
        }
    }

    private static Instant completeSince(Ledger ledger) throws Exception {
        return ledger.reader().ask(Gap::of).completeSince();
    }

    private static void round(Ledger ledger, Instant[] now) throws Exception {
        now[0] = now[0].plus(Duration.ofMinutes(1));
        Instant began = now[0];
        for (int steps = 0; steps < 200; steps++) {
            ledger.verification().step();
            if (began.equals(ledger.verification().progress().wholeAt())) {
                return;
            }
        }
        throw new AssertionError("no end of it: " + ledger.verification().progress());
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void tablesOfANewerProgramAreLeftAlone(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            append(ledger, 1);
        }
        change(
                settings,
                "INSERT INTO ledger_schema (installed_rank, version, description, type, script,"
                        + " checksum, installed_by, execution_time, success) SELECT 99, '99',"
                        + " description, type, script, checksum, installed_by, execution_time,"
                        + " success FROM ledger_schema WHERE version = '1'");
        assertThatThrownBy(() -> open(settings).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("of version 99")
                .hasMessageContaining("run the newer program");
        assertThatThrownBy(() -> LedgerArchive.open(settings))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("of version 99");
    }

    @Test
    void underANewOriginALogGoesOnInAnotherOneAndNothingIsMissing() throws Exception {
        LedgerSettings before = TestStore.SQLITE.settings(directory);
        try (Ledger ledger = open(before)) {
            append(ledger, 3);
        }
        LedgerSettings settings = TestSettings.withOrigin(before, "firma-beispiel.example/log");
        assertThatThrownBy(() -> open(settings).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("ledger resume --new-origin");
        assertThatThrownBy(() -> resume(settings, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--new-origin");
        assertThat(Resuming.run(settings, Resuming.Why.RENAMED, List.of(), CLOCK))
                .containsExactly(
                        new Resuming.Resumed(
                                before.logOrigin(), 3, 3L, "firma-beispiel.example/log/node-1~2"));
        try (Ledger ledger = open(settings)) {
            assertThat(append(ledger, 1).getFirst().log())
                    .isEqualTo("firma-beispiel.example/log/node-1~2");
            assertThat(ledger.reader().ask(Gap::of).completeSince()).isEqualTo(Instant.MIN);
        }
        Verification after = verify(settings);
        assertThat(Records.words(after)).isEmpty();
        assertThat(after.isComplete()).as(after.lines().toString()).isTrue();
        assertThatThrownBy(() -> open(before).close()).isInstanceOf(LedgerTorn.class);
    }

    /**
     * Else the log that it writes would have ended, and each verification would say so for good.
     */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void noLogEndsUnderANewOriginThatAGatewayStillWrites(TestStore store) throws Exception {
        LedgerSettings before = store.settings(directory);
        LedgerSettings settings = TestSettings.withOrigin(before, "firma-beispiel.example/log");
        try (Ledger ledger = open(before)) {
            append(ledger, 3);
            assertThatThrownBy(() -> Resuming.run(settings, Resuming.Why.RENAMED, List.of(), CLOCK))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("node-1")
                    .hasMessageContaining("is in use")
                    .hasMessageContaining("stop it");
            append(ledger, 1);
        }
        assertThat(settings.keys().resolve("signing-node-1~2.keys")).doesNotExist();
        assertThat(Resuming.run(settings, Resuming.Why.RENAMED, List.of(), CLOCK))
                .extracting(Resuming.Resumed::entries)
                .containsExactly(4L);
        assertThat(Records.words(verify(settings))).isEmpty();
    }

    /** Each of the two commands sent the operator to the other one. */
    @Test
    void aBackupFromBeforeARenamingGoesOnUnderTheNewName() throws Exception {
        LedgerSettings before = TestStore.SQLITE.settings(directory.resolve("live"));
        LedgerSettings settings = TestSettings.withOrigin(before, "firma-beispiel.example/log");
        Path backup = directory.resolve("backup");
        try (Ledger ledger = open(before)) {
            append(ledger, 3);
            ledger.checkpoint();
            LedgerBackup.take(before, backup, Records.START, _ -> {});
        }
        assertThat(Resuming.run(settings, Resuming.Why.RENAMED, List.of(), CLOCK)).hasSize(1);
        try (Ledger ledger = open(settings)) {
            append(ledger, 1);
        }
        LedgerBackup.restore(settings, backup, Records.START);

        String successor = "firma-beispiel.example/log/node-1~3";
        assertThat(resume(settings, List.of()))
                .containsExactly(
                        new Resuming.Resumed(before.logOrigin(), 3, 3L, successor),
                        new Resuming.Resumed(
                                "firma-beispiel.example/log/node-1~2", 0, 2L, successor));
        try (Ledger ledger = open(settings)) {
            CommittedEntry anew = append(ledger, 1).getFirst();
            assertThat(anew.log()).isEqualTo(successor);
            Gap gap = ledger.reader().ask(Gap::of);
            assertThat(ledger.reader().latest(10))
                    .allMatch(entry -> gap.follows(entry) != entry.log().equals(successor));
        }
        assertThat(Records.words(verify(settings))).isEmpty();
    }

    @Test
    void aSpoiltBackupIsNotPutBack() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory.resolve("live"));
        Path backup = directory.resolve("backup");
        try (Ledger ledger = open(settings)) {
            append(ledger, 1);
            LedgerBackup.take(settings, backup, Records.START, _ -> {});
        }
        assertThatThrownBy(() -> LedgerBackup.take(settings, backup, Records.START, _ -> {}))
                .hasMessageContaining("is not empty");
        Path database = backup.resolve("ledger.db");
        byte[] octets = Files.readAllBytes(database);
        octets[octets.length - 1]++;
        Files.write(database, octets);
        assertThatThrownBy(() -> LedgerBackup.restore(settings, backup, Records.START))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not what was backed up");
        open(settings).close();
    }

    private static List<Resuming.Resumed> resume(LedgerSettings settings, List<Path> kept)
            throws IOException {
        return Resuming.run(settings, Resuming.Why.RESTORED, kept, CLOCK);
    }

    private static Ledger open(LedgerSettings settings) throws IOException {
        return Ledger.open(settings, CLOCK);
    }

    private static List<CommittedEntry> append(Ledger ledger, int entries) throws Exception {
        List<CommittedEntry> committed = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            committed.add(Records.append(ledger, Records.given("call-" + i, "anna")));
        }
        return committed;
    }

    private static List<VerifierKey> verifiers(LedgerSettings settings) throws IOException {
        return KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
    }

    private static Verification verify(LedgerSettings settings) throws IOException {
        return LedgerArchive.open(settings).verify(Exports.all(settings.keys()), _ -> {});
    }

    /** As an old backup of the database has it: the first entries of the first log. */
    private static void rollBack(LedgerSettings settings, int size) throws Exception {
        for (String table : List.of("entry", "payload", "lookup")) {
            change(settings, "DELETE FROM ledger_" + table + " WHERE log = 1 AND idx >= " + size);
        }
        change(settings, "DELETE FROM ledger_checkpoint WHERE log = 1 AND size > " + size);
        change(
                settings,
                "UPDATE ledger_log SET size = "
                        + size
                        + ", last_leaf = (SELECT leaf FROM ledger_entry WHERE log = 1 AND idx = "
                        + (size - 1)
                        + ") WHERE id = 1");
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void perform(LedgerSettings settings, String... statements) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                int _ = statement.executeUpdate(sql);
            }
        }
    }

    private static void change(LedgerSettings settings, String sql) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }
}
