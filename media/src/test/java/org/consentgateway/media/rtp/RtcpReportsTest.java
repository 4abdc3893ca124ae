package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RtcpReportsTest {
    private static final long MS = 1_000_000;

    private final RtpSender ourSender = new RtpSender(0xAAAA, 0, 0);
    private final RtpReceiver ourReceiver = new RtpReceiver();
    private final RtcpReports ours = new RtcpReports(ourSender, ourReceiver, "cafe", new Random(1));
    private final RtpSender theirSender = new RtpSender(0xBBBB, 0, 0);
    private final RtpReceiver theirReceiver = new RtpReceiver();
    private final RtcpReports theirs =
            new RtcpReports(theirSender, theirReceiver, "beef-beef", new Random(2));
    private final ByteBuffer packet = ByteBuffer.allocate(512);

    private static long ntp(long millis) {
        return (3_900_000_000L << 32) + (millis << 32) / 1000;
    }

    @Test
    void theRoundTripIsMeasuredThroughTheOtherSide() {
        ourSender.sent(160);
        theirReceiver.packet(0xAAAA, 1, 0);
        int length = ours.compose(packet, 0, ntp(0), false);
        assertThat(theirs.read(packet, length, 30 * MS, ntp(30))).isTrue();
        length = theirs.compose(packet, 530 * MS, ntp(530), false);
        assertThat(ours.roundTripMillis()).isEqualTo(-1);
        assertThat(ours.read(packet, length, 580 * MS, ntp(580))).isTrue();
        assertThat(ours.roundTripMillis()).isEqualTo(80, within(0.1));
    }

    @Test
    void lossIsReportedToTheSender() {
        ourSender.sent(160);
        for (int i : new int[] {1, 2, 5, 6}) {
            theirReceiver.packet(0xAAAA, i, 0);
        }
        int length = theirs.compose(packet, 0, ntp(0), false);
        assertThat(packet.get(1) & 0xFF).as("a receiver report").isEqualTo(201);
        assertThat(packet.get(12) & 0xFF).as("fraction lost, of 256").isEqualTo(85);
        assertThat(ours.read(packet, length, 0, ntp(0))).isTrue();
        assertThat(ours.farLostPackets()).isEqualTo(2);
    }

    @Test
    void aReportIsACompoundOfWordsWithNameAndGoodbye() {
        ourSender.sent(160);
        int length = ours.compose(packet, 0, ntp(0), true);
        assertThat(length % 4).isZero();
        assertThat(packet.get(1) & 0xFF).isEqualTo(200);
        assertThat(packet.getInt(20)).isEqualTo(1);
        assertThat(packet.getInt(24)).isEqualTo(160);
        assertThat(packet.get(29) & 0xFF).isEqualTo(202);
        assertThat(packet.get(36)).isEqualTo((byte) 1);
        assertThat(packet.get(37)).isEqualTo((byte) 4);
        assertThat(packet.get(length - 7) & 0xFF).isEqualTo(203);
        assertThat(packet.getInt(length - 4)).isEqualTo(0xAAAA);
    }

    @Test
    void reportsComeAboutEveryFiveSecondsAtRandom() {
        int due = 0;
        long first = -1;
        for (long at = 0; at < 1000_000; at += 20) {
            if (ours.due(at * MS)) {
                due++;
                first = first < 0 ? at : first;
            }
        }
        assertThat(first).isBetween(900L, 3200L);
        assertThat(due).isBetween(200, 290);
    }

    @Test
    void whatIsNoCompoundOfReportsChangesNothing() {
        Random random = new Random(3);
        for (int i = 0; i < 200_000; i++) {
            byte[] octets = new byte[random.nextInt(96)];
            random.nextBytes(octets);
            if (octets.length > 4 && random.nextBoolean()) {
                octets[0] = (byte) (0x80 | (octets[0] & 0x1F));
                octets[1] = (byte) (200 + random.nextInt(2));
                octets[2] = 0;
                octets[3] = (byte) random.nextInt(24);
            }
            ours.read(ByteBuffer.wrap(octets), octets.length, 0, ntp(0));
        }
        assertThat(ours.roundTripMillis()).isEqualTo(-1);
    }
}
