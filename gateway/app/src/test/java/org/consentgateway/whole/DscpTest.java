package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.wire.Capture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How packets are marked, as they are on the wire. Needs root or CAP_NET_RAW, and tshark. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DscpTest {
    @TempDir Path folder;

    @Test
    void signallingIsCs3AndMediaIsExpedited() throws Exception {
        assumeTrue(Capture.isPermitted(), "capturing is not permitted here");
        Path file = folder.resolve("call.pcap");
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            Path told = folder.resolve("dumpcap.txt");
            Process dumpcap =
                    new ProcessBuilder(
                                    "dumpcap", "-i", "lo", "-P", "-w", file.toString(), "-f", "udp")
                            .redirectErrorStream(true)
                            .redirectOutput(told.toFile())
                            .start();
            TestWait.until(() -> Files.readString(told).contains("File: "));
            TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491740000301")
                    .hears("opening")
                    .hangsUp();
            dumpcap.destroy();
            assertThat(dumpcap.waitFor(10, TimeUnit.SECONDS)).isTrue();
            int sip = gateway.sip().getPort();
            assertThat(marks(file, "udp.srcport == " + sip)).containsExactly("24");
            assertThat(
                            marks(
                                    file,
                                    "udp.srcport >= %d && udp.srcport < %d"
                                            .formatted(RtpPorts.GATEWAY, RtpPorts.PEERS)))
                    .containsExactly("46");
        }
    }

    /** The code points of what a filter lets through. */
    private static Set<String> marks(Path file, String filter)
            throws IOException, InterruptedException {
        Process tshark =
                new ProcessBuilder(
                                "tshark",
                                "-r",
                                file.toString(),
                                "-Y",
                                filter,
                                "-T",
                                "fields",
                                "-e",
                                "ip.dsfield.dscp")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String all = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(tshark.waitFor()).isZero();
        return all.lines().collect(Collectors.toSet());
    }
}
