package org.consentgateway.media.opus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.RtpReader;
import org.junit.jupiter.api.Test;

/** The turns of a leg are its clock, however late the coder is: without a clock or a thread. */
class OpusTurnsTest {
    private static final int FRAME = OpusEncoding.FRAME;
    private static final OpusTerms TERMS = new OpusTerms(111, 48_000, 510_000);

    private final Deque<Runnable> handedOver = new ArrayDeque<>();
    private final List<String> losses = new ArrayList<>();
    private final OpusSender sender = new OpusSender(handedOver::add, TERMS, new Kept());
    private final OpusReceiver receiver =
            new OpusReceiver(handedOver::add, new Kept(), () -> losses.add("malformed"));
    private final OpusDecoding far = new OpusDecoding();
    private final OpusEncoding near = new OpusEncoding(TERMS.mostBitsPerSecond());
    private int sequence = 65_530;
    private int timestamp = -3000;

    private final class Kept implements JitterBuffer.Losses {
        @Override
        public void late() {
            losses.add("late");
        }

        @Override
        public void duplicate() {
            losses.add("duplicate");
        }

        @Override
        public void skipped() {
            losses.add("skipped");
        }
    }

    private void coderCatchesUp() {
        handedOver.forEach(Runnable::run);
        handedOver.clear();
    }

    private static short[] tone(int hertz) {
        return OpusCodingTest.sine(hertz, 20);
    }

    private byte[] turn(short[] sound) {
        ByteBuffer packet = ByteBuffer.allocate(2 * FRAME);
        packet.asShortBuffer().put(sound);
        byte[] sent = new byte[sender.turn(packet, 0)];
        packet.get(0, sent);
        return sent;
    }

    // ---- sending ----

    @Test
    void aFrameGoesOutAtTheNextTurn() {
        for (int i = 0; i < 10; i++) {
            turn(tone(1000));
            coderCatchesUp();
        }

        short[] heard = new short[FRAME];
        for (int i = 0; i < 10; i++) {
            heard = Objects.requireNonNull(far.decode(turn(tone(1000))));
            coderCatchesUp();
        }
        assertThat(Tone.level(heard)).isGreaterThan(Tone.level(tone(1000)) / 2);
        assertThat(losses).isEmpty();
    }

