package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.cli.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/run} and {@code scripts/gateway}, in a tree whose Maven builds another jar. */
@Timeout(60)
class StartScriptsTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", ".."));

    private static final List<String> MODULES =
            List.of(
                    "",
                    "media",
                    "speech",
                    "gateway",
                    "gateway/consent",
                    "gateway/ledger",
                    "gateway/sip",
                    "gateway/app");

    @TempDir private Path tree;

    private Path jar = Path.of("unset");

    @BeforeEach
    void aTreeThatIsBuilt() throws IOException {
        for (String name : List.of("run", "gateway", "lib/tools.sh")) {
            Path script = tree.resolve("scripts").resolve(name);
            Files.createDirectories(script.resolveSibling("lib"));
            Files.copy(PROJECT.resolve("scripts").resolve(name), script);
        }
        Files.createDirectories(tree.resolve("gateway/app/target/lib"));
        jar = tree.resolve("gateway/app/target/gateway.jar");
        StandInProgram.jar(jar, "1.0");
        StandInProgram.jar(tree.resolve("next.jar"), "2.0");
        Path maven = tree.resolve("bin/mvn");
        Files.createDirectories(tree.resolve("bin"));
        Files.writeString(maven, "#!/bin/sh\ncp '%s/next.jar' '%s'\n".formatted(tree, jar));
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        // The fast start is there already: it is made by a gateway of its own.
        Files.createFile(jar.resolveSibling("gateway.aot"));
        for (String module : MODULES) {
            Files.createDirectories(tree.resolve(module).resolve("src/main"));
            Files.createFile(tree.resolve(module).resolve("pom.xml"));
        }
        sourcesAreFrom(Instant.now().minusSeconds(60));
    }

    private void sourcesAreFrom(Instant time) throws IOException {
        for (String module : MODULES) {
            for (String source : List.of("pom.xml", "src/main")) {
                Files.setLastModifiedTime(
                        tree.resolve(module).resolve(source), FileTime.from(time));
            }
        }
    }

    private Map<String, String> environment(String options) {
        return Map.of(
                "PATH",
                tree.resolve("bin") + ":" + System.getenv("PATH"),
                "GATEWAY_JAVA_OPTS",
                options);
    }

    private StandInProgram.Ended run(String script, String... words) throws Exception {
        String[] command = new String[words.length + 1];
        command[0] = tree.resolve("scripts").resolve(script).toString();
        System.arraycopy(words, 0, command, 1, words.length);
        return StandInProgram.run(tree, environment(StandInProgram.SMALL_HEAP), command);
    }

    private String sameFile() throws IOException {
        return String.valueOf(Files.readAttributes(jar, BasicFileAttributes.class).fileKey())
                + Files.getLastModifiedTime(jar)
                + Files.size(jar);
    }

    /** It would miss the first class that it has not yet needed, hours later. */
    @Test
    void nobodyReplacesTheJarOfAGatewayThatRuns() throws Exception {
        Process gateway =
                StandInProgram.start(tree, environment(""), tree.resolve("scripts/run").toString());
        try {
            var said =
                    new BufferedReader(
                            new InputStreamReader(
                                    gateway.getInputStream(), StandardCharsets.UTF_8));
            assertThat(said.readLine()).isEqualTo("1.0");
            String before = sameFile();
            sourcesAreFrom(Instant.now().plusSeconds(60));

            StandInProgram.Ended command = run("gateway", "--version");
            assertThat(command.said())
                    .contains("this is the command of that one")
                    .endsWith("\n1.0\n");
            assertThat(command.code()).isZero();
            StandInProgram.Ended second = run("run");
            assertThat(second.said()).contains("End it first.");
            assertThat(second.code()).isEqualTo(ExitCode.FAILED);
            assertThat(sameFile()).isEqualTo(before);
        } finally {
            gateway.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        assertThat(run("gateway", "--version").said()).contains("Built in").endsWith("\n2.0\n");
    }

    @Test
    void aFullHeapIsNoWrongConfigurationAndLeavesNoReport() throws Exception {
        StandInProgram.Ended ended = run("run", StandInProgram.FILL);
        assertThat(ended.said()).contains("OutOfMemoryError");
        assertThat(ended.code()).isEqualTo(ExitCode.FAILED);
        try (Stream<Path> files = Files.list(tree)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("hs_err") || name.startsWith("core"));
        }
    }
}
