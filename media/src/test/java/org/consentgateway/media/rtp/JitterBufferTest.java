package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.PcmFrame.Origin;
import org.consentgateway.media.codec.G711;
import org.junit.jupiter.api.Test;

class JitterBufferTest {
    private final CountedLosses losses = new CountedLosses();
    private final JitterBuffer buffer = new JitterBuffer(losses, 0);
    private final List<PcmFrame> out = new ArrayList<>();

    /** 160 samples that all say which packet they are of. */
    private static ByteBuffer payload(int packet) {
        byte[] octets = new byte[320];
        Arrays.fill(octets, name(packet));
        return ByteBuffer.wrap(octets);
    }

    /** 100 different loud octets. */
    private static byte name(int packet) {
        return (byte) (0x80 | packet % 100);
    }

    private void arrive(int packet) {
        buffer.audio(
                (65_500 + packet) & 0xFFFF,
                0xFFFF_F000 + packet * 160,
                G711.PCMU,
                payload(packet),
                0,
                160);
    }

    private void tick() {
        PcmFrame frame = buffer.tick();
        if (frame != null) {
            out.add(frame);
        }
    }

    /** Which packets the received frames are of. */
    private List<Integer> heard() {
        List<Integer> packets = new ArrayList<>();
        int from = 0;
        for (PcmFrame frame : out) {
            if (frame.origin() != Origin.RECEIVED) {
                continue;
            }
            int packet = from;
            while (G711.PCMU.toLinear(name(packet)) != frame.samples()[0]) {
                packet++;
                assertThat(packet).as("a frame of no later packet").isLessThan(from + 100);
            }
            packets.add(packet);
            from = packet + 1;
        }
        return packets;
    }

