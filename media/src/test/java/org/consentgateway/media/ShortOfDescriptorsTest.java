package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.RtpPorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ShortOfDescriptorsTest {
    /** With all that a JVM opens of its own. */
    private static final int DESCRIPTORS = 1_000;

    @TempDir private Path directory;

    @Test
    void whereNoDescriptorIsLeftALegIsRefusedAsWithoutAPortAndNothingOfItIsKept() throws Exception {
        Process process =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "ulimit -n " + DESCRIPTORS + " && exec \"$@\"",
                                "sh",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx128m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ShortOfDescriptors.class.getName(),
                                String.valueOf(RtpPorts.GATEWAY + 340),
                                String.valueOf(RtpPorts.GATEWAY + 359))
                        .redirectError(directory.resolve("stderr").toFile())
                        .start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readAllLines())
                    .endsWith(
                            "2 legs, then PortsExhaustedException with 2 pairs in use; at the end"
                                    + " 0, and 0 sockets");
        } finally {
            process.toHandle().destroyForcibly();
        }
    }
}
