package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.PayloadKeyFile;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.keys.SecretKeys;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.ledger.rotation.Resealing;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was erased opens in no copy of the store; what was not stays readable in all of them. */
class DestroyedKeysTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);
    private static final PseudonymousSubject ANNA = new PseudonymousSubject(List.of("anna"));

    @TempDir private Path directory;

    /** As a copy of the store has it. */
    private record Copy(long index, String keyId, byte[] sealed) {
        boolean opens(LedgerSettings settings) throws IOException {
            return new Sealer(PayloadKeyFile.readable(settings.keys()).orElseThrow())
                    .open(settings.logOrigin(), index, keyId, sealed)
                    .isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void anErasureDestroysTheKeysOfItsEntriesAndNoOthers(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        Path before = directory.resolve("payload.keys.before");
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            Records.append(ledger, Records.given("call-1", "anna"));
            Records.append(ledger, Records.given("call-2", "berta"));
            Records.append(ledger, Records.given("call-1", null));
            List<Copy> copies = copies(settings);
            assertThat(copies).allMatch(copy -> opens(copy, settings));
            Files.copy(
                    settings.keys().resolve("payload.keys"),
                    before,
                    StandardCopyOption.COPY_ATTRIBUTES);

            assertThat(ledger.erase(erased(), ANNA, Set.of()).entries()).isEqualTo(2);
            assertThat(copies)
                    .as("of anna, of berta, of nobody known in a call of anna's")
                    .extracting(copy -> opens(copy, settings))
                    .containsExactly(false, true, false);
            Records.append(ledger, Records.given("call-3", "anna"));
            assertThat(ledger.reader().ofCall("call-3").getFirst().payload()).isNotNull();
        }
        assertThat(findings(settings)).isEmpty();

        // A node that died between the store and the key file, or one that did not erase itself.
        Files.move(
                before,
                settings.keys().resolve("payload.keys"),
                StandardCopyOption.REPLACE_EXISTING);
        List<Copy> copies = copies(settings);
        assertThat(copies).allMatch(copy -> opens(copy, settings));
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThat(ledger.eraseOutdated()).isEmpty();
        }
        var sealer = new Sealer(PayloadKeyFile.readable(settings.keys()).orElseThrow());
        assertThat(sealer.isDestroyed(settings.logOrigin(), 0, copies.getFirst().keyId)).isTrue();
        assertThat(sealer.isDestroyed(settings.logOrigin(), 1, copies.getFirst().keyId)).isFalse();
    }

    @Test
    void anOldBackupShowsAllButTheErasedPersonAndPutBackErasesThemAgain() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory.resolve("live"));
        Path backup = directory.resolve("backup");
        UUID anna;
        UUID berta;
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            anna = Records.append(ledger, Records.given("call-1", "anna")).entryId();
            berta = Records.append(ledger, Records.given("call-2", "berta")).entryId();
            ledger.checkpoint();
            assertThat(LedgerBackup.take(settings, backup, Records.START, _ -> {}).passed())
                    .isTrue();
            ledger.erase(erased(), ANNA, Set.of());
        }
        LedgerArchive old =
                LedgerArchive.open(
                        settings.withUrl("jdbc:sqlite:" + backup.resolve("ledger.db"))
                                .withExports(backup.resolve("checkpoints")));
        assertThat(old.reader().entry(anna).orElseThrow().payload()).isNull();
        assertThat(old.reader().entry(berta).orElseThrow().payload()).isNotNull();
        assertThatThrownBy(() -> old.receipt(anna)).hasMessageContaining("does not open");
        assertThat(Records.words(old.verify(List.of(), _ -> {})))
                .singleElement()
                .asString()
                .contains("entry 0", "was erased, its key destroyed, and is here again");

        LedgerBackup.restore(settings, backup, Records.START);
        assertThat(Resuming.run(settings, Resuming.Why.RESTORED, List.of(), CLOCK)).hasSize(1);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThat(FoundEntries.of(ledger.reader(), ANNA).page(0, 10)).hasSize(1);
            assertThat(ledger.eraseAgain()).isEqualTo(1);
            assertThat(FoundEntries.of(ledger.reader(), ANNA).page(0, 10)).isEmpty();
            assertThat(ledger.reader().entry(berta).orElseThrow().payload()).isNotNull();
            assertThat(ledger.eraseAgain()).isZero();
        }
        Verification after =
                LedgerArchive.open(settings).verify(Exports.all(settings.keys()), _ -> {});
        assertThat(Records.words(after)).isEmpty();
        assertThat(after.isComplete()).as(after.lines().toString()).isTrue();
    }

    /**
     * A backup of a log whose clock had been ahead: all that it holds is older than the restore.
     */
    @Test
    void whatComesBackWithATimeAheadIsErasedAgainAndIsNoAlarm() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory.resolve("live"));
        Path backup = directory.resolve("backup");
        Instant ahead = Records.START.plus(Duration.ofDays(366));
        try (Ledger ledger = Ledger.open(settings, () -> ahead)) {
            Records.append(ledger, Records.given("call-1", "berta"));
        }
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            Records.append(ledger, Records.given("call-2", "anna"));
            ledger.checkpoint();
            LedgerBackup.take(settings, backup, Records.START, _ -> {});
            ledger.erase(erased(), ANNA, Set.of());
        }
        LedgerBackup.restore(settings, backup, Records.START);
        Instant later = Records.START.plus(Duration.ofDays(1));
        assertThat(Resuming.run(settings, Resuming.Why.RESTORED, List.of(), () -> later))
                .hasSize(1);
        try (Ledger ledger = Ledger.open(settings, () -> later)) {
            assertThat(ledger.eraseAgain()).isEqualTo(1);
            assertThat(ledger.alarm().found()).isZero();
        }
    }

    /** Who has the database alone could have all payloads made unreadable, or the log stopped. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aMarkThatNobodyOfUsHasMadeDestroysNoKey(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            for (int i = 0; i < 3; i++) {
                Records.append(ledger, Records.given("call-" + i, "anna"));
            }
            change(
                    settings,
                    "INSERT INTO ledger_erased SELECT log, idx, 'x', sealed FROM ledger_payload",
                    "INSERT INTO ledger_erased SELECT log, idx + 100, key_id, sealed"
                            + " FROM ledger_payload");
            assertThat(ledger.eraseOutdated()).isEmpty();
            assertThat(copies(settings)).hasSize(3).allMatch(copy -> opens(copy, settings));
            assertThat(ledger.alarm().found()).isEqualTo(6);
            change(
                    settings,
                    "DELETE FROM ledger_erased",
                    "CREATE TABLE kept AS SELECT * FROM ledger_payload",
                    "INSERT INTO ledger_erased SELECT * FROM ledger_payload",
                    "DELETE FROM ledger_payload");
            assertThat(ledger.eraseOutdated()).isEmpty();
            change(
                    settings,
                    "INSERT INTO ledger_payload SELECT * FROM kept",
                    "DELETE FROM ledger_erased");
            LedgerTest.fill(ledger, 110);
            assertThat(copies(settings)).allMatch(copy -> opens(copy, settings));
        }
        assertThat(findings(settings)).isEmpty();
    }

    /** One that we have made, of an entry whose payload is there: it cannot be of this entry. */
    @Test
    void aMarkBesideAPayloadDestroysNoKey() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            for (int i = 0; i <= Tampering.AT; i++) {
                Records.append(ledger, Records.given("call-" + i, "anna"));
            }
            try (Connection connection =
                    Vendor.of(settings).open(settings, false).getConnection()) {
                Tampering.mark(connection, settings);
            }
            assertThat(ledger.eraseOutdated()).isEmpty();
            assertThat(copies(settings)).allMatch(copy -> opens(copy, settings));
            assertThat(ledger.alarm().newest().orElseThrow()).contains("and is still here");
        }
    }

    /** Else its mark would be made anew, and the count of the consent that it ended lowered. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatWasErasedAndIsPutBackWithoutARestoreIsToldAndNotErasedAgain(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            NewEntry given = Records.given("call-1", "anna");
            NewEntry one = withdrawal("call-2", given.id());
            NewEntry two = withdrawal("call-3", given.id());
            Records.append(ledger, List.of(given, one, two));
            change(
                    settings,
                    "CREATE TABLE kept_payload AS SELECT * FROM ledger_payload WHERE idx = 1",
                    "CREATE TABLE kept_lookup AS SELECT * FROM ledger_lookup WHERE idx = 1");
            ledger.erase(erased(), ANNA, Set.of(given.id(), two.id()));
            change(
                    settings,
                    "INSERT INTO ledger_payload SELECT * FROM kept_payload",
                    "INSERT INTO ledger_lookup SELECT * FROM kept_lookup",
                    "DELETE FROM ledger_erased WHERE idx = 1");
            assertThat(ledger.eraseAgain()).isZero();
            assertThat(ledger.eraseOutdated()).isEmpty();
            assertThat(ledger.alarm().newest().orElseThrow()).contains("entry 1", "is here again");
            change(settings, "DELETE FROM ledger_lookup WHERE idx IN (1, 2)");
            assertThat(ledger.histories().of(ANNA, "booking").reliable()).isEmpty();
        }
    }

    private static NewEntry withdrawal(String call, UUID consent) {
        var payload = Records.base("hotline", "booking");
        payload.put("refers_to", consent.toString());
        return NewEntry.of(EntryType.WITHDRAWN, call, "anna", payload, Records.START);
    }

    private static void change(LedgerSettings settings, String... statements) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            for (String statement : statements) {
                int _ = Rows.change(connection, statement);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatAnotherNodeErasesIsDestroyedHereToo(TestStore store) throws Exception {
        LedgerSettings one = store.settings(directory.resolve("one"));
        Ledger.open(one, CLOCK).close();
        LedgerSettings two = one.withNode("node-2").withKeys(directory.resolve("two"));
        Files.createDirectory(two.keys());
        for (String file : List.of("payload.keys", "pseudonym.keys")) {
            copyKey(one, two, file);
        }
        try (Ledger first = Ledger.open(one, CLOCK);
                Ledger second = Ledger.open(two, CLOCK)) {
            Records.append(first, Records.given("call-1", "anna"));
            Copy copy = copies(one).getFirst();
            second.erase(erased(), ANNA, Set.of());
            assertThat(opensAs(copy, one, two)).isFalse();
            assertThat(opensAs(copy, one, one)).as("not heard of yet").isTrue();
            assertThat(first.eraseOutdated()).isEmpty();
            assertThat(opensAs(copy, one, one)).isFalse();
        }
        assertThat(findings(one)).isEmpty();
    }

    private static boolean opensAs(Copy copy, LedgerSettings log, LedgerSettings keys)
            throws IOException {
        return new Sealer(PayloadKeyFile.readable(keys.keys()).orElseThrow())
                .open(log.logOrigin(), copy.index, copy.keyId, copy.sealed)
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aStoreUnderOneKeyStaysReadableAndIsSealedAnewBesideARunningGateway(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        underOneKey(settings);
        Instant[] now = {Records.START};
        List<Copy> old;
        try (Ledger ledger = Ledger.open(settings, () -> now[0])) {
            Records.append(ledger, Records.given("call-1", "anna"));
            LedgerTest.fill(ledger, 500);
            Records.append(ledger, Records.given("call-2", "berta"));
            old = copies(settings);
            ledger.erase(erased(), ANNA, Set.of());
            assertThat(old.getFirst().opens(settings)).as("one key for all").isTrue();

            // Killed in the middle: nothing is lost, and the gateway goes on.
            assertThatThrownBy(() -> KeyRotation.reseal(settings, false, _ -> die(200, settings)))
                    .hasMessage("killed");
            Records.append(ledger, Records.given("call-3", "carla"));
            assertThat(findings(settings)).isEmpty();

            Resealing.Outcome done = KeyRotation.reseal(settings, false, _ -> {});
            assertThat(done.nodes()).isEmpty();
            assertThat(done.resealed()).isBetween(100L, 400L);
            assertThat(copies(settings))
                    .hasSize(502)
                    .allMatch(copy -> copy.keyId.equals(done.keyId()));
            assertThat(old).noneMatch(copy -> opens(copy, settings));
            // Its keys are those from before: it learns of the new one when it commits.
            now[0] = now[0].plus(Duration.ofDays(2)); // and a checkpoint is due
            CommittedEntry next = Records.append(ledger, Records.given("call-4", "dora"));
            Records.append(ledger, Records.given("call-5", "dora"));
            ledger.checkpoint();
            assertThat(ledger.health().up()).isTrue();
            assertThat(ledger.reader().entry(next.entryId()).orElseThrow().payload()).isNotNull();
            ledger.erase(erased(), new PseudonymousSubject(List.of("dora")), Set.of());
        }
        assertThat(Files.readAllLines(settings.keys().resolve("payload.keys"))).hasSize(1);
        assertThat(findings(settings)).isEmpty();
        try (Ledger ledger = Ledger.open(settings, () -> now[0])) {
            assertThat(ledger.reader().ofCall("call-3").getFirst().payload()).isNotNull();
        }
    }

    private void die(long entries, LedgerSettings settings) {
        try {
            String keyId = PayloadKeyFile.readable(settings.keys()).orElseThrow().current().id();
            long resealed =
                    copies(settings).stream().filter(copy -> copy.keyId.equals(keyId)).count();
            if (resealed >= entries) {
                throw new IllegalStateException("killed");
            }
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void withSeveralNodesTheNewKeyIsCarriedToAllBeforeItIsUsed(TestStore store) throws Exception {
        LedgerSettings one = store.settings(directory.resolve("one"));
        underOneKey(one);
        Ledger.open(one, CLOCK).close();
        LedgerSettings two = one.withNode("node-2").withKeys(directory.resolve("two"));
        Files.createDirectory(two.keys());
        copyKey(one, two, "payload.keys");
        copyKey(one, two, "pseudonym.keys");
        try (Ledger first = Ledger.open(one, CLOCK);
                Ledger second = Ledger.open(two, CLOCK)) {
            Records.append(first, Records.given("call-1", "anna"));
            UUID berta = Records.append(second, Records.given("call-2", "berta")).entryId();

            Resealing.Outcome prepared = KeyRotation.reseal(one, false, _ -> {});
            assertThat(prepared.nodes()).containsExactly("node-2");
            first.checkpoint();
            Records.append(first, Records.given("call-3", "anna"));
            assertThat(copies(one)).noneMatch(copy -> copy.keyId.equals(prepared.keyId()));
            copyKey(one, two, "payload.keys");

            Resealing.Outcome done = KeyRotation.reseal(one, true, _ -> {});
            assertThat(done.keyId()).isEqualTo(prepared.keyId());
            UUID next = Records.append(second, Records.given("call-4", "berta")).entryId();
            for (Ledger ledger : List.of(first, second)) {
                Records.append(ledger, Records.given("call-5", "carla"));
                ledger.checkpoint();
                for (UUID id : List.of(berta, next)) {
                    assertThat(ledger.reader().entry(id).orElseThrow().payload()).isNotNull();
                }
            }
            assertThat(copies(one)).allMatch(copy -> copy.keyId.equals(prepared.keyId()));
            assertThat(Files.readAllLines(two.keys().resolve("payload.keys"))).hasSize(1);
        }
        assertThat(findings(one)).isEmpty();
    }

    /** Where nobody copied the new key. */
    @Test
    void aNodeWithoutTheNewKeyDoesNotWriteUnderADestroyedOne() throws Exception {
        LedgerSettings one = TestStore.SQLITE.settings(directory.resolve("one"));
        Ledger.open(one, CLOCK).close();
        LedgerSettings two = one.withNode("node-2").withKeys(directory.resolve("two"));
        Files.createDirectory(two.keys());
        copyKey(one, two, "payload.keys");
        copyKey(one, two, "pseudonym.keys");
        try (Ledger second = Ledger.open(two, CLOCK)) {
            Records.append(second, Records.given("call-1", "anna"));
            KeyRotation.reseal(one, true, _ -> {});
            assertThatThrownBy(() -> Records.append(second, Records.given("call-2", "anna")))
                    .hasMessageContaining("store is down");
            // The answer comes before it is known why.
            assertThat(Stream.generate(() -> refusal(second)).limit(1000))
                    .anyMatch(why -> why.contains("copy payload.keys from the node"));
        }
        assertThat(copies(one)).hasSize(1);
    }

    private static String refusal(Ledger ledger) {
        try {
            Records.append(ledger, Records.given("call-2", "anna"));
            return "";
        } catch (LedgerUnavailable e) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            return e.toString();
        }
    }

    /** As a version before this one has made it. */
    private static void underOneKey(LedgerSettings settings) throws IOException {
        Ledger.open(settings, CLOCK).close();
        SecretKeys.Key key = SecretKeys.Key.create();
        Path file = settings.keys().resolve("payload.keys");
        Files.writeString(
                file, key.id() + " " + Base64.getEncoder().encodeToString(key.bytes()) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(
                        KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin())
                                .payload()
                                .arePerEntry())
                .isFalse();
    }

    private static void copyKey(LedgerSettings from, LedgerSettings to, String file)
            throws IOException {
        Files.copy(
                from.keys().resolve(file),
                to.keys().resolve(file),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static NewEntry erased() {
        return NewEntry.of(
                EntryType.ERASED, null, null, Records.JSON.createObjectNode(), Records.START);
    }

    private static boolean opens(Copy copy, LedgerSettings settings) {
        try {
            return copy.opens(settings);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Copy> copies(LedgerSettings settings) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, true).getConnection()) {
            return new ArrayList<>(
                    Rows.list(
                            connection,
                            "SELECT idx, key_id, sealed FROM ledger_payload ORDER BY log, idx",
                            row -> new Copy(row.getLong(1), row.getString(2), row.getBytes(3))));
        }
    }

    private static List<String> findings(LedgerSettings settings) throws IOException {
        return Records.words(LedgerArchive.open(settings).verify(List.of(), _ -> {}));
    }
}