    @Test
    void whatTheCoderIsLateWithIsConcealedAndComesLaterInItsOrder() {
        turn(tone(1000));
        coderCatchesUp();
        byte[] first = turn(tone(1000));
        assertThat(first).hasSizeGreaterThan(20);

        // The coder stands still for three turns, each of which sends all the same.
        for (int i = 0; i < 3; i++) {
            byte[] concealed = turn(tone(2000));
            assertThat(concealed).hasSize(1);
            assertThat(concealed[0] & 0xFC).isEqualTo(first[0] & 0xFC);
        }
        coderCatchesUp();

        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sent.add(turn(tone(2000)));
            coderCatchesUp();
        }
        assertThat(sent).allMatch(packet -> packet.length > 20);
        assertThat(losses).as("one frame too many, of 100 ms").containsExactly("skipped");
    }

    @Test
    void aPauseInTheSoundBringsTheDelayBack() {
        turn(tone(1000));
        coderCatchesUp();
        turn(tone(1000));
        turn(tone(1000));
        turn(tone(1000));
        coderCatchesUp();
        for (int i = 0; i < 6; i++) {
            turn(new short[FRAME]);
            coderCatchesUp();
        }

        turn(tone(1000));
        coderCatchesUp();
        short[] next = Objects.requireNonNull(far.decode(turn(tone(1000))));

        assertThat(Tone.level(next)).as("the very last frame").isGreaterThan(1000);
        assertThat(losses).isEmpty();
    }

    @Test
    void nothingOfBeforeIsSentAfterForgettingNeitherQueuedNorHeldBackByTheCoder() {
        for (int i = 0; i < 5; i++) {
            far.decode(turn(tone(1000)));
            coderCatchesUp();
        }
        turn(tone(1000));
        turn(tone(1000));
        handedOver.remove().run(); // one is coded, and one is not

        sender.forget();
        List<short[]> heard = new ArrayList<>();
        OpusDecoding fresh = new OpusDecoding();
        for (int i = 0; i < 5; i++) {
            byte[] sent = turn(new short[FRAME]);
            assertThat(sent).hasSizeGreaterThan(1);
            heard.add(fresh.decode(sent));
            coderCatchesUp();
        }

        assertThat(heard).allMatch(sound -> Tone.level(sound) < 2);
    }

    // ---- receiving ----

    private void arrives(byte[] payload, int samples, boolean first) {
        ByteBuffer datagram = ByteBuffer.allocate(12 + payload.length);
        datagram.put((byte) 0x80).put((byte) 111).putShort((short) sequence).putInt(timestamp);
        datagram.putInt(4711).put(payload);
        var packet = (RtpDatagram.Packet) new RtpReader().read(datagram, datagram.capacity());
        if (!receiver.audio(datagram, packet, first)) {
            losses.add("refused");
        }
        sequence++;
        timestamp += samples / 2;
    }

    private void isLost() {
        near.encode(tone(1000));
        sequence++;
        timestamp += FRAME / 2;
    }

    @Test
    void packetsAreGivenOutTwentyMillisecondsATurnAndALostOneIsConcealed() {
        arrives(near.encode(tone(1000)), FRAME, true);
        List<PcmFrame> guessed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            if (i == 10) {
                isLost();
            } else {
                arrives(near.encode(tone(1000)), FRAME, false);
            }
            coderCatchesUp();
            PcmFrame frame = receiver.turn();
            if (i > 3) {
                short[] samples = Objects.requireNonNull(frame).samples();
                assertThat(samples).hasSize(FRAME);
                assertThat(Tone.level(samples)).as("frame %d", i).isGreaterThan(1000);
                if (frame.origin() != PcmFrame.Origin.RECEIVED || !frame.whole()) {
                    guessed.add(frame);
                }
            }
        }
        assertThat(losses).isEmpty();
        assertThat(guessed)
                .singleElement()
                .satisfies(frame -> {
                    assertThat(frame.origin()).isEqualTo(PcmFrame.Origin.CONCEALED);
                    assertThat(frame.whole()).isFalse();
                    assertThat(frame.lostMillis()).isEqualTo(20);
                });
    }

    @Test
    void noOctetsAndNoOpusAreCountedAndTheNextPacketIsHeard() {
        Random random = new Random(3);
        arrives(new byte[0], FRAME, true);
        for (int i = 0; i < 10; i++) {
            byte[] wild = new byte[1400];
            random.nextBytes(wild);
            wild[0] = (byte) 0xFB; // as many frames as the next octet says
            wild[1] = (byte) 0x3F; // 63 of them: more than there may be
            arrives(wild, FRAME, false);
            coderCatchesUp();
            receiver.turn();
        }
        arrives(new byte[2000], FRAME, false);
        assertThat(losses).contains("refused").filteredOn("malformed"::equals).hasSize(11);
        PcmFrame last = null;
        for (int i = 0; i < 10; i++) {
            arrives(near.encode(tone(1000)), FRAME, false);
            coderCatchesUp();
            last = receiver.turn();
        }
        assertThat(Tone.level(Objects.requireNonNull(last).samples())).isGreaterThan(1000);
    }

    @Test
    void aPeerThatSendsAllAtOnceIsKeptShort() {
        for (int i = 0; i < 100; i++) {
            arrives(near.encode(tone(1000)), FRAME, i == 0);
        }

        assertThat(handedOver).hasSize(OpusReceiver.MOST_UNDER_WAY);
        assertThat(losses).hasSize(100 - OpusReceiver.MOST_UNDER_WAY).containsOnly("refused");
    }
}
