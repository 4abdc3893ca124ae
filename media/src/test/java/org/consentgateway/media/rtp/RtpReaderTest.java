package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.consentgateway.media.rtp.RtpDatagram.Malformed;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RtpReaderTest {
    private final RtpReader reader = new RtpReader();

    /** golden/rtp.txt: a name, the packet in hex, and what it is. */
    @TestFactory
    List<DynamicTest> goldenPacketsReadAsTheirTextTwins() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        try (var in = RtpReaderTest.class.getResourceAsStream("/golden/rtp.txt")) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String block : text.split("\n\n", -1)) {
                List<String> lines = block.lines().filter(line -> !line.startsWith("#")).toList();
                if (lines.isEmpty()) {
                    continue;
                }
                String hex = String.join("", lines.subList(1, lines.size() - 1)).replace(" ", "");
                tests.add(
                        DynamicTest.dynamicTest(
                                lines.getFirst(),
                                () -> assertThat(told(hex)).isEqualTo(lines.getLast())));
            }
        }
        assertThat(tests).hasSizeGreaterThan(8);
        return tests;
    }

    private String told(String hex) {
        byte[] octets = HexFormat.of().parseHex(hex);
        return switch (reader.read(ByteBuffer.wrap(octets), octets.length)) {
            case Malformed malformed -> "= " + malformed;
            case RtpDatagram.Packet p ->
                    "= %stype %d, sequence %d, timestamp %d, ssrc %08x, payload %d from %d"
                            .formatted(
                                    p.marker ? "marker, " : "",
                                    p.payloadType(),
                                    p.sequence(),
                                    p.timestamp(),
                                    p.ssrc(),
                                    p.payloadLength(),
                                    p.payloadOffset());
        };
    }

    @Test
    void noDatagramWhateverItHoldsIsReadBeyondItsEnd() {
        Random random = new Random(3550);
        int packets = 0;
        for (int i = 0; i < 300_000; i++) {
            int length = random.nextInt(64);
            byte[] octets = new byte[length];
            random.nextBytes(octets);
            if (length > 0 && random.nextBoolean()) {
                octets[0] = (byte) (0x80 | (octets[0] & 0x3F));
            }
            // The buffer ends with the datagram: reading on would throw.
            if (reader.read(ByteBuffer.wrap(octets), length) instanceof RtpDatagram.Packet p) {
                packets++;
                assertThat(p.payloadOffset()).isBetween(RtpReader.HEADER, length);
                assertThat(p.payloadOffset() + p.payloadLength()).isLessThanOrEqualTo(length);
                assertThat(p.payloadLength()).isNotNegative();
            }
        }
        assertThat(packets).isGreaterThan(1000);
    }

    @Test
    void rtcpOnTheSamePortIsTold() {
        assertThat(RtpDatagram.isRtcp(ByteBuffer.wrap(new byte[] {(byte) 0x80, (byte) 200}), 2))
                .isTrue();
        assertThat(RtpDatagram.isRtcp(ByteBuffer.wrap(new byte[] {(byte) 0x80, (byte) 0x88}), 2))
                .isFalse();
        assertThat(RtpDatagram.isRtcp(ByteBuffer.wrap(new byte[] {(byte) 0x80}), 1)).isFalse();
    }
}
