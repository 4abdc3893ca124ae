package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.codec.G722;
import org.consentgateway.media.codec.L16;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;

/** A party on a stream beside a telephone on a real socket, in real time. */
class StreamLegTest {
    private final MediaEngine engine =
            TestEngine.on(0, 99, Duration.ofSeconds(1), Duration.ofSeconds(5), 1);

    private final Party party = new Party();

    @AfterEach
    void stop() {
        engine.close();
    }

    /** Keeps what it is given. */
    private static final class Party implements StreamLeg.Receiver {
        private final List<short[]> frames = new CopyOnWriteArrayList<>();
        private final List<Long> times = new CopyOnWriteArrayList<>();
        private final List<String> told = new CopyOnWriteArrayList<>();
        private volatile long cutAt;

        @Override
        public void frame(short[] samples) {
            times.add(System.nanoTime());
            frames.add(samples);
        }

        @Override
        public void key(char digit, int durationMillis) {
            told.add("key " + digit + " " + durationMillis);
        }

        @Override
        public void reached(String mark) {
            told.add("mark " + mark);
        }

        @Override
        public void cut() {
            cutAt = System.nanoTime();
        }

        /** When a frame was due, by the least late of the five up to it. */
        long due(int frame) {
            return IntStream.rangeClosed(frame - 4, frame)
                    .mapToLong(at -> times.get(at) + (frame - at) * 20_000_000L)
                    .min()
                    .orElseThrow();
        }

        short[] heard() {
            List<short[]> heard = List.copyOf(frames);
            short[] all = new short[heard.stream().mapToInt(frame -> frame.length).sum()];
            int at = 0;
            for (short[] frame : heard) {
                System.arraycopy(frame, 0, all, at, frame.length);
                at += frame.length;
            }
            return all;
        }
    }

    private interface Talk {
        void with(Phone phone, MediaLeg leg, StreamLeg stream) throws Exception;
    }

    private void beside(G711 callers, Talk talk) throws Exception {
        beside(callers, G711.PCMU, talk);
    }

    private void beside(Codec callers, Codec partys, Talk talk) throws Exception {
        try (Phone phone = new Phone(callers, 7);
                MediaLeg leg = phone.connected(engine);
                StreamLeg stream = engine.openStream(leg, partys, party)) {
            stream.start();
            talk.with(phone, leg, stream);
        }
    }

    private static double seconds(short[] sound, double hertz) {
        int frames = 0;
        for (int at = 0; at + PcmFrame.SAMPLES <= sound.length; at += PcmFrame.SAMPLES) {
            if (Tone.share(sound, at, PcmFrame.SAMPLES, hertz) > 0.5) {
                frames++;
            }
        }
        return frames * 0.02;
    }

    @RealTimeTest
    void itIsGiven50FramesASecondAndTheCallerOnlyOnceBridged() throws Exception {
        beside(
                G711.PCMA,
                (phone, leg, stream) -> {
                    long from = System.nanoTime();
                    int before = party.frames.size();
                    Thread talk =
                            Thread.ofPlatform()
                                    .start(() ->
                                            phone.say(Tone.sine(500, 1000, 8000), leg.local()));
                    Phone.pause(300);
                    assertThat(Tone.level(party.heard())).isZero();
                    try (MediaBridge bridge = engine.bridge(leg, stream)) {
                        assertThat(bridge).isNotNull();
                        talk.join();
                        Phone.pause(500);
                    }
                    assertThat(seconds(party.heard(), 500)).isBetween(0.4, 0.85);
                    double frames = party.frames.size() - before;
                    assertThat(frames * 20_000_000L)
                            .isCloseTo(1.0 * (System.nanoTime() - from), withinPercentage(10));
                });
    }

