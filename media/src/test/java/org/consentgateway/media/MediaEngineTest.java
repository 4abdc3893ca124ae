package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.Playback.End;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.Codec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sockets on loopback, real time: what is heard is told by its frequency. */
class MediaEngineTest {
    private final MediaEngine engine =
            MediaEngine.start(
                    new MediaSettings(
                            InetAddress.getLoopbackAddress(),
                            21_000,
                            21_199,
                            Duration.ofSeconds(1),
                            Duration.ofMillis(400),
                            2));

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void aConnectedLegSendsSilenceEvery20MillisecondsOnOneGaplessClock() throws Exception {
        try (Phone phone = new Phone(Codec.PCMA, 1);
                MediaLeg leg = engine.open()) {
            leg.connect(phone.format(), phone.peer());
            Phone.pause(500);
            List<Phone.Heard> heard = phone.heard();
            assertThat(heard).hasSizeBetween(20, 26);
            assertThat(heard.getFirst().marker()).isTrue();
            assertOneClock(heard);
            assertThat(Tone.level(Phone.sound(heard, Codec.PCMA))).isLessThan(10);
            assertThat(leg.stats().sentPackets()).isGreaterThanOrEqualTo(heard.size());
        }
    }

    @Test
    void aPromptIsHeardWholeAndSaysSo() throws Exception {
        try (Phone phone = new Phone(Codec.PCMU, 1);
                MediaLeg leg = engine.open()) {
            leg.connect(phone.format(), phone.peer());
            Playback playback =
                    leg.play(
                            List.of(
                                    AudioClip.of(Tone.sine(440, 300, 8000)),
                                    AudioClip.of(Tone.sine(1000, 200, 8000))),
                            false);
            Thread talk = Thread.ofVirtual().start(() -> phone.say(new short[4000], leg.local()));
            Playback.Played played =
                    playback.ended().toCompletableFuture().get(3, TimeUnit.SECONDS);
            talk.join();
            assertThat(played.end()).isEqualTo(End.COMPLETED);
            assertThat(played.whole()).isTrue();
            assertThat(played.samplesPlanned()).isEqualTo(4000);
            assertThat(played.samplesSent()).isEqualTo(4000);
            assertThat(played.receivedPackets()).isGreaterThan(15);
            Phone.pause(60);
            short[] sound = Phone.sound(phone.heard(), Codec.PCMU);
            assertThat(seconds(sound, 440)).isBetween(0.26, 0.32);
            assertThat(seconds(sound, 1000)).isBetween(0.16, 0.22);
            assertOneClock(phone.heard());
        }
    }

    @Test
    void aStoppedPromptEndsAtOnceAndAReplacedOneSaysSo() throws Exception {
        try (Phone phone = new Phone(Codec.PCMA, 1)) {
            MediaLeg leg = engine.open();
            leg.connect(phone.format(), phone.peer());
            Playback ringing = leg.play(List.of(Tone.ringBack()), true);
            Phone.pause(200);
            Playback prompt = leg.play(List.of(AudioClip.of(Tone.sine(1000, 5000, 8000))), false);
            assertThat(end(ringing).end()).isEqualTo(End.REPLACED);
            Phone.pause(200);
            prompt.stop();
            assertThat(end(prompt).end()).isEqualTo(End.STOPPED);
            assertThat(end(prompt).whole()).isFalse();
            Playback last = leg.play(List.of(AudioClip.silence(5000)), false);
            leg.close();
            assertThat(end(last).end()).isEqualTo(End.LEG_CLOSED);
            assertOneClock(phone.heard());
        }
    }

    @Test
    void whatThePartySaysComesAsFramesWithoutHoles() throws Exception {
        try (Phone phone = new Phone(Codec.PCMA, 7);
                MediaLeg leg = engine.open()) {
            Ear ear = new Ear();
            leg.listen(ear);
            leg.connect(phone.format(), phone.peer());
            phone.say(Tone.sine(700, 600, 8000), leg.local());
            Phone.pause(100);
            assertThat(ear.arrivals).isEqualTo(1);
            assertThat(seconds(ear.sound(), 700)).isBetween(0.54, 0.62);
            for (int i = 0; i < ear.frames.size(); i++) {
                assertThat(ear.frames.get(i).mediaMillis()).isEqualTo(20L * i);
            }
            Phone.pause(500);
            assertThat(ear.losses).isEqualTo(1);
        }
    }

    @Test
    void aKeyIsHeardOnce() throws Exception {
        try (Phone phone = new Phone(Codec.PCMA, 7);
                MediaLeg leg = engine.open()) {
            Ear ear = new Ear();
            leg.listen(ear);
            leg.connect(phone.format(), phone.peer());
            phone.say(new short[1600], leg.local());
            phone.press(1, leg.local());
            phone.say(new short[1600], leg.local());
            phone.press(1, leg.local());
            phone.press(11, leg.local());
            Phone.pause(50);
            assertThat(ear.keys)
                    .containsExactly(
                            "down 1", "up 1 100", "down 1", "up 1 100", "down #", "up # 100");
        }
    }

    @Test
    void bridgedLegsHearEachOtherAlsoAcrossCodecs() throws Exception {
        for (Codec other : Codec.values()) {
            try (Phone caller = new Phone(Codec.PCMA, 7);
                    Phone assistant = new Phone(other, 8);
                    MediaLeg first = engine.open();
                    MediaLeg second = engine.open(first)) {
                first.connect(caller.format(), caller.peer());
                second.connect(assistant.format(), assistant.peer());
                Phone.pause(100);
                MediaBridge bridge = engine.bridge(first, second);
                Thread talk =
                        Thread.ofPlatform()
                                .start(() -> caller.say(Tone.sine(500, 600, 8000), first.local()));
                assistant.say(Tone.sine(900, 600, 8000), second.local());
                talk.join();
                bridge.close();
                Phone.pause(100);
                short[] atAssistant = Phone.sound(assistant.heard(), other);
                short[] atCaller = Phone.sound(caller.heard(), Codec.PCMA);
                assertThat(seconds(atAssistant, 500)).isBetween(0.54, 0.62);
                assertThat(seconds(atCaller, 900)).isBetween(0.54, 0.62);
                assertOneClock(caller.heard());
                assertOneClock(assistant.heard());
            }
        }
    }

    static Playback.Played end(Playback playback) throws Exception {
        return playback.ended().toCompletableFuture().get(3, TimeUnit.SECONDS);
    }

    /** Seconds of sound whose 20 ms pieces are mostly this tone. */
    static double seconds(short[] pcm, double hertz) {
        int pieces = 0;
        for (int i = 0; i + 160 <= pcm.length; i += 160) {
            short[] piece = Arrays.copyOfRange(pcm, i, i + 160);
            if (Tone.level(piece) > 500 && Tone.share(piece, hertz) > 0.8) {
                pieces++;
            }
        }
        return pieces * 0.02;
    }

    /** One SSRC, gapless sequence numbers, and a timestamp that never stands or jumps. */
    static void assertOneClock(List<Phone.Heard> heard) throws IOException {
        assertThat(heard).isNotEmpty();
        for (int i = 1; i < heard.size(); i++) {
            Phone.Heard before = heard.get(i - 1);
            Phone.Heard now = heard.get(i);
            assertThat(now.ssrc()).isEqualTo(before.ssrc());
            assertThat(now.sequence()).isEqualTo((before.sequence() + 1) & 0xFFFF);
            if (now.type() < 96 && before.type() < 96) {
                int step = now.timestamp() - before.timestamp();
                assertThat(step % 160).isZero();
                assertThat(step).isBetween(160, 800);
            }
        }
    }
}
