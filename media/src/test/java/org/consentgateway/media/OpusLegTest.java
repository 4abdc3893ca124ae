package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.codec.G722;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A leg in Opus over real sockets, bridged to one that has none. */
class OpusLegTest {
    private static final int OPUS = 107;
    private static final int OURS = 111;
    private static final int EVENTS = 110;
    private static final int LEGS = 3;

    /** Samples of 20 ms at 16 kHz, and what they are on the clock of Opus. */
    private static final int FRAME = 320;

    private static final int TICKS = 960;

    private static MediaEngine engine;

    @BeforeAll
    static void start() {
        engine =
                MediaEngine.start(
                        new MediaSettings(
                                InetAddress.getLoopbackAddress(),
                                RtpPorts.GATEWAY + 900,
                                RtpPorts.GATEWAY + 959,
                                Duration.ofMillis(50),
                                Duration.ofSeconds(1),
                                1,
                                LEGS,
                                MediaSettings.EXPEDITED_FORWARDING));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    /** One that speaks Opus with the library itself, at the number that it chose. */
    private static final class OpusPhone implements AutoCloseable {
        private final Phone phone;
        private final OpusEncoder encoder;
        private int timestamp = -20_000;

        OpusPhone(int ssrc) throws IOException, OpusException {
            phone = new Phone(G711.PCMA, ssrc);
            encoder = new OpusEncoder(16_000, 1, OpusApplication.OPUS_APPLICATION_VOIP);
        }

        MediaLeg besides(MediaLeg caller) throws PortsExhaustedException {
            MediaLeg leg = engine.open(caller);
            assertThat(leg.takesOpus()).isTrue();
            leg.connect(
                    MediaFormat.ofOpus(OPUS, EVENTS, new OpusTerms(OURS, 48_000, 510_000)),
                    phone.peer());
            return leg;
        }

        /**
         * @param frames of 20 ms in one packet
         */
        void say(short[] sound, int frames, InetSocketAddress to) throws OpusException {
            long start = System.nanoTime();
            byte[] packet = new byte[1500];
            for (int at = 0; at + frames * FRAME <= sound.length; at += frames * FRAME) {
                int octets = encoder.encode(sound, at, frames * FRAME, packet, 0, packet.length);
                phone.send(false, OPUS, timestamp, Arrays.copyOf(packet, octets), to);
                timestamp += frames * TICKS;
                Phone.waitUntil(start + (at + frames * FRAME) * 62_500L);
            }
        }

        void presses(int event, InetSocketAddress to) {
            for (int i = 0; i < 8; i++) {
                int duration = Math.min(i + 1, 5) * TICKS;
                byte[] payload = {
                    (byte) event,
                    (byte) (i >= 5 ? 0x8A : 0x0A),
                    (byte) (duration >> 8),
                    (byte) duration
                };
                phone.send(i == 0, EVENTS, timestamp, payload, to);
                Phone.pause(20);
            }
            timestamp += 8 * TICKS;
        }

        List<Phone.Heard> heard() {
            return phone.heard();
        }

        /** At 16 kHz. */
        static short[] sound(List<Phone.Heard> packets) throws OpusException {
            OpusDecoder decoder = new OpusDecoder(16_000, 1);
            List<Phone.Heard> audio = packets.stream().filter(h -> h.type() == OPUS).toList();
            short[] sound = new short[audio.size() * FRAME];
            for (int i = 0; i < audio.size(); i++) {
                byte[] payload = audio.get(i).payload();
                decoder.decode(payload, 0, payload.length, sound, i * FRAME, FRAME, false);
            }
            return sound;
        }

        @Override
        public void close() throws IOException {
            phone.close();
        }
    }

    private static short[] wide(int hertz, int millis) {
        short[] sound = new short[16 * millis];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (short) Math.round(8000 * Math.sin(2 * Math.PI * hertz * i / 16_000));
        }
        return sound;
    }

    /** Of a tone at 16 kHz; {@link Tone} has 8. */
    private static double seconds(short[] sound, int hertz) {
        int alike = 0;
        for (int at = 0; at + FRAME <= sound.length; at += FRAME) {
            short[] frame = Arrays.copyOfRange(sound, at, at + FRAME);
            if (Tone.level(frame) > 500 && Tone.share(frame, hertz / 2.0) > 0.8) {
                alike++;
            }
        }
        return alike / 50.0;
    }

