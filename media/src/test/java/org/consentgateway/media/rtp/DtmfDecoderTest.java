package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DtmfDecoderTest {
    private static final long MS = 1_000_000;
    private static final int SSRC = 0x1234;

    private final List<String> told = new ArrayList<>();
    private final List<Long> downAt = new ArrayList<>();
    private final DtmfDecoder decoder =
            new DtmfDecoder(
                    new DtmfDecoder.Keys() {
                        @Override
                        public void keyDown(char digit, long atNanos) {
                            told.add("down " + digit);
                            downAt.add(atNanos / MS);
                        }

                        @Override
                        public void keyUp(char digit, int durationMillis, long atNanos) {
                            told.add("up " + digit + " " + durationMillis);
                        }
                    });

    /** One packet of a press, and when it was sent. */
    private record Packet(int ssrc, int timestamp, int event, boolean end, int duration, long at) {}

    private void take(Packet packet, long atMillis) {
        ByteBuffer payload = ByteBuffer.allocate(4);
        payload.put((byte) packet.event()).put((byte) (packet.end() ? 0x8A : 0x0A));
        payload.putShort((short) packet.duration());
        assertThat(decoder.packet(packet.ssrc(), packet.timestamp(), payload, 0, 4, atMillis * MS))
                .isTrue();
    }

    /** Five packets of 20 ms and three ends, as RFC 4733 §2.5.1 has it. */
    private static List<Packet> press(int event, int timestamp, long atMillis) {
        List<Packet> press = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            press.add(
                    new Packet(
                            SSRC,
                            timestamp,
                            event,
                            i >= 5,
                            Math.min(i + 1, 5) * 160,
                            atMillis + 20L * i));
        }
        return press;
    }

    /** In this order, at the times at which packets came, and then nothing for a while. */
    private List<String> hear(List<Packet> packets) {
        told.clear();
        List<Long> times = packets.stream().map(Packet::at).sorted().toList();
        for (int i = 0; i < packets.size(); i++) {
            long at = times.get(i);
            decoder.tick(at * MS);
            take(packets.get(i), at);
        }
        for (long at = times.getLast(); at <= times.getLast() + 300; at += 20) {
            decoder.tick(at * MS);
        }
        return told;
    }

    @Test
    void oneKeyPressIsOneDigitUnderAnyLossOfItsPackets() {
        Random random = new Random(4733);
        long at = 1000;
        int timestamp = 0xFFFF_0000;
        for (int arriving = 1; arriving < 256; arriving++) {
            for (int order = 0; order < 12; order++) {
                at += 1000;
                timestamp += 8000;
                List<Packet> kept = keep(press(1, timestamp, at), arriving);
                disorder(kept, order, random);
                assertThat(hear(kept)).as("arriving %s, order %d", kept, order).hasSize(2);
                assertThat(told.get(0)).isEqualTo("down 1");
                assertThat(told.get(1)).startsWith("up 1 ");
            }
        }
    }

    private static List<Packet> keep(List<Packet> press, int arriving) {
        List<Packet> kept = new ArrayList<>();
        for (int i = 0; i < press.size(); i++) {
            if (((arriving >> i) & 1) != 0) {
                kept.add(press.get(i));
            }
        }
        return kept;
    }

    /** As sent, backwards, one swap at each place, or shuffled. */
    private static void disorder(List<Packet> packets, int order, Random random) {
        if (order == 1) {
            Collections.reverse(packets);
        } else if (order >= 2 && order <= 8 && order - 1 < packets.size()) {
            Collections.swap(packets, order - 2, order - 1);
        } else if (order > 8) {
            Collections.shuffle(packets, random);
        }
    }

    @Test
    void everyDuplicateOfAPressIsStillOneDigit() {
        List<Packet> twice = new ArrayList<>();
        for (Packet packet : press(5, 100, 0)) {
            twice.add(packet);
            twice.add(packet);
        }
        assertThat(hear(twice)).containsExactly("down 5", "up 5 100");
    }

    @Test
    void twoPressesOfOneKeyAreTwoDigitsWhateverOfEachIsLost() {
        Random random = new Random(1);
        int timestamp = 0;
        long at = 0;
        for (int round = 0; round < 5000; round++) {
            at += 1000;
            timestamp += 8000;
            List<Packet> both = keep(press(7, timestamp, at), 1 + random.nextInt(255));
            both.addAll(keep(press(7, timestamp + 2000, at + 250), 1 + random.nextInt(255)));
            assertThat(hear(both)).filteredOn("down 7"::equals).as("%s", both).hasSize(2);
            assertThat(told).hasSize(4);
        }
    }

    @Test
    void theEndIsToldAtTheFirstEndPacketOrAfter200Milliseconds() {
        List<Packet> press = press(0, 0, 0);
        for (Packet packet : press.subList(0, 5)) {
            take(packet, packet.at());
        }
        assertThat(told).containsExactly("down 0");
        decoder.tick(279 * MS);
        assertThat(told).hasSize(1);
        decoder.tick(280 * MS);
        assertThat(told).containsExactly("down 0", "up 0 100");
        take(press.get(6), 300);
        assertThat(told).hasSize(2);
    }

    @Test
    void aLongPressGoesOnInTheNextSegment() {
        List<Packet> held = new ArrayList<>();
        for (int samples = 160; samples <= 20 * 8000; samples += 160) {
            int segment = (samples - 1) / 0xFFFF;
            held.add(
                    new Packet(
                            SSRC,
                            1000 + segment * 0xFFFF,
                            9,
                            false,
                            samples - segment * 0xFFFF,
                            samples / 8));
        }
        Packet last = held.getLast();
        held.add(new Packet(SSRC, last.timestamp(), 9, true, last.duration(), last.at() + 20));
        assertThat(hear(held)).containsExactly("down 9", "up 9 20000");
    }

    @Test
    void aDurationThatWrapsIsStillOnePress() {
        List<Packet> held = new ArrayList<>();
        for (int samples = 160; samples <= 10 * 8000; samples += 160) {
            held.add(new Packet(SSRC, 5, 3, false, samples & 0xFFFF, samples / 8));
        }
        held.add(new Packet(SSRC, 5, 3, true, 80_000 & 0xFFFF, 10_020));
        assertThat(hear(held)).containsExactly("down 3", "up 3 10000");
    }

    @Test
    void aSenderThatMovesTheTimestampOfEveryPacketPressesOnce() {
        List<Packet> broken = new ArrayList<>();
        for (Packet packet : press(2, 0, 0)) {
            broken.add(
                    new Packet(
                            SSRC,
                            (int) packet.at() * 8,
                            2,
                            packet.end(),
                            packet.duration(),
                            packet.at()));
        }
        assertThat(hear(broken)).containsExactly("down 2", "up 2 100");
    }

    /**
     * A key held so long by a sender that moves the timestamp with every packet, {@code pace} ms.
     */
    private static List<Packet> moving(int pace, int heldMillis, int durationPerPacket) {
        List<Packet> held = new ArrayList<>();
        int packets = heldMillis / pace;
        for (int i = 0; i < packets + 3; i++) {
            held.add(
                    new Packet(
                            SSRC,
                            5000 + i * pace * 8,
                            1,
                            i >= packets,
                            Math.min(i + 1, packets) * durationPerPacket & 0xFFFF,
                            (long) i * pace));
        }
        return held;
    }

    @Test
    void aMovingTimestampIsOnePressAtAnyUsualPaceUnderLossAndDisorder() {
        var random = new Random(50);
        for (int pace : new int[] {20, 30, 50, 60}) {
            for (int round = 0; round < 500; round++) {
                List<Packet> kept = new ArrayList<>(moving(pace, 1000, pace * 8));
                kept.removeIf(_ -> random.nextInt(10) == 0);
                for (int i = 1; i < kept.size(); i++) {
                    if (random.nextInt(20) == 0) {
                        Collections.swap(kept, i - 1, i);
                    }
                }
                var fresh = new DtmfDecoderTest();
                assertThat(fresh.hear(kept)).as("pace %d: %s", pace, kept).hasSize(2);
            }
        }
    }

    @Test
    void aMovingTimestampWhoseDurationLagsIsOnePress() {
        assertThat(hear(moving(60, 4800, 160))).containsExactly("down 1", "up 1 1600");
    }

    @Test
    void aMovingTimestampHeldUntilItsDurationWrapsIsOnePress() {
        assertThat(hear(moving(50, 10_000, 400))).containsExactly("down 1", "up 1 10000");
    }

    @Test
    void aMovingTimestampIsOnePressOverABurstOfLossLongerThanTheTimeout() {
        List<Packet> held = moving(20, 1000, 160);
        held.subList(15, 30).clear();

        assertThat(hear(held)).filteredOn("down 1"::equals).hasSize(1);
    }

    @Test
    void aSourceThatChangesWhileAKeyIsHeldIsOnePress() {
        for (int timestampAfter : new int[] {1000, 77_000}) {
            for (int durationAfter : new int[] {160, 1760}) {
                List<Packet> held = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    boolean after = i >= 10;
                    held.add(
                            new Packet(
                                    after ? SSRC + 1 : SSRC,
                                    after ? timestampAfter : 1000,
                                    1,
                                    i >= 37,
                                    after ? durationAfter + (i - 10) * 160 : (i + 1) * 160,
                                    20L * i));
                }
                var fresh = new DtmfDecoderTest();
                assertThat(fresh.hear(held)).as("%s", held).hasSize(2);
            }
        }
    }

    /**
     * A press of a sender that moves the timestamp of every packet, and whose clock has begun anew.
     */
    private static List<Packet> anew(int event, int timestamp, long atMillis) {
        return press(event, timestamp, atMillis).stream()
                .map(packet ->
                        new Packet(
                                SSRC,
                                timestamp + (int) (packet.at() - atMillis) * 8,
                                event,
                                packet.end(),
                                packet.duration(),
                                packet.at()))
                .toList();
    }

    @Test
    void aClockThatBeginsAnewWithLowerTimestampsPressesOnceWhenever() {
        for (int after : new int[] {350, 700, 1500, 2500, 9000}) {
            for (int event : new int[] {1, 2}) {
                List<Packet> all = new ArrayList<>(press(1, 1_000_000, 0));
                all.addAll(anew(event, 500, after));
                all.addAll(anew(event, 5000, after + 500));
                var fresh = new DtmfDecoderTest();
                assertThat(fresh.hear(all))
                        .as("%d ms later", after)
                        .filteredOn(each -> each.startsWith("down"))
                        .containsExactly("down 1", "down " + event, "down " + event);
            }
        }
    }

    @Test
    void aClockThatBeganAnewLongAfterTheLastPressIsTheClockNow() {
        hear(press(1, 1_000_000, 0));
        assertThat(hear(anew(2, 500, 2500))).containsExactly("down 2", "up 2 100");
        assertThat(hear(press(2, 3000, 2900))).containsExactly("down 2", "up 2 100");
    }

    @Test
    void aNewSequenceUnderTheSameSourceHasTimestampsOfItsOwn() {
        hear(press(1, 1_000_000, 0));
        decoder.newSource();
        assertThat(hear(anew(2, 500, 300))).containsExactly("down 2", "up 2 100");
        assertThat(hear(anew(2, 1900, 475))).containsExactly("down 2", "up 2 100");
    }

    @Test
    void aKeyThatIsHeldWhileTheSequenceBeginsAnewIsOnePress() {
        List<Packet> held = anew(3, 1_000_000, 0).subList(0, 5);
        held.forEach(packet -> take(packet, packet.at()));
        decoder.newSource();
        anew(3, 500, 100).forEach(packet -> take(packet, packet.at()));
        assertThat(told).hasSize(2).first().isEqualTo("down 3");
    }

    @Test
    void twoQuickPressesAreTwo() {
        List<Packet> both = new ArrayList<>(press(1, 0, 0));
        both.addAll(press(1, 1520, 190));
        assertThat(hear(both)).containsExactly("down 1", "up 1 100", "down 1", "up 1 100");
    }

    @Test
    void aNewKeyEndsTheOneWhoseEndWasLost() {
        List<Packet> both = new ArrayList<>(press(1, 0, 0).subList(0, 3));
        both.addAll(press(2, 1600, 100));
        assertThat(hear(both)).containsExactly("down 1", "up 1 60", "down 2", "up 2 100");
    }

    @Test
    void anotherKeyWithTheSameTimestampIsAnotherPress() {
        List<Packet> both = new ArrayList<>(press(1, 0, 0));
        both.addAll(press(2, 0, 300));
        assertThat(hear(both)).containsExactly("down 1", "up 1 100", "down 2", "up 2 100");
    }

    @Test
    void aStragglerOfAnEarlierPressIsNoNewDigit() {
        List<Packet> first = press(1, 0, 0);
        List<Packet> both = new ArrayList<>(first.subList(0, 7));
        both.addAll(press(2, 1600, 200));
        both.add(both.size() - 4, first.getLast());
        assertThat(hear(both)).containsExactly("down 1", "up 1 100", "down 2", "up 2 100");
    }

    @Test
    void aKeyWentDownWhenItsFirstPacketToArriveSaysWhateverOfItIsLost() {
        List<Packet> press = press(1, 1000, 980);
        for (int first = 0; first < 5; first++) {
            var fresh = new DtmfDecoderTest();
            fresh.hear(press.subList(first, 8));
            assertThat(fresh.downAt).containsExactly(960L);
        }
        take(new Packet(SSRC, 9000, 2, false, 1600, 5000), 5000);
        assertThat(downAt).containsExactly(4800L);
    }

    @Test
    void aKeyWentDownNoSoonerThanTheOneBeforeItIsKnownToHaveBeenHeld() {
        hear(press(1, 0, 20));
        take(new Packet(SSRC, 8000, 2, true, 8000, 520), 520);
        take(new Packet(SSRC, 9000, 3, false, 160, 600), 600);
        take(new Packet(SSRC, 9500, 4, false, 4000, 700), 700);
        assertThat(downAt).containsExactly(0L, 120L, 580L, 600L);
    }

    @Test
    void aKeyThatIsOvertakenWentDownBeforeTheOneThatOvertookIt() {
        List<Packet> second = press(2, 8000 + 4000, 1520);
        second.forEach(packet -> take(packet, packet.at()));
        take(new Packet(SSRC, 8000, 1, false, 160, 1680), 1680);
        assertThat(told).contains("down 2", "down 1");
        assertThat(downAt).containsExactly(1500L, 1000L);
    }

    @Test
    void aClockThatBeganAnewSaysNothingOfWhenAKeyWentDown() {
        hear(press(1, 1_000_000, 20));
        take(new Packet(SSRC, 500, 1, false, 400, 700), 700);
        assertThat(downAt).containsExactly(0L, 650L);
    }

    @Test
    void whatIsNoKeyIsNoDigit() {
        ByteBuffer payload = ByteBuffer.allocate(4).put(0, (byte) 16);
        assertThat(decoder.packet(SSRC, 0, payload, 0, 4, 0)).isFalse();
        assertThat(decoder.packet(SSRC, 0, payload.put(0, (byte) 1), 0, 3, 0)).isFalse();
        assertThat(told).isEmpty();
    }
}
