package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.Main;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.timing.Nightly;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real calls, a real gateway, and {@code scripts/gateway witness} as a process of its own: all that
 * the gateway has is put back to an old state, so that nobody there can see it.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Nightly("15 s of real calls and a witness in a process of its own; WitnessTest is in each run")
class WitnessedCallsTest {
    @TempDir Path folder;

    private @Nullable Process witness;
    private @Nullable TestGateway started;

    @AfterEach
    void stop() throws Exception {
        if (started != null) {
            started.close();
        }
        if (witness != null) {
            witness.destroy();
            witness.waitFor();
        }
    }

    private static Process command(List<String> arguments) throws IOException {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx192m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        all.addAll(arguments);
        return new ProcessBuilder(all).redirectErrorStream(true).start();
    }

    /** What it prints to be put under store.witnesses. */
    private String startWitness(Path logs) throws IOException {
        Process process =
                command(
                        List.of(
                                "witness",
                                "--name",
                                "witness.example/w1",
                                "--directory",
                                folder.resolve("witness").toString(),
                                "--logs",
                                logs.toString(),
                                "--listen",
                                "127.0.0.1:0"));
        witness = process;
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder told = new StringBuilder();
        String line = lines.readLine();
        while (line != null && !line.strip().startsWith("key:")) {
            told.append(line).append('\n');
            line = lines.readLine();
        }
        assertThat(line).as("%s", told).isNotNull();
        told.append(line);
        Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {})); // so that it never blocks
        return told.substring(told.lastIndexOf("\n", told.indexOf("- name:")) + 1);
    }

    private TestGateway gateway() {
        return Objects.requireNonNull(started);
    }

    private double gauge(String name) throws Exception {
        return gateway()
                .http("/metrics")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElse(-1);
    }

    private TestCaller calls(String number) throws Exception {
        return TestCaller.calls(gateway(), TestGateway.ONE_LEVEL, number).talks();
    }

    private void agrees(String number) throws Exception {
        calls(number).hears("question-keys.assistant").presses("1").hears("assistant").hangsUp();
        await().atMost(TestCaller.PATIENCE)
                .until(() -> gauge("consent_witness_cosigns{witness=\"witness\"}") == 1);
    }

    private Path checkpoint() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("tiles"))) {
            return all.filter(file -> file.endsWith("checkpoint")).findFirst().orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(one, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    @Test
    void anOldStateOfEverythingIsFoundAndNobodyIsAskedUntilAPersonHasLooked() throws Exception {
        Path logs = Files.createFile(folder.resolve("logs"));
        String told = startWitness(logs).indent(2);
        Path home = Files.createDirectory(folder.resolve("gateway"));
        int receipts = FreePort.next();
        TestGateway gateway =
                TestGateway.start(
                        home,
                        TestGateway.Wishes.USUAL,
                        yaml ->
                                "receipts: {listen: \"127.0.0.1:%d\"}\n".formatted(receipts)
                                        + yaml.replace(
                                                "store:\n",
                                                "store:\n  origin: consent.example.com\n  tiles: %s\n"
                                                                .formatted(folder.resolve("tiles"))
                                                        + "  witnesses:\n"
                                                        + told));
        started = gateway;
        copy(gateway.data().resolve("keys/verifier.keys"), logs);
        agrees("+491730000001");
        try (var page = URI.create("http://127.0.0.1:" + receipts + "/").toURL().openStream()) {
            assertThat(new String(page.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("<form method=\"post\"");
        }
        gateway.gateway().close();

        copy(gateway.data(), folder.resolve("old"));
        gateway.restart();
        agrees("+491730000002");
        assertThat(gauge("consent_witness_quorum")).isEqualTo(1);
        await().atMost(TestCaller.PATIENCE)
                .until(() -> gauge("consent_tiles_lag_seconds") >= 0); // not NaN
        String published = Files.readString(checkpoint());
        assertThat(published).startsWith("consent.example.com/log/").contains("witness.example");
        gateway.gateway().close();
        delete(gateway.data());
        copy(folder.resolve("old"), gateway.data());

        gateway.restart();
        int before = gateway.assistant().calls().size();
        assertThat(gateway.http("/health/ready"))
                .contains("no consent is asked for or relied on", "witness.example/w1");
        assertThat(gauge("consent_ready")).isZero();
        assertThat(gauge("consent_witness_conflict")).isEqualTo(1);
        assertThat(gauge("consent_witness_quorum")).isZero();
        TestCaller caller = calls("+491730000003").hears("apology").hears("human");
        assertThat(caller.heard()).noneMatch(part -> part.startsWith("question"));
        caller.hangsUp();
        assertThat(gateway.human().calls("From", "+491730000003")).hasSize(1);
        assertThat(gateway.assistant().calls()).hasSize(before);

        Process resolve =
                command(
                        List.of(
                                "ledger",
                                "resolve-conflict",
                                "--config",
                                gateway.configuration().toString(),
                                "--by",
                                "E. Muster",
                                "--reason",
                                "the disk was changed, and the backup put back"));
        String said = new String(resolve.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(resolve.waitFor()).as(said).isZero();
        assertThat(said).contains("resolved, and recorded");
        await().atMost(TestCaller.PATIENCE).until(() -> gauge("consent_witness_conflict") == 0);
        assertThat(Files.readString(checkpoint()))
                .as("what was published is not replaced by an older state")
                .isEqualTo(published);
        assertThat(gauge("consent_tiles_lag_seconds")).isNaN();
        calls("+491730000004")
                .hears("question-keys.assistant")
                .presses("1")
                .hears("assistant")
                .hangsUp();
    }
}