    private static void assertClock(List<Phone.Heard> packets) {
        for (int i = 1; i < packets.size(); i++) {
            Phone.Heard one = packets.get(i - 1);
            Phone.Heard next = packets.get(i);
            assertThat(next.sequence()).isEqualTo((one.sequence() + 1) & 0xFFFF);
            assertThat(next.ssrc()).isEqualTo(one.ssrc());
            if (one.type() == OPUS && next.type() == OPUS) {
                assertThat((next.timestamp() - one.timestamp()) % TICKS).isZero();
                assertThat(next.timestamp() - one.timestamp()).isPositive();
            }
        }
    }

    @RealTimeTest
    void aboveFourKilohertzBothHearEachOtherAndAreOnOneClock() throws Exception {
        try (Phone caller = new Phone(G722.WIDEBAND, 7);
                OpusPhone assistant = new OpusPhone(8);
                MediaLeg first = caller.connected(engine);
                MediaLeg second = assistant.besides(first)) {
            engine.bridge(first, second);
            Thread talk =
                    Thread.ofPlatform()
                            .start(() -> caller.sayWide(wide(6000, 1000), first.local()));
            assistant.say(wide(5000, 1000), 1, second.local());
            talk.join();
            Phone.pause(200);

            assertThat(seconds(OpusPhone.sound(assistant.heard()), 6000)).isBetween(0.7, 1.4);
            short[] back = Phone.sound(caller.heard(), G722.WIDEBAND, Codec.WIDEBAND_RATE);
            assertThat(seconds(back, 5000)).isBetween(0.7, 1.4);
            assertClock(assistant.heard());
        }
    }

    @RealTimeTest
    void packetsOfSixtyMillisecondsAreHeardByATelephoneWithoutWideband() throws Exception {
        try (Phone caller = new Phone(G711.PCMU, 7);
                OpusPhone assistant = new OpusPhone(8);
                MediaLeg first = caller.connected(engine);
                MediaLeg second = assistant.besides(first)) {
            RecordingListener listener = new RecordingListener();
            second.listen(listener);
            engine.bridgeTappingSecond(first, second);
            Thread talk =
                    Thread.ofPlatform()
                            .start(() -> caller.say(Tone.sine(700, 600, 8000), first.local()));
            assistant.say(wide(900, 1020), 3, second.local());
            talk.join();
            Phone.pause(200);

            short[] back = Phone.sound(caller.heard(), G711.PCMU);
            assertThat(tones(back, 900)).isBetween(0.7, 1.4);
            assertThat(tones(listener.sound(), 900)).isBetween(0.7, 1.4);
            assertThat(seconds(OpusPhone.sound(assistant.heard()), 700)).isBetween(0.4, 0.9);
        }
    }

    /** At 8 kHz. */
    private static double tones(short[] sound, int hertz) {
        int alike = 0;
        for (int at = 0; at + PcmFrame.SAMPLES <= sound.length; at += PcmFrame.SAMPLES) {
            short[] frame = Arrays.copyOfRange(sound, at, at + PcmFrame.SAMPLES);
            if (Tone.level(frame) > 500 && Tone.share(frame, hertz) > 0.8) {
                alike++;
            }
        }
        return alike / 50.0;
    }

    @RealTimeTest
    void afterACutTheAssistantHearsSilenceAndTheCallerTheAssistant() throws Exception {
        try (Phone caller = new Phone(G722.WIDEBAND, 7);
                OpusPhone assistant = new OpusPhone(8);
                MediaLeg first = caller.connected(engine);
                MediaLeg second = assistant.besides(first)) {
            MediaBridge bridge = engine.bridge(first, second);
            Thread talk =
                    Thread.ofPlatform()
                            .start(() -> {
                                caller.sayWide(wide(1000, 800), first.local());
                                caller.press(9, first.local());
                            });
            Thread answer =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    assistant.say(wide(900, 1000), 1, second.local());
                                } catch (OpusException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            Phone.pause(500);
            long asked = System.nanoTime();
            long cut = bridge.cutFirstToSecond().toCompletableFuture().get(10, TimeUnit.SECONDS);
            talk.join();
            answer.join();
            Phone.pause(100);

            assertThat(cut - asked).isLessThan(TimeUnit.MILLISECONDS.toNanos(100));
            List<Phone.Heard> after =
                    assistant.heard().stream().filter(h -> h.atNanos() > cut + 2_000_000).toList();
            assertThat(after).hasSizeGreaterThan(20).allMatch(h -> h.type() == OPUS);
            assertThat(Tone.level(OpusPhone.sound(after))).as("not even an echo").isLessThan(2);
            List<Phone.Heard> later =
                    caller.heard().stream().filter(h -> h.atNanos() > cut).toList();
            short[] back = Phone.sound(later, G722.WIDEBAND, Codec.WIDEBAND_RATE);
            assertThat(seconds(back, 900)).isGreaterThan(0.2);
            assertClock(assistant.heard());
        }
    }

