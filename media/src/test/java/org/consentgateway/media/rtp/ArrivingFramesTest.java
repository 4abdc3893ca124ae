package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.PcmFrame.Origin;
import org.consentgateway.media.codec.G711;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivingFramesTest {
    private final List<PcmFrame> given = new ArrayList<>();
    private final CountedLosses losses = new CountedLosses();
    private final ArrivingFrames frames =
            new ArrivingFrames(new JitterBuffer(losses, 0), given::add, 0);
    private final RtpReader reader = new RtpReader();
    private long now;

    private void arrives(int number) {
        arrives(number, number * 160);
    }

    private void arrives(int number, int timestamp) {
        arrives(number, timestamp, 160);
    }

    private void arrives(int number, int timestamp, int octets) {
        ByteBuffer packet = Packets.rtp(8, number, timestamp, 7, octets);
        if (reader.read(packet, 12 + octets) instanceof RtpDatagram.Packet read) {
            frames.packet(packet, read, G711.PCMA);
        }
    }

    /** One of a type that nobody agreed to. */
    private void arrivesUndecoded(int number, int timestamp) {
        frames.undecoded(Packets.packet(number, timestamp, 7));
    }

    private void turn() {
        now += ArrivingFrames.FRAME_NANOS;
        frames.turn(now);
    }

    private List<Origin> origins() {
        return given.stream().map(PcmFrame::origin).toList();
    }

    @Test
    void beforeTheFirstPacketThereIsNothing() {
        for (int i = 0; i < 20; i++) {
            turn();
        }
        assertThat(given).isEmpty();
    }

    @Test
    void aPacketIsGivenAtOnceAndThoseThatComeTogetherTogether() {
        arrives(0);
        assertThat(given).hasSize(1);
        turn();
        turn();
        arrives(1);
        arrives(2);
        arrives(3);
        turn();
        assertThat(origins()).containsOnly(Origin.RECEIVED).hasSize(4);
        assertThat(given.getLast().mediaMillis()).isEqualTo(60);
    }

    @Test
    void whatWasOvertakenIsWaitedForForTwoTurns() {
        arrives(0);
        arrives(2);
        turn();
        turn();
        assertThat(given).hasSize(1);
        turn();
        assertThat(origins()).containsExactly(Origin.RECEIVED, Origin.CONCEALED, Origin.RECEIVED);
    }

    @Test
    void behindFourTurnsWithoutAPacketThereIsSilenceAtEachAndNoneIsLeftOut() {
        arrives(0);
        for (int i = 0; i < 4; i++) {
            turn();
        }
        assertThat(given).hasSize(1);
        for (int i = 0; i < 10; i++) {
            turn();
        }
        assertThat(given).hasSize(11);
        assertThat(origins().subList(4, 11)).containsOnly(Origin.SILENCE);
        // It spoke again after 14 turns: what is silence of these is given as well.
        arrives(1, 15 * 160);
        assertThat(given).hasSize(16);
        assertThat(given.getLast().mediaMillis()).isEqualTo(300);
    }

    private int lostMillis() {
        return given.stream().mapToInt(PcmFrame::lostMillis).sum();
    }

    @Test
    void whatWasNotSentIsNotLostAndWhatWasSentIs() {
        arrives(0);
        for (int i = 0; i < 14; i++) {
            turn();
        }
        assertThat(given).allMatch(frame -> frame.lostMillis() == 0, "nobody knows yet");
        arrives(1, 15 * 160);
        assertThat(lostMillis()).isZero();
        for (int i = 0; i < 14; i++) {
            turn();
        }
        arrives(15, 29 * 160);
        for (int i = 0; i < 14; i++) {
            turn();
        }
        assertThat(lostMillis()).as("the 13 packets between").isEqualTo(260);
    }

    @Test
    void whatIsLeftOutIsToldByTheFrameBehindIt() {
        for (int i = 0; i < 40; i++) {
            arrives(i);
        }
        assertThat(given).hasSize(25).allMatch(frame -> frame.lostMillis() == 0);
        turn();
        arrives(40);
        assertThat(given).hasSize(26);
        assertThat(given.getLast().lostMillis()).isEqualTo(300);
    }

    @Test
    void behindAStallOfOursTurnsThatAreMadeUpForMakeNoSilence() {
        arrives(0);
        now += 20 * ArrivingFrames.FRAME_NANOS;
        for (int i = 0; i < 20; i++) {
            frames.turn(now + i * 1000L);
        }
        assertThat(given).hasSize(1);
        for (int i = 1; i < 21; i++) {
            arrives(i);
        }
        assertThat(origins()).containsOnly(Origin.RECEIVED).hasSize(21);
    }

    @Test
    void noPeerHasMoreHeardThanTimeGoesBy() {
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 50; i++) {
                // Each says that half a second of silence was before it, and each comes ten times.
                for (int time = 0; time < 10; time++) {
                    int number = 10 * (50 * second + i) + time;
                    arrives(number, number * 4000);
                }
                turn();
            }
        }
        assertThat(given.size()).isBetween(500, 526);
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            turn();
        }
    }

    @Test
    void whatIsNotDecodedIsLostForAsLongAsItLasts() {
        arrives(0);
        for (int i = 0; i < 10; i++) {
            arrivesUndecoded(1 + i, 160 + i * 480);
            turns(3);
        }
        arrives(11, 160 + 10 * 480);
        turns(5);
        assertThat(lostMillis()).as("but that the last lasts 60 ms is not known").isEqualTo(560);
    }

    @Test
    void aPacketThatIsNotDecodedIsNoSilence() {
        arrives(0);
        arrivesUndecoded(1, 160);
        turn();
        arrives(2);
        turns(2);
        assertThat(given).extracting(PcmFrame::whole).containsExactly(true, false, true);
        assertThat(given).extracting(PcmFrame::lostMillis).containsExactly(0, 20, 0);
    }

    @Test
    void behindAPacketThatIsMissingAllIsLostThatIsNotDecoded() {
        arrives(0);
        arrivesUndecoded(2, 320);
        turns(20);
        arrives(3, 20 * 160);
        turns(5);
        assertThat(lostMillis()).isEqualTo(380);
    }

    @Test
    void whatIsNotDecodedIsLostWhateverItsClock() {
        arrives(0);
        for (int i = 0; i < 25; i++) {
            arrivesUndecoded(1 + i, i * 960);
            turn();
        }
        arrives(26);
        turns(5);
        assertThat(lostMillis()).isEqualTo(500);
        for (int i = 0; i < 3; i++) {
            arrivesUndecoded(27 + i, i * 160);
        }
        arrives(30, 1_000_000);
        turns(5);
        assertThat(lostMillis()).as("where the clock has jumped as well").isEqualTo(560);
    }

    /** A minute of packets of one length, each up to 15 ms late, and turns at any time between. */
    @ParameterizedTest
    @ValueSource(ints = {10, 20, 30, 40, 60, 80, 100, 120, 200})
    void ofWhateverLengthPacketsAreNothingIsMadeUpOrLeftOut(int millis) {
        Random random = new Random(millis);
        long nextTurn = random.nextLong(ArrivingFrames.FRAME_NANOS);
        int packets = 60_000 / millis;
        for (int i = 0; i < packets; i++) {
            long at = 1_000_000L * i * millis + (i == 0 ? 0 : random.nextLong(15_000_000));
            for (; nextTurn <= at; nextTurn += ArrivingFrames.FRAME_NANOS) {
                frames.turn(nextTurn);
            }
            arrives(i, i * millis * 8, millis * 8);
        }
        assertThat(losses.skipped.value()).as("left out").isZero();
        assertThat(losses.late.value()).as("too late for what was made up").isZero();
        assertThat(lostMillis()).isZero();
        assertThat(origins()).containsOnly(Origin.RECEIVED).hasSize(packets * millis / 20);
    }
}
