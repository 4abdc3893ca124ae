package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.consentgateway.ledger.columns.ColumnTypes;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.proof.Findings;
import org.consentgateway.ledger.proof.LogVerifier;
import org.consentgateway.ledger.proof.StrayRows;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each way of lying in the store is found and said rightly. The tampering and the verification run
 * in one transaction that is rolled back, so that all cases share one log of 300 entries.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TamperMatrixTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private static Path directory;

    private final Map<TestStore, LedgerSettings> logs = new LinkedHashMap<>();

    @BeforeAll
    void writeLogs() throws Exception {
        for (TestStore store : TestStore.values()) {
            LedgerSettings settings = store.settings(directory.resolve(store.name()));
            logs.put(store, settings);
            TamperedInstallation.write(settings, 0, Tampering.ENTRIES);
        }
    }

    static Stream<Arguments> cases() {
        return TamperMatrix.rows().stream()
                .filter(row -> row.found() != null)
                .flatMap(row -> Arrays.stream(TestStore.values()).map(s -> Arguments.of(row, s)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isFound(TamperMatrix.Row row, TestStore store) throws Exception {
        LedgerSettings settings = Objects.requireNonNull(logs.get(store));
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            connection.setAutoCommit(false);
            assertThat(Records.words(verify(connection, settings))).isEmpty();

            Objects.requireNonNull(row.store()).run(connection, settings);
            Verification verification = verify(connection, settings);

            assertThat(verification.passed()).isFalse();
            assertThat(Records.words(verification))
                    .anyMatch(w -> w.contains(Objects.requireNonNull(row.found())));
            connection.rollback();
        }
    }

    /**
     * SQLite takes octets for a text, and for a number; whoever looks for that does not find it.
     */
    @ParameterizedTest
    @MethodSource("textsAndNumbers")
    void octetsInPlaceOfATextOrANumberAreFound(String table, String column) throws Exception {
        LedgerSettings settings = Objects.requireNonNull(logs.get(TestStore.SQLITE));
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            connection.setAutoCommit(false);
            OddCells.put(connection, table, column, "CAST(" + column + " AS BLOB)");

            assertThat(Records.words(verify(connection, settings)))
                    .anyMatch(words ->
                            words.contains(table + " (")
                                    && words.contains("): " + column + " holds blob, not "));
            connection.rollback();
        }
    }

    /** As whoever looks at the store part by part sees them, who reads no row twice. */
    @ParameterizedTest
    @MethodSource("logsThatAreNone")
    void rowsOfALogThatIsNoneAreFound(String table, String log) throws Exception {
        LedgerSettings settings = Objects.requireNonNull(logs.get(TestStore.SQLITE));
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            connection.setAutoCommit(false);
            OddCells.add(connection, table, "log", log);
            var findings = new Findings();

            StrayRows.find(connection, Log.all(connection), findings);

            assertThat(findings.kept())
                    .anyMatch(one -> one.what().startsWith(table + " has rows of a log "));
            connection.rollback();
        }
    }

    static Stream<Arguments> logsThatAreNone() {
        return Stream.of("ledger_entry", "ledger_payload", "ledger_lookup", "ledger_erased")
                .flatMap(table ->
                        Stream.of("0", "1 << 40", "1.5", "'x'", "x'00'")
                                .map(log -> Arguments.of(table, log)));
    }

    static Stream<Arguments> textsAndNumbers() {
        return ColumnTypes.lines().stream()
                .flatMap(line ->
                        Arrays.stream(line.substring(line.indexOf(' ') + 1).split(", "))
                                .filter(column -> !column.endsWith(" blob"))
                                .filter(column -> !column.startsWith("id ")) // no other fits there
                                .map(column ->
                                        Arguments.of(
                                                line.substring(0, line.indexOf(':')),
                                                column.substring(0, column.indexOf(' ')))));
    }

    private static Verification verify(Connection connection, LedgerSettings settings)
            throws Exception {
        KeyFiles keys = KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin());
        Map<String, String> exported = new LinkedHashMap<>();
        for (Path file : Exports.all(settings.checkpoints().exports())) {
            exported.put(file.toString(), Files.readString(file));
        }
        Sealer sealer = new Sealer(keys.payload());
        var trust = new LogVerifier.Trust(keys.verifiers(), TrustPolicy.NONE, true);
        return new LogVerifier(connection, trust, sealer, exported, done -> {})
                .counting(new Pseudonyms(KeyFiles.pseudonymKeys(settings.keys())))
                .verify();
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aSaltUsedTwiceIsFound(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory.resolve("salt-" + store));
        byte[] salt = new byte[Sealer.SALT_BYTES];
        salt[0] = 42;
        try (Ledger ledger =
                Ledger.open(
                        settings, Vendor.of(settings).open(settings, false), CLOCK, () -> salt)) {
            Records.append(ledger, Records.given("call-1", "p"));
            Records.append(ledger, Records.given("call-2", "p"));
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .singleElement()
                .asString()
                .contains("entry 1: its salt was used before");
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aBackupThatWasRestoredAndGrewAgainIsFoundByItsExportsAndNotWrittenTo(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory.resolve("backup-" + store));
        TamperedInstallation.write(settings, 0, 30);
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            connection.setAutoCommit(false);
            Tampering.cut(connection, 10);
            connection.commit();
        }
        assertThatThrownBy(() -> Ledger.open(settings, CLOCK))
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("holds 10 entries, but the exported checkpoint")
                .hasMessageContaining("an old backup was restored");

        Path elsewhere = directory.resolve("elsewhere-" + store);
        assertThatThrownBy(() -> Ledger.open(settings.withExports(elsewhere), CLOCK))
                .as("without its exports it is found by the one beside the keys")
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("newest-node-1.checkpoint covers 30");

        Files.delete(settings.keys().resolve("newest-node-1.checkpoint"));
        try (Ledger ledger = Ledger.open(settings.withExports(elsewhere), CLOCK)) {
            LedgerTest.fill(ledger, 40);
        }
        Verification verification = LedgerArchive.open(settings).verify(List.of(), done -> {});
        assertThat(Records.words(verification))
                .anyMatch(w ->
                        w.contains("node-1.checkpoint has another root")
                                && w.contains("first 30 entries"));
    }
}