    @Test
    void aSteadyStreamComesOutWholeAndInOrderAcrossBothWraps() {
        for (int i = 0; i < 300; i++) {
            arrive(i);
            tick();
        }
        List<Integer> heard = heard();
        assertThat(heard).hasSizeGreaterThanOrEqualTo(298);
        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i)).isEqualTo(i);
        }
        assertThat(losses.late.value()).isZero();
        assertThat(buffer.depth() / 8).isLessThanOrEqualTo(40);
    }

    private int lostMillis() {
        return out.stream().mapToInt(PcmFrame::lostMillis).sum();
    }

    private void takeWhole() {
        while (buffer.isWhole()) {
            out.add(buffer.due());
        }
    }

    @Test
    void whoTakesWhatIsWholeHasEachPacketAtOnce() {
        for (int i = 0; i < 100; i++) {
            arrive(i);
            takeWhole();
            assertThat(out).hasSize(i + 1);
        }
        assertThat(heard()).last().isEqualTo(99);
        assertThat(buffer.depth()).isZero();
    }

    @Test
    void whatWasOvertakenIsWaitedForUntilTheTakerSaysThatItIsDue() {
        arrive(0);
        takeWhole();
        assertThat(buffer.holdsLater()).isFalse();
        arrive(2);
        takeWhole();
        assertThat(buffer.holdsLater()).isTrue();
        arrive(1);
        takeWhole();
        assertThat(heard()).containsExactly(0, 1, 2);
        arrive(4);
        takeWhole();
        out.add(buffer.due());
        takeWhole();
        arrive(3); // nobody waits for it any more
        takeWhole();
        assertThat(heard()).containsExactly(0, 1, 2, 4);
        assertThat(out.get(3).origin()).isEqualTo(Origin.CONCEALED);
        assertThat(losses.late.value()).isOne();
    }

    @Test
    void lostPacketsAreConcealedAndThenSilent() {
        for (int i = 0; i < 100; i++) {
            if (i < 50 || i >= 55) {
                arrive(i);
            }
            tick();
        }
        assertThat(out.stream().filter(f -> f.origin() == Origin.CONCEALED)).hasSize(3);
        assertThat(out.stream().filter(f -> f.origin() == Origin.SILENCE)).hasSize(2);
        assertThat(heard()).doesNotContain(50, 51, 52, 53, 54).contains(49, 55);
        assertThat(out.stream().filter(f -> !f.whole())).as("all of them, and no other").hasSize(5);
        assertThat(lostMillis()).isEqualTo(100);
    }

    @Test
    void aFrameOfWhichAPartIsLostIsNotWhole() {
        for (int i = 0; i < 3; i++) {
            buffer.audio(i, i * 240, G711.PCMU, payload(i), 0, 240); // 30 ms
        }
        buffer.audio(4, 4 * 240, G711.PCMU, payload(4), 0, 240);
        for (int i = 0; i < 7; i++) {
            out.add(buffer.due());
        }
        assertThat(out)
                .extracting(PcmFrame::whole)
                .containsExactly(true, true, true, true, false, false, true);
        assertThat(out.get(4).origin()).isEqualTo(Origin.RECEIVED);
        assertThat(lostMillis()).isEqualTo(30);
    }

    @Test
    void aPauseOfTheSenderIsSilenceAndNoLoss() {
        for (int i = 0; i < 20; i++) {
            arrive(i);
            tick();
        }
        // The next number with a timestamp 100 ms later: nothing was sent in between.
        for (int i = 0; i < 3; i++) {
            buffer.audio(
                    (65_520 + i) & 0xFFFF,
                    0xFFFF_F000 + (25 + i) * 160,
                    G711.PCMU,
                    payload(25 + i),
                    0,
                    160);
        }
        for (int i = 0; i < 10; i++) {
            tick();
        }
        assertThat(heard()).contains(19, 25, 26, 27);
        int silent = 0;
        for (PcmFrame frame : out.subList(20, 25)) {
            silent += frame.samples()[0] == 0 ? 1 : 0;
        }
        assertThat(silent).isGreaterThanOrEqualTo(4);
        assertThat(losses.late.value()).isZero();
        assertThat(lostMillis()).as("what was not sent is not lost").isZero();
    }

    @Test
    void underAnyLossDisorderAndDelayFramesAreInOrderAndNoneComesTwice() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            JitterBufferTest run = new JitterBufferTest();
            int loss = random.nextInt(30);
            int shake = random.nextInt(5);
            List<List<Integer>> arrivals = new ArrayList<>();
            for (int i = 0; i < 420; i++) {
                arrivals.add(new ArrayList<>());
            }
            int sent = 0;
            for (int i = 0; i < 400; i++) {
                if (random.nextInt(100) < loss) {
                    continue;
                }
                sent++;
                arrivals.get(i + random.nextInt(shake + 1)).add(i);
                if (random.nextInt(20) == 0) {
                    arrivals.get(i + random.nextInt(shake + 5)).add(i);
                }
            }
            for (List<Integer> now : arrivals) {
                now.forEach(run::arrive);
                run.tick();
            }
            List<Integer> heard = run.heard();
            assertThat(heard).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
            // With the delay grown to the shake, nearly all that came is heard.
            assertThat(heard.size()).as("seed %d", seed).isGreaterThan(sent * 8 / 10);
            assertThat(run.buffer.depth() / 8).isLessThanOrEqualTo(240);
            for (int i = 0; i < run.out.size(); i++) {
                assertThat(run.out.get(i).mediaMillis()).isEqualTo(20L * i);
            }
        }
    }

    @Test
    void packetsOf10And40MillisecondsMakeFramesOf20() {
        short[] expected = new short[160];
        Arrays.fill(expected, G711.PCMA.toLinear((byte) 0x90));
        byte[] octets = new byte[320];
        Arrays.fill(octets, (byte) 0x90);
        int timestamp = 0;
        int played = 0;
        for (int i = 0; i < 100; i++) {
            int length = i < 50 ? 80 : 320;
            buffer.audio(i, timestamp, G711.PCMA, ByteBuffer.wrap(octets), 0, length);
            timestamp += length;
            for (; played + 160 <= timestamp; played += 160) {
                tick();
            }
        }
        assertThat(out).hasSizeGreaterThan(110);
        assertThat(out.subList(0, 110))
                .allSatisfy(f -> assertThat(f.samples()).isEqualTo(expected));
    }

    @Test
    void aJumpOfTheClockGoesOnWhereWeAre() {
        for (int i = 0; i < 50; i++) {
            arrive(i);
            tick();
        }
        for (int i = 50; i < 100; i++) {
            buffer.audio(i, i * 160 + 99_999_999, G711.PCMU, payload(i), 0, 160);
            tick();
        }
        assertThat(heard()).contains(49, 50, 99 - 3);
        assertThat(out).hasSizeGreaterThan(96);
    }

    @Test
    void aPacketThatComesTwiceIsHeardOnceAndCounted() {
        for (int i = 0; i < 10; i++) {
            arrive(i);
            arrive(i);
            tick();
        }
        assertThat(heard()).doesNotHaveDuplicates().contains(0, 5);
        assertThat(losses.duplicates.value()).isEqualTo(10);
        assertThat(losses.late.value()).isZero();
    }

    @Test
    void aSuddenBurstIsCutToTheLimit() {
        for (int i = 0; i < 5; i++) {
            arrive(i);
            tick();
        }
        for (int i = 5; i < 28; i++) {
            arrive(i);
        }
        tick();
        assertThat(buffer.depth() / 8).isLessThanOrEqualTo(240);
        assertThat(losses.skipped.value()).isPositive();
    }

    @Test
    void aDelayNoLongerNeededIsTakenBack() {
        for (int i = 0; i < 10; i++) {
            arrive(i);
            tick();
        }
        for (int i = 0; i < 6; i++) {
            tick();
        }
        for (int i = 10; i < 16; i++) {
            arrive(i);
        }
        long grown = buffer.depth() / 8;
        assertThat(grown).isGreaterThan(60);
        for (int i = 16; i < 2500; i++) {
            arrive(i);
            tick();
        }
        assertThat(buffer.depth() / 8).isLessThanOrEqualTo(60);
    }
}