    @RealTimeTest
    void itIsGivenWhatTheCallerSaysAtOnce() throws Exception {
        beside(
                G711.PCMA,
                (phone, leg, stream) -> {
                    engine.bridge(leg, stream);
                    phone.say(Tone.sine(500, 200, 8000), leg.local());
                    Phone.await(() -> seconds(party.heard(), 500) > 0);
                    List<Long> lags = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        int before = party.frames.size();
                        long at = System.nanoTime();
                        phone.say(Tone.sine(500, 20, 8000), leg.local()); // which takes 20 ms
                        Phone.await(() -> party.frames.size() > before);
                        lags.add((party.times.get(before) - at) / 1_000_000);
                    }
                    assertThat(lags.stream().sorted().toList().get(10)).isLessThan(5);
                });
    }

    @RealTimeTest
    void behindALostPacketNothingWaitsForLong() throws Exception {
        beside(
                G711.PCMA,
                (phone, leg, stream) -> {
                    engine.bridge(leg, stream);
                    phone.say(Tone.sine(500, 200, 8000), leg.local());
                    phone.loses();
                    int before = party.frames.size();
                    phone.say(Tone.sine(500, 400, 8000), leg.local());
                    Phone.await(() -> party.frames.size() >= before + 21);
                    assertThat(seconds(party.heard(), 500)).isBetween(0.58, 0.62);
                    // 40 by the loop's clock; of each the party's own is some time later.
                    long waited = party.times.get(before) - party.due(before - 1);
                    assertThat(Math.ceilDiv(waited, 1_000_000)).isBetween(40L, 120L);
                });
    }

    @RealTimeTest
    void whatItSaysWaitsForTheBridgeAndIsHeardWholeWithItsMark() throws Exception {
        beside(
                G711.PCMA,
                (phone, leg, stream) -> {
                    assertThat(stream.says(G711.PCMU.encode(Tone.sine(700, 300, 8000)))).isTrue();
                    assertThat(stream.mark("greeting")).isTrue();
                    Phone.pause(200);
                    assertThat(seconds(Phone.sound(phone.heard(), G711.PCMA), 700)).isZero();
                    assertThat(party.told).isEmpty();
                    long from = System.nanoTime();
                    engine.bridge(leg, stream);
                    Phone.await(() -> party.told.contains("mark greeting"));
                    assertThat(System.nanoTime() - from).isGreaterThan(250_000_000L);
                    Phone.pause(60);
                    assertThat(seconds(Phone.sound(phone.heard(), G711.PCMA), 700))
                            .isBetween(0.28, 0.32);
                });
    }

    @RealTimeTest
    void afterAClearThereIsSilenceWithin20Milliseconds() throws Exception {
        beside(
                G711.PCMU,
                (phone, leg, stream) -> {
                    engine.bridge(leg, stream);
                    stream.says(G711.PCMU.encode(Tone.sine(700, 60_000, 8000)));
                    stream.mark("never");
                    Phone.pause(300);
                    var cleared = stream.clear();
                    long at = System.nanoTime();
                    Phone.pause(300);
                    List<Phone.Heard> after = phone.heardSince(at + 20_000_000L);
                    assertThat(after).hasSizeGreaterThan(10);
                    assertThat(Tone.level(Phone.sound(after, G711.PCMU))).isLessThan(10);
                    assertThat(cleared.marks()).containsExactly("never");
                    assertThat(cleared.played() / 8).isBetween(200L, 320L);
                    assertThat(party.told).isEmpty();
                });
    }

    @RealTimeTest
    void afterTheCutItIsGivenNothingNotEvenSilenceAndIsStillHeard() throws Exception {
        beside(
                G711.PCMA,
                (phone, leg, stream) -> {
                    MediaBridge bridge = engine.bridge(leg, stream);
                    Thread talk =
                            Thread.ofPlatform()
                                    .start(() -> {
                                        phone.say(Tone.sine(500, 600, 8000), leg.local());
                                        phone.press(9, leg.local());
                                    });
                    Phone.pause(300);
                    stream.says(G711.PCMU.encode(Tone.sine(900, 1000, 8000)));
                    long cut =
                            bridge.cutFirstToSecond()
                                    .toCompletableFuture()
                                    .get(10, TimeUnit.SECONDS);
                    int given = party.frames.size();
                    assertThat(party.cutAt).isNotZero().isLessThanOrEqualTo(cut);
                    talk.join();
                    Phone.pause(100);
                    assertThat(party.frames.size()).isEqualTo(given);
                    assertThat(party.told).isEmpty();
                    assertThat(seconds(Phone.sound(phone.heardSince(cut), G711.PCMA), 900))
                            .isGreaterThan(0.3);
                });
    }

    @RealTimeTest
    void aKeyIsToldOnceWhenItHasEnded() throws Exception {
        beside(
                G711.PCMA,
                (phone, leg, stream) -> {
                    engine.bridge(leg, stream);
                    phone.say(Tone.sine(500, 100, 8000), leg.local());
                    phone.press(5, leg.local());
                    Phone.await(() -> !party.told.isEmpty());
                    assertThat(party.told).containsExactly("key 5 100");
                });
    }

    @RealTimeTest
    void whatWeTellItComesInPlaceOfTheCaller() throws Exception {
        beside(
                G711.PCMA,
                (phone, leg, stream) -> {
                    engine.bridge(leg, stream);
                    Thread talk =
                            Thread.ofPlatform()
                                    .start(() -> phone.say(Tone.sine(500, 800, 8000), leg.local()));
                    Phone.pause(200);
                    Playback told =
                            stream.play(List.of(AudioClip.of(Tone.sine(1000, 200, 8000))), false);
                    assertThat(told.ended().toCompletableFuture().get(10, TimeUnit.SECONDS).whole())
                            .isTrue();
                    talk.join();
                    Phone.pause(100);
                    assertThat(seconds(party.heard(), 1000)).isBetween(0.18, 0.22);
                    assertThat(seconds(party.heard(), 500)).isBetween(0.3, 0.7);
                });
    }

    @RealTimeTest
    void whatIsSaidUnderAPromptWaitsForItsEnd() throws Exception {
        beside(
                G711.PCMA,
                (phone, leg, stream) -> {
                    engine.bridge(leg, stream);
                    leg.play(List.of(AudioClip.of(Tone.sine(1000, 400, 8000))), false);
                    stream.says(G711.PCMU.encode(Tone.sine(700, 200, 8000)));
                    stream.mark("said");
                    Phone.pause(200);
                    assertThat(party.told).isEmpty();
                    assertThat(stream.position()).isLessThan(400);
                    Phone.await(() -> party.told.contains("mark said"));
                    Phone.pause(60);
                    short[] heard = Phone.sound(phone.heard(), G711.PCMA);
                    assertThat(seconds(heard, 1000)).isBetween(0.38, 0.42);
                    assertThat(seconds(heard, 700)).isBetween(0.16, 0.22);
                });
    }

    /** At 16 kHz, as {@link Tone} has it at 8: twice as long, and of half the frequency. */
    private static short[] sixKilohertz(int millis) {
        return Tone.sine(3000, 2 * millis, 8000);
    }

    private static double secondsOfSixKilohertz(short[] sound) {
        return seconds(sound, 3000) / 2;
    }

    @RealTimeTest
    void aWidebandPartyAndAWidebandTelephoneHearEachOtherAboveFourKilohertz() throws Exception {
        beside(
                G722.WIDEBAND,
                L16.WIDEBAND,
                (phone, leg, stream) -> {
                    assertThat(stream.codec()).isEqualTo(L16.WIDEBAND);
                    engine.bridge(leg, stream);
                    short[] said = sixKilohertz(400);
                    ByteBuffer octets = ByteBuffer.allocate(2 * said.length);
                    octets.asShortBuffer().put(said);
                    stream.says(octets.array());
                    stream.mark("said");
                    phone.sayWide(sixKilohertz(400), leg.local());
                    Phone.await(() -> party.told.contains("mark said"));
                    Phone.pause(100);
                    assertThat(secondsOfSixKilohertz(party.heard())).isBetween(0.3, 0.5);
                    assertThat(party.frames).allMatch(frame -> frame.length == 320);
                    short[] heard = Phone.sound(phone.heard(), G722.WIDEBAND, Codec.WIDEBAND_RATE);
                    assertThat(secondsOfSixKilohertz(heard)).isBetween(0.3, 0.45);
                });
    }

    /**
     * An announcement of ours, and a telephone that changes its mind: neither has the upper band.
     */
    @RealTimeTest
    void aWidebandPartyHearsWhatHasNoUpperBandAtItsOwnRate() throws Exception {
        beside(
                G711.PCMA,
                L16.WIDEBAND,
                (phone, leg, stream) -> {
                    engine.bridge(leg, stream);
                    phone.say(Tone.sine(500, 300, 8000), leg.local());
                    stream.play(List.of(AudioClip.of(Tone.sine(1000, 200, 8000))), false);
                    Phone.pause(400);
                    assertThat(seconds(party.heard(), 250) / 2).isBetween(0.2, 0.35);
                    assertThat(seconds(party.heard(), 500) / 2).isBetween(0.16, 0.24);
                });
    }
}
