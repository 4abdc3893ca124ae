package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verifier jar as Maven has built it, in a process of its own. */
class VerifierJarIT {
    private static final Path JAR = Path.of("target/consent-ledger-verify.jar");

    /** Whose classes it may hold: ours, the two drivers, the JSON reader. */
    private static final String ALLOWED =
            "(META-INF/versions/\\d+/)?(org/consentgateway/ledger|org/sqlite|org/postgresql"
                    + "|com/fasterxml/jackson/(core|databind|annotation))/.*";

    @TempDir private Path directory;

    record Outcome(int code, String said) {}

    private Outcome run(Object... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        Path said = directory.resolve("said");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    }

    @Test
    void itHoldsWhatReadingNeedsAndNothingElse() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(Object::toString).toList();
            assertThat(names.stream().filter(name -> name.endsWith(".class")))
                    .isNotEmpty()
                    .allMatch(name -> name.matches(ALLOWED));
            assertThat(names).contains("META-INF/LICENSE", "META-INF/NOTICE");
        }
        assertThat(Files.size(JAR)).as("octets").isLessThan(12_000_000);
    }

    @Test
    @Timeout(120)
    void itStartsVerifiesAndRefuses() throws Exception {
        LedgerSettings settings = TestSettings.inDirectory(directory.resolve("gateway"));
        Path receipt = directory.resolve("receipt.json");
        try (Ledger ledger = Ledger.open(settings, InstantSource.fixed(Records.START))) {
            CommittedEntry given = Records.append(ledger, Records.given("call-x", "anna"));
            LedgerTest.fill(ledger, 9);
            Files.writeString(
                    receipt, Records.receipt(ledger, settings, given.entryId()).json().toString());
        }
        Path database = directory.resolve("gateway/ledger.db");
        Path key = settings.keys().resolve("verifier.keys");
        assertThat(run("--help")).extracting(Outcome::code).isEqualTo(0);
        for (Path what : List.of(database, settings.checkpoints().exports(), receipt)) {
            Outcome whole = run("--key", key, what);
            assertThat(whole.code()).as(whole.said()).isZero();
            assertThat(whole.said()).doesNotContain("WARNING");
        }
        try (Connection connection = DriverManager.getConnection(settings.url());
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE ledger_entry SET time_ms = time_ms + 1 WHERE idx = 3");
        }
        Outcome changed = run("--key", key, database);
        assertThat(changed.code()).as(changed.said()).isEqualTo(1);
        assertThat(changed.said()).contains("entry 3: does not match its leaf hash");
    }

    @Test
    @Timeout(120)
    void itReadsPostgresqlToo() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory.resolve("gateway"));
        try (Ledger ledger = Ledger.open(settings, InstantSource.fixed(Records.START))) {
            LedgerTest.fill(ledger, 10);
        }
        Outcome whole = run("--key", settings.keys().resolve("verifier.keys"), settings.url());
        assertThat(whole.code()).as(whole.said()).isZero();
        assertThat(whole.said()).contains("node-1: 10 entries", "verified:");
    }
}
