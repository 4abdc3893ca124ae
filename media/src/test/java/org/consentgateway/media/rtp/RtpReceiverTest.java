package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.consentgateway.media.rtp.RtpReceiver.Verdict;
import org.junit.jupiter.api.Test;

class RtpReceiverTest {
    private static final long MS = 1_000_000;
    private final RtpReceiver receiver = new RtpReceiver();

    @Test
    void countsWhatIsMissingAcrossTheWrap() {
        for (int i = 0; i < 1000; i++) {
            if (i % 10 != 3) {
                assertThat(receiver.packet(1, (65_000 + i) & 0xFFFF, 20L * i * MS))
                        .isNotEqualTo(Verdict.INTRUDER);
            }
        }
        assertThat(receiver.receivedPackets()).isEqualTo(900);
        assertThat(receiver.lostPackets()).isEqualTo(100);
        assertThat(receiver.cumulativeLost()).isEqualTo(100);
        assertThat(receiver.extendedHighest()).isEqualTo(65_999);
        assertThat(receiver.fractionLost()).isEqualTo(25);
        assertThat(receiver.fractionLost()).isZero();
    }

    @Test
    void disorderIsNoLoss() {
        int[] order = {10, 12, 11, 13, 15, 14, 16};
        for (int i = 0; i < order.length; i++) {
            receiver.packet(1, order[i], i * MS);
        }
        assertThat(receiver.lostPackets()).isZero();
    }

    @Test
    void jitterFollowsTheFormulaOfTheRfc() {
        double expected = 0;
        long last = 0;
        for (int i = 0; i < 500; i++) {
            long shake = i % 2 * 8L;
            receiver.packet(1, i, 0);
            receiver.timed(i * 160, (20L * i + shake) * MS);
            if (i > 0) {
                expected += (Math.abs(shake - last) - expected) / 16;
            }
            last = shake;
        }
        assertThat(receiver.jitterMillis()).isEqualTo(expected, within(0.01));
        assertThat(receiver.jitterMillis()).isEqualTo(8, within(0.1));
    }

    @Test
    void anotherSsrcIsAnIntruderWhileTheFirstIsAlive() {
        receiver.packet(1, 0, 0);
        for (int i = 1; i < 200; i++) {
            assertThat(receiver.packet(1, i, 20L * i * MS)).isEqualTo(Verdict.ACCEPT);
            assertThat(receiver.packet(2, i, (20L * i + 1) * MS)).isEqualTo(Verdict.INTRUDER);
        }
        assertThat(receiver.receivedPackets()).isEqualTo(200);
        assertThat(receiver.ssrc()).isEqualTo(1);
    }

    @Test
    void anotherSsrcIsBelievedAfterTheFirstFellSilentAndItProvedItself() {
        receiver.packet(1, 0, 0);
        for (int i = 0; i < 4; i++) {
            assertThat(receiver.packet(2, 500 + i, (1000 + 20L * i) * MS))
                    .isEqualTo(Verdict.INTRUDER);
        }
        assertThat(receiver.packet(2, 504, 1100 * MS)).isEqualTo(Verdict.ACCEPT_NEW_SOURCE);
        assertThat(receiver.packet(2, 505, 1120 * MS)).isEqualTo(Verdict.ACCEPT);
        assertThat(receiver.lostPackets()).isZero();
    }

    @Test
    void aWildSequenceNumberMustBeConfirmedByTheNext() {
        receiver.packet(1, 100, 0);
        assertThat(receiver.packet(1, 30_000, MS)).isEqualTo(Verdict.WILD_SEQUENCE);
        assertThat(receiver.packet(1, 101, 2 * MS)).isEqualTo(Verdict.ACCEPT);
        assertThat(receiver.packet(1, 30_000, 3 * MS)).isEqualTo(Verdict.WILD_SEQUENCE);
        assertThat(receiver.packet(1, 30_001, 4 * MS)).isEqualTo(Verdict.ACCEPT_NEW_SOURCE);
        assertThat(receiver.lostPackets()).isZero();
    }
}
