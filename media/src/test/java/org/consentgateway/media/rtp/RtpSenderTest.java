package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RtpSenderTest {
    private static final long MS = 1_000_000;
    private final RtpSender sender = new RtpSender(0xABCD, 65_534, 0xFFFF_FF00);
    private final ByteBuffer out = ByteBuffer.allocate(64);
    private final List<String> line = new ArrayList<>();

    private void own(long atMillis) {
        sender.own(out, 8, false, atMillis * MS);
        note();
    }

    private boolean relay(int sequence, int timestamp, int ssrc, long atMillis) {
        boolean placed =
                sender.relay(
                        out, 0, 8, false, Packets.packet(sequence, timestamp, ssrc), atMillis * MS);
        if (placed) {
            note();
        }
        return placed;
    }

    private void note() {
        assertThat(out.getInt(8)).isEqualTo(0xABCD);
        line.add((out.getShort(2) & 0xFFFF) + "/" + (out.getInt(4) - 0xFFFF_FF00));
    }

    @Test
    void promptRelayAndPromptAreOneGaplessLine() {
        own(0);
        own(20);
        relay(7000, 123_456, 9, 40);
        relay(7001, 123_616, 9, 60);
        relay(7002, 123_776, 9, 80);
        own(100);
        own(120);
        assertThat(line)
                .containsExactly(
                        "65534/0", "65535/160", "0/320", "1/480", "2/640", "3/800", "4/960");
    }

    @Test
    void lossAndDisorderOfARelayedStreamStayVisible() {
        for (int sequence : new int[] {0, 1, 4, 3, 6}) {
            relay(sequence, sequence * 160, 9, 20L * sequence);
        }
        assertThat(line).containsExactly("65534/0", "65535/160", "2/640", "1/480", "4/960");
        own(140);
        assertThat(line.getLast()).isEqualTo("5/1120");
    }

    @Test
    void aStragglerFromBeforeTheRelayingBeganIsRefused() {
        own(0);
        assertThat(relay(500, 0, 9, 20)).isTrue();
        assertThat(relay(499, -160, 9, 21)).isFalse();
        assertThat(relay(501, 160, 9, 40)).isTrue();
    }

    @Test
    void anotherSourceAJumpOfItsClockOrOfItsNumbersGoesOnWhereWeAre() {
        relay(10, 1000, 9, 0);
        relay(60_000, 777_777, 10, 20);
        relay(60_001, 5_000_000, 10, 40);
        relay(20_000, 5_000_160, 10, 60);
        assertThat(line).containsExactly("65534/0", "65535/160", "0/320", "1/480");
    }

    @Test
    void theClockGoesOnWhileNothingIsSent() {
        own(0);
        own(5000);
        relay(1, 1, 9, 6000);
        assertThat(line).containsExactly("65534/0", "65535/40000", "0/48000");
    }

    @Test
    void aKeyKeepsItsTimestampAndTheAudioAfterItIsInTime() {
        own(0);
        sender.own(out, 101, true, 20 * MS);
        note();
        int key = sender.timestamp();
        for (int i = 2; i < 5; i++) {
            sender.own(out, 101, key, 20L * i * MS);
            note();
        }
        own(100);
        assertThat(line)
                .containsExactly("65534/0", "65535/160", "0/160", "1/160", "2/160", "3/800");
    }

    @Test
    void aLongRelayedStreamNeverRefusesItsOwnPackets() {
        for (int i = 0; i < 200_000; i++) {
            assertThat(relay(i & 0xFFFF, i * 160, 9, i * 20L)).isTrue();
            line.clear();
        }
    }
}
