package org.consentgateway.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against SoftHSM, by PKCS #11. Its library takes its configuration from the environment, and stays
 * in a process: each look has a process of its own, as a command and a gateway have.
 */
class HardwareTokenTest {
    private static final Path MODULE = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    private static final String RIGHT = "5678";

    @TempDir private Path directory;

    private Path keys() {
        return directory.resolve("keys");
    }

    /** Of the gateway's own code, with the token that the test has made. */
    private String ask(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Asked.class.getName());
        command.addAll(List.of(arguments));
        return run(environment, command);
    }

    private String run(Map<String, String> environment, List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove(KeyWrapping.PIN);
        builder.environment().put("SOFTHSM2_CONF", directory.resolve("softhsm2.conf").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** {@code wrap DIRECTORY LABEL} or {@code open DIRECTORY}. */
    static final class Asked {
        private Asked() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[1]);
            try {
                if (arguments[0].equals("wrap")) {
                    KeyWrapping.byToken(
                            directory,
                            MODULE,
                            0,
                            arguments[2],
                            KeyWrapping.requiredPin(System.getenv()));
                }
                KeyFiles open = KeyFiles.open(directory, "node-1", "example.com/log/node-1");
                System.out.println("opened " + open.payload().current().id());
            } catch (IOException e) {
                System.out.println("refused: " + e.getMessage());
                System.out.println("asked again: " + isAskedAgain(directory, e));
            }
        }
    }

    /** A token locks after a few wrong PINs. */
    private static boolean isAskedAgain(Path directory, IOException first) {
        try {
            KeyFiles open = KeyFiles.open(directory, "node-1", "example.com/log/node-1");
            return open.payload().keys().isEmpty();
        } catch (IOException e) {
            return !e.equals(first);
        }
    }

    @Test
    void keysAreReadByWhoHasTheTokenAndItsPinAlone() throws Exception {
        assumeTrue(
                Files.isReadable(MODULE) && onPath("softhsm2-util") && onPath("pkcs11-tool"),
                "no SoftHSM here: apt-get install softhsm2 opensc");
        Files.createDirectories(directory.resolve("tokens"));
        Files.writeString(
                directory.resolve("softhsm2.conf"),
                "directories.tokendir = " + directory.resolve("tokens") + "\n");
        token("softhsm2-util --init-token --free --label gateway --so-pin 1234 --pin " + RIGHT);
        token(
                "pkcs11-tool --module "
                        + MODULE
                        + " --login --pin "
                        + RIGHT
                        + " --keygen --key-type AES:32 --sensitive --label wrapping");
        Map<String, String> pin = Map.of(KeyWrapping.PIN, RIGHT);
        var before = KeyFiles.open(keys(), "node-1", "example.com/log/node-1");
        String opened = "opened " + before.payload().current().id();

        assertThat(ask(pin, "wrap", keys().toString(), "other"))
                .contains("refused: token 0 of", "has no AES key \"other\"", "--keygen");
        assertThat(ask(Map.of(), "wrap", keys().toString(), "wrapping"))
                .contains("refused:", "set " + KeyWrapping.PIN);
        assertThat(ask(pin, "wrap", keys().toString(), "wrapping")).contains(opened);

        assertThat(secrets()).doesNotContain("per-entry").contains("wrapped ");
        assertThat(Files.readString(keys().resolve(KeyWrapping.NAME)))
                .contains("\"by\":\"pkcs11\"")
                .doesNotContain(RIGHT);
        assertThat(ask(pin, "open", keys().toString())).contains(opened);
        assertThat(ask(Map.of(KeyWrapping.PIN, "9999"), "open", keys().toString()))
                .contains("refused:", "does not take the PIN", "CKR_PIN_INCORRECT")
                .contains("asked again: false")
                .doesNotContain("9999");
        assertThat(ask(Map.of(), "open", keys().toString())).contains("refused:", "credential");
        Path credentials = Files.createDirectories(directory.resolve("credentials"));
        Files.writeString(credentials.resolve("keys-pin"), RIGHT + "\n");
        assertThat(
                        ask(
                                Map.of("CREDENTIALS_DIRECTORY", credentials.toString()),
                                "open",
                                keys().toString()))
                .contains(opened);

        token(
                "pkcs11-tool --module "
                        + MODULE
                        + " --login --pin "
                        + RIGHT
                        + " --delete-object --type secrkey --label wrapping");
        token(
                "pkcs11-tool --module "
                        + MODULE
                        + " --login --pin "
                        + RIGHT
                        + " --keygen --key-type AES:32 --sensitive --label wrapping");
        assertThat(ask(pin, "open", keys().toString()))
                .as("another key of that name")
                .contains("refused:", "is not the one the keys are wrapped by");
    }

    private String secrets() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(keys())) {
            for (Path file : files.sorted().toList()) {
                if (!file.endsWith("verifier.keys") && file.toString().endsWith(".keys")) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }

    private void token(String command) throws Exception {
        String said = run(Map.of(), List.of(command.split(" ", -1)));
        assertThat(said).as(command).doesNotContainIgnoringCase("error");
    }

    private static boolean onPath(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}