    @RealTimeTest
    void aKeyIsOnePressOnEitherSideByTheClockOfThatSide() throws Exception {
        try (Phone caller = new Phone(G711.PCMA, 7);
                OpusPhone assistant = new OpusPhone(8);
                MediaLeg first = caller.connected(engine);
                MediaLeg second = assistant.besides(first)) {
            RecordingListener listener = new RecordingListener();
            second.listen(listener);
            engine.bridge(first, second);
            caller.say(new short[1600], first.local());
            assistant.say(new short[1600], 1, second.local());
            caller.press(5, first.local());
            assistant.presses(7, second.local());
            Phone.pause(400);

            assertThat(listener.keys).containsExactly("down 7", "up 7 100");
            List<Phone.Heard> there =
                    assistant.heard().stream().filter(h -> h.type() == EVENTS).toList();
            assertThat(there).hasSize(8);
            assertThat(there)
                    .extracting(Phone.Heard::timestamp)
                    .containsOnly(there.getFirst().timestamp());
            assertThat(there.getLast().payload())
                    .containsExactly(5, 0x8A, (5 * TICKS) >> 8, (5 * TICKS) & 0xFF);
            List<Phone.Heard> back = caller.heard().stream().filter(h -> h.type() == 101).toList();
            assertThat(back).hasSize(8);
            assertThat(back)
                    .extracting(Phone.Heard::timestamp)
                    .containsOnly(back.getFirst().timestamp());
            assertThat(back.getLast().payload()).containsExactly(7, 0x8A, 800 >> 8, 800 & 0xFF);
        }
    }

    @RealTimeTest
    void promptsAreHeardToTheirEndAndWhatIsNoOpusIsCounted() throws Exception {
        try (Phone caller = new Phone(G711.PCMA, 7);
                OpusPhone assistant = new OpusPhone(8);
                MediaLeg first = caller.connected(engine);
                MediaLeg second = assistant.besides(first)) {
            assistant.say(new short[1600], 1, second.local());
            assistant.phone.send(false, OPUS, assistant.timestamp, new byte[0], second.local());
            assistant.phone.send(false, 8, assistant.timestamp, new byte[160], second.local());
            Playback playback =
                    second.play(List.of(AudioClip.of(Tone.sine(600, 400, 8000))), false);
            assertThat(playback.ended().toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isNotNull();
            Phone.pause(100);

            assertThat(seconds(OpusPhone.sound(assistant.heard()), 600)).isBetween(0.36, 0.42);
            assertThat(second.stats().droppedMalformed()).isOne();
            assertThat(engine.totals().dropped().get(MediaDrop.UNKNOWN_PAYLOAD)).isPositive();
        }
    }

    @Test
    void onlySoManyAreCodedAtOnceAndAClosedOneOrAnotherFormatMakesRoom() throws Exception {
        MediaLeg one = engine.open();
        try (Phone phone = new Phone(G711.PCMA, 7);
                MediaLeg two = engine.open();
                MediaLeg three = engine.open();
                MediaLeg four = engine.open()) {
            assertThat(one.takesOpus()).isTrue();
            assertThat(two.takesOpus()).isTrue();
            assertThat(three.takesOpus()).isTrue();
            assertThat(four.takesOpus()).isFalse();
            assertThat(engine.totals().opusLegs()).isEqualTo(LEGS);
            one.close();
            Phone.await(four::takesOpus);
            two.connect(phone.format(), phone.peer());
            try (MediaLeg five = engine.open()) {
                Phone.await(five::takesOpus);
            }
        }
    }
}
