package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.Playback.End;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;

/** Real sockets on loopback, real time: what is heard is told by its frequency. */
class MediaEngineTest {
    private final MediaEngine engine =
            TestEngine.on(0, 199, Duration.ofSeconds(1), Duration.ofMillis(400), 2);

    @AfterEach
    void stop() {
        engine.close();
    }

    @RealTimeTest
    void aConnectedLegSendsSilenceEvery20MillisecondsOnOneGaplessClock() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 1);
                MediaLeg leg = phone.connected(engine)) {
            Phone.pause(500);
            List<Phone.Heard> heard = phone.heard();
            assertThat(heard).hasSizeBetween(20, 26);
            assertThat(heard.getFirst().marker()).isTrue();
            assertOneClock(heard);
            assertThat(Tone.level(Phone.sound(heard, G711.PCMA))).isLessThan(10);
            assertThat(leg.stats().sentPackets()).isGreaterThanOrEqualTo(heard.size());
        }
    }

    @RealTimeTest
    void aPromptIsHeardWholeAndSaysSo() throws Exception {
        try (Phone phone = new Phone(G711.PCMU, 1);
                MediaLeg leg = phone.connected(engine)) {
            Playback playback =
                    leg.play(
                            List.of(
                                    AudioClip.of(Tone.sine(440, 300, 8000)),
                                    AudioClip.of(Tone.sine(1000, 200, 8000))),
                            false);
            Thread talk = Thread.ofVirtual().start(() -> phone.say(new short[4000], leg.local()));
            Playback.Played played =
                    playback.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
            talk.join();
            assertThat(played.end()).isEqualTo(End.COMPLETED);
            assertThat(played.whole()).isTrue();
            assertThat(played.samplesPlanned()).isEqualTo(4000);
            assertThat(played.samplesSent()).isEqualTo(4000);
            assertThat(played.receivedPackets()).isGreaterThan(15);
            Phone.pause(60);
            short[] sound = Phone.sound(phone.heard(), G711.PCMU);
            assertThat(seconds(sound, 440)).isBetween(0.26, 0.32);
            assertThat(seconds(sound, 1000)).isBetween(0.16, 0.22);
            assertOneClock(phone.heard());
        }
    }

    @RealTimeTest
    void aStoppedPromptEndsAtOnceAndAReplacedOneSaysSo() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 1)) {
            MediaLeg leg = phone.connected(engine);
            Playback ringing = leg.play(List.of(Tone.ringBack()), true);
            Phone.pause(200);
            Playback prompt = leg.play(List.of(AudioClip.of(Tone.sine(1000, 5000, 8000))), false);
            assertThat(end(ringing).end()).isEqualTo(End.REPLACED);
            Phone.pause(200);
            prompt.stop();
            assertThat(end(prompt).end()).isEqualTo(End.STOPPED);
            assertThat(end(prompt).whole()).isFalse();
            Playback last = leg.play(List.of(AudioClip.of(new short[5000 * 8])), false);
            leg.close();
            assertThat(end(last).end()).isEqualTo(End.LEG_CLOSED);
            assertOneClock(phone.heard());
        }
    }

    @RealTimeTest
    void aLoweredPromptIsTwelveDecibelsQuieterAndAPausedOneGoesOnWhereItWas() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 1);
                MediaLeg leg = phone.connected(engine)) {
            Playback prompt =
                    leg.play(
                            List.of(
                                    AudioClip.of(Tone.sine(440, 300, 8000)),
                                    AudioClip.of(Tone.sine(1000, 600, 8000))),
                            false);
            Phone.pause(400);
            prompt.volume(Playback.Volume.PAUSED);
            Phone.pause(300);
            int paused = phone.heard().size();
            Phone.pause(200);
            prompt.volume(Playback.Volume.LOWERED);
            Playback.Played played = end(prompt);
            List<Phone.Heard> heard = phone.heard();

            assertThat(played.whole()).isTrue();
            assertThat(played.samplesSent()).isEqualTo(7200);
            assertThat(Tone.level(Phone.sound(heard.subList(paused - 5, paused), G711.PCMA)))
                    .as("silence, but sent")
                    .isLessThan(10);
            assertThat(seconds(Phone.sound(heard, G711.PCMA), 1000)).isBetween(0.54, 0.64);
            int last = heard.size();
            while (Tone.level(Phone.sound(heard.subList(last - 1, last), G711.PCMA)) < 10) {
                last--;
            }
            short[] lowered = Phone.sound(heard.subList(last - 10, last), G711.PCMA);
            short[] full = Phone.sound(heard.subList(5, 10), G711.PCMA);
            assertThat(Tone.level(full) / Tone.level(lowered)).isBetween(3.8, 4.2);
            assertOneClock(heard);
        }
    }

    @RealTimeTest
    void whatThePartySaysComesAsFramesWithoutHoles() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Phone phone = new Phone(G711.PCMA, 7);
                MediaLeg leg = phone.connected(engine, listener)) {
            phone.say(Tone.sine(700, 600, 8000), leg.local());
            Phone.pause(100);
            assertThat(listener.arrivals).isEqualTo(1);
            assertThat(seconds(listener.sound(), 700)).isBetween(0.54, 0.62);
            for (int i = 0; i < listener.frames.size(); i++) {
                assertThat(listener.frames.get(i).mediaMillis()).isEqualTo(20L * i);
            }
            Phone.pause(500);
            assertThat(listener.losses).isEqualTo(1);
        }
    }

    @RealTimeTest
    void whatNobodyListensToMakesNoFramesButItsKeysAreHeard() throws Exception {
        try (Phone caller = new Phone(G711.PCMA, 7);
                MediaLeg leg = engine.open()) {
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            leg.frames(false);
            leg.connect(caller.format(), caller.peer());
            caller.say(Tone.sine(500, 200, 8000), leg.local());
            caller.press(5, leg.local());
            Phone.pause(100);
            assertThat(listener.frames).isEmpty();
            assertThat(listener.keys).contains("down 5");
            leg.frames(true);
            caller.say(Tone.sine(700, 300, 8000), leg.local());
            Phone.pause(100);
            assertThat(seconds(listener.sound(), 700)).isBetween(0.26, 0.31);
            assertThat(seconds(listener.sound(), 500)).isLessThan(0.03);
            leg.frames(false);
            Phone.pause(40);
            int frames = listener.frames.size();
            caller.say(Tone.sine(700, 200, 8000), leg.local());
            assertThat(listener.frames).hasSize(frames);
        }
    }

    @RealTimeTest
    void aKeyIsHeardOnce() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Phone phone = new Phone(G711.PCMA, 7);
                MediaLeg leg = phone.connected(engine, listener)) {
            phone.say(new short[1600], leg.local());
            phone.press(1, leg.local());
            phone.say(new short[1600], leg.local());
            phone.press(1, leg.local());
            phone.press(11, leg.local());
            Phone.pause(50);
            assertThat(listener.keys)
                    .containsExactly(
                            "down 1", "up 1 100", "down 1", "up 1 100", "down #", "up # 100");
        }
    }

    @RealTimeTest
    void bridgedLegsHearEachOtherAlsoAcrossCodecs() throws Exception {
        for (Codec other : Codec.all()) {
            try (Phone caller = new Phone(G711.PCMA, 7);
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
                short[] atCaller = Phone.sound(caller.heard(), G711.PCMA);
                assertThat(seconds(atAssistant, 500)).isBetween(0.54, 0.62);
                assertThat(seconds(atCaller, 900)).isBetween(0.54, 0.62);
                assertOneClock(caller.heard());
                assertOneClock(assistant.heard());
            }
        }
    }

    @RealTimeTest
    void aPromptHasBegunWhenItsFirstPacketIsSentNotWhenItIsAskedFor() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 1);
                MediaLeg leg = engine.open()) {
            leg.connect(phone.format(), phone.peer(MediaPeer.Direction.RECVONLY));
            long asked = System.nanoTime();
            Playback prompt = leg.play(List.of(AudioClip.of(Tone.sine(440, 100, 8000))), false);
            Phone.pause(200);
            assertThat(prompt.begun().toCompletableFuture()).isNotDone();

            leg.connect(phone.format(), phone.peer());
            long begun = prompt.begun().toCompletableFuture().get(10, TimeUnit.SECONDS);

            assertThat(begun - asked).isBetween(200_000_000L, 10_000_000_000L);
            assertThat(end(prompt).whole()).isTrue();
        }
    }

    @RealTimeTest
    void holdFreezesThePromptAndSaysForHowLong() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 1);
                MediaLeg leg = phone.connected(engine)) {
            Playback prompt = leg.play(List.of(AudioClip.of(Tone.sine(440, 400, 8000))), false);
            Phone.pause(150);
            leg.connect(phone.format(), phone.peer(MediaPeer.Direction.RECVONLY));
            Phone.pause(60);
            long held = System.nanoTime();
            Phone.pause(300);
            assertThat(phone.heardSince(held)).isEmpty();
            leg.connect(phone.format(), phone.peer());
            Playback.Played played = end(prompt);
            assertThat(played.whole()).isTrue();
            assertThat(played.heldMillis()).isBetween(280L, 420L);
            Phone.pause(60);
            assertThat(seconds(Phone.sound(phone.heard(), G711.PCMA), 440)).isBetween(0.36, 0.41);
        }
    }

    @RealTimeTest
    void theNullAddressIsHoldToo() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 1);
                MediaLeg leg = phone.connected(engine)) {
            Phone.pause(100);
            InetSocketAddress nowhere = new InetSocketAddress("0.0.0.0", 4000);
            leg.connect(
                    phone.format(),
                    new MediaPeer(
                            nowhere, nowhere, MediaPeer.Direction.SENDRECV, java.util.Set.of()));
            Phone.pause(60);
            long held = System.nanoTime();
            Phone.pause(200);
            assertThat(phone.heardSince(held)).isEmpty();
            leg.connect(phone.format(), phone.peer());
            Phone.pause(200);
            assertThat(phone.heardSince(held)).hasSizeGreaterThan(5);
        }
    }

    @RealTimeTest
    void afterTheCutNotOnePacketOfTheCallerReachesTheAssistant() throws Exception {
        try (Phone caller = new Phone(G711.PCMA, 7);
                Phone assistant = new Phone(G711.PCMA, 8);
                MediaLeg first = engine.open();
                MediaLeg second = engine.open(first)) {
            first.connect(caller.format(), caller.peer());
            second.connect(assistant.format(), assistant.peer());
            MediaBridge bridge = engine.bridge(first, second);
            Thread talk =
                    Thread.ofPlatform()
                            .start(() -> {
                                caller.say(Tone.sine(500, 800, 8000), first.local());
                                caller.press(9, first.local());
                            });
            Thread answer =
                    Thread.ofPlatform()
                            .start(() -> assistant.say(Tone.sine(900, 1000, 8000), second.local()));
            Phone.pause(400);
            long cut = bridge.cutFirstToSecond().toCompletableFuture().get(10, TimeUnit.SECONDS);
            Phone.pause(20);
            long quiet = System.nanoTime();
            talk.join();
            answer.join();
            assertThat(cut).isLessThan(quiet);
            List<Phone.Heard> after = assistant.heardSince(quiet);
            assertThat(after).hasSizeGreaterThan(20).allMatch(h -> h.type() == 8);
            assertThat(Tone.level(Phone.sound(after, G711.PCMA))).isLessThan(10);
            assertThat(seconds(Phone.sound(caller.heardSince(quiet), G711.PCMA), 900))
                    .isGreaterThan(0.3);
            assertOneClock(assistant.heard());
            assertThat(engine.totals().dropped().get(MediaDrop.CUT)).isGreaterThan(20);
        }
    }

    /** What comes before the bridge is there is heard by whoever listens. */
    private MediaBridge bridgedBefore(MediaLeg first, MediaLeg second) {
        MediaBridge bridge = engine.bridge(first, second);
        Phone.pause(50);
        return bridge;
    }

    @RealTimeTest
    void aKeyPassesTheBridgeAsOnePressWithItsTypeMappedAndIsHeardOnTheWay() throws Exception {
        try (Phone caller = new Phone(G711.PCMA, 7);
                Phone assistant = new Phone(G711.PCMU, 8);
                MediaLeg first = engine.open();
                MediaLeg second = engine.open(first)) {
            RecordingListener listener = new RecordingListener();
            first.listen(listener);
            first.connect(caller.format(), caller.peer());
            second.connect(new MediaFormat(G711.PCMU, 0, 96), assistant.peer());
            bridgedBefore(first, second);
            caller.say(new short[1600], first.local());
            caller.press(5, first.local());
            caller.say(new short[1600], first.local());
            Phone.pause(50);
            assertThat(listener.keys).containsExactly("down 5", "up 5 100");
            assertThat(listener.frames).isEmpty();
            List<Phone.Heard> events =
                    assistant.heard().stream().filter(h -> h.type() == 96).toList();
            assertThat(events).hasSize(8);
            assertThat(events)
                    .extracting(Phone.Heard::timestamp)
                    .containsOnly(events.getFirst().timestamp());
            assertThat(events.getFirst().marker()).isTrue();
            assertThat(events.getLast().payload()).containsExactly(5, 0x8A, 800 >> 8, 800 & 0xFF);
            assertOneClock(assistant.heard());
        }
    }

    @RealTimeTest
    void aBridgeThatTapsTheSecondLegLosesNothingOfIt() throws Exception {
        try (Phone caller = new Phone(G711.PCMA, 7);
                Phone assistant = new Phone(G711.PCMA, 8);
                MediaLeg first = caller.connected(engine);
                MediaLeg second = engine.open(first)) {
            RecordingListener listener = new RecordingListener();
            second.listen(listener);
            second.connect(assistant.format(), assistant.peer());
            Thread talk =
                    Thread.ofVirtual()
                            .start(() -> assistant.say(Tone.sine(700, 600, 8000), second.local()));
            Phone.pause(200);
            MediaBridge bridge = engine.bridgeTappingSecond(first, second);
            talk.join();
            Phone.pause(100);
            assertThat(seconds(listener.sound(), 700)).isBetween(0.54, 0.62);
            assertThat(seconds(Phone.sound(caller.heard(), G711.PCMA), 700)).isBetween(0.3, 0.5);
            bridge.tapSecond(false);
            Phone.pause(40);
            int frames = listener.frames.size();
            assistant.say(Tone.sine(900, 100, 8000), second.local());
            Phone.pause(40);
            assertThat(listener.frames).hasSize(frames);
        }
    }

    @RealTimeTest
    void aTapHearsTheFirstLegWhileItIsBridged() throws Exception {
        try (Phone caller = new Phone(G711.PCMA, 7);
                Phone assistant = new Phone(G711.PCMA, 8);
                MediaLeg first = engine.open();
                MediaLeg second = engine.open(first)) {
            RecordingListener listener = new RecordingListener();
            first.listen(listener);
            first.connect(caller.format(), caller.peer());
            second.connect(assistant.format(), assistant.peer());
            MediaBridge bridge = bridgedBefore(first, second);
            caller.say(Tone.sine(500, 200, 8000), first.local());
            assertThat(listener.frames).isEmpty();
            bridge.tapFirst(true);
            caller.say(Tone.sine(700, 300, 8000), first.local());
            Phone.pause(100);
            bridge.tapFirst(false);
            Phone.pause(40);
            int frames = listener.frames.size();
            caller.say(Tone.sine(500, 200, 8000), first.local());
            assertThat(listener.frames).hasSize(frames);
            assertThat(seconds(listener.sound(), 700)).isBetween(0.26, 0.31);
            assertThat(seconds(listener.sound(), 500)).isLessThan(0.03);
            assertThat(seconds(Phone.sound(assistant.heard(), G711.PCMA), 700))
                    .isBetween(0.26, 0.31);
        }
    }

    @RealTimeTest
    void aPromptOnABridgedLegTakesPrecedenceAndTheRelayGoesOnAfterIt() throws Exception {
        try (Phone caller = new Phone(G711.PCMA, 7);
                Phone assistant = new Phone(G711.PCMA, 8);
                MediaLeg first = engine.open();
                MediaLeg second = engine.open(first)) {
            first.connect(caller.format(), caller.peer());
            second.connect(assistant.format(), assistant.peer());
            engine.bridge(first, second);
            Thread talk =
                    Thread.ofPlatform()
                            .start(() -> assistant.say(Tone.sine(900, 900, 8000), second.local()));
            Phone.pause(200);
            end(first.play(List.of(AudioClip.of(Tone.sine(440, 300, 8000))), false));
            talk.join();
            Phone.pause(50);
            short[] sound = Phone.sound(caller.heard(), G711.PCMA);
            assertThat(seconds(sound, 440)).isBetween(0.28, 0.31);
            assertThat(seconds(sound, 900)).isBetween(0.5, 0.66);
            assertOneClock(caller.heard());
        }
    }

    @RealTimeTest
    void keysAreSentAsEventsAndTheAudioPausesMeanwhile() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 1);
                MediaLeg leg = phone.connected(engine)) {
            Phone.pause(60);
            leg.sendDigit('x');
            leg.sendDigit('4');
            leg.sendDigit('*');
            Phone.pause(600);
            List<Phone.Heard> events = phone.heard().stream().filter(h -> h.type() == 101).toList();
            assertThat(engine.totals().dropped()).containsEntry(MediaDrop.KEY_REFUSED, 1L);
            assertThat(events).hasSize(16);
            assertThat(events.stream().map(Phone.Heard::timestamp).distinct()).hasSize(2);
            assertThat(events.stream().filter(Phone.Heard::marker)).hasSize(2);
            assertOneClock(phone.heard());
        }
    }

    @RealTimeTest
    void aKeyIsHeardByTheNumberThatWeOfferedAndSentByThatOfTheAnswer() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 7);
                MediaLeg leg = engine.open()) {
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            leg.connect(new MediaFormat(G711.PCMA, 8, 96).withOfferedEvents(101), phone.peer());
            phone.press(4, leg.local());
            Phone.await(() -> listener.keys.size() == 2);
            assertThat(listener.keys).containsExactly("down 4", "up 4 100");
            leg.sendDigit('5');
            Phone.await(() -> phone.heard().stream().anyMatch(heard -> heard.type() == 96));
            assertThat(phone.heard()).noneMatch(heard -> heard.type() == 101);
        }
    }

    @RealTimeTest
    void keysFromStrangersAndIntrudersNeverBecomeDigits() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 7);
                Phone stranger = new Phone(G711.PCMA, 7, new InetSocketAddress("127.0.0.2", 0));
                MediaLeg leg = engine.open()) {
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            leg.connect(phone.format(), phone.peer());
            stranger.press(1, leg.local());
            phone.say(new short[800], leg.local());
            stranger.press(1, leg.local());
            assertThat(listener.keys).isEmpty();
            assertThat(leg.stats().droppedStrangers()).isGreaterThanOrEqualTo(7);
            // The right address with another SSRC, while the right one goes on.
            for (int i = 0; i < 20; i++) {
                phone.say(new short[160], leg.local());
                phone.intrude(0x666, 5000 + i, 1, leg.local());
            }
            Phone.pause(40);
            assertThat(listener.keys).isEmpty();
            assertThat(engine.totals().dropped().get(MediaDrop.INTRUDER)).isEqualTo(20);
            phone.press(2, leg.local());
            assertThat(listener.keys).containsExactly("down 2", "up 2 100");
            assertThat(stranger.heard()).as("a stranger gets no byte").isEmpty();
        }
    }

    @RealTimeTest
    void probingEveryPortGetsNoByte() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 7);
                Phone prober = new Phone(G711.PCMA, 9, new InetSocketAddress("127.0.0.3", 0));
                MediaLeg leg = phone.connected(engine)) {
            for (int round = 0; round < 10; round++) {
                for (int port = RtpPorts.GATEWAY; port < RtpPorts.GATEWAY + 200; port++) {
                    prober.send(
                            false,
                            8,
                            round * 160,
                            new byte[160],
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                }
                Phone.pause(20);
            }
            assertThat(prober.heard()).isEmpty();
            assertThat(phone.heard()).isNotEmpty();
            assertThat(leg.stats().receivedPackets()).isZero();
        }
    }

    @RealTimeTest
    void garbageIsCountedAndTheCallGoesOn() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Phone phone = new Phone(G711.PCMA, 7);
                MediaLeg leg = phone.connected(engine, listener)) {
            java.util.Random random = new java.util.Random(4);
            phone.say(new short[320], leg.local());
            for (int i = 0; i < 3000; i++) {
                byte[] garbage = new byte[random.nextInt(200)];
                random.nextBytes(garbage);
                if (garbage.length > 1 && i % 3 == 0) {
                    garbage[0] = (byte) 0x80;
                    garbage[1] = (byte) (i % 2 == 0 ? 8 : 200);
                }
                phone.sendRaw(java.nio.ByteBuffer.wrap(garbage), leg.local());
                if (i % 50 == 0) {
                    Phone.pause(1);
                }
            }
            phone.press(3, leg.local());
            Phone.pause(50);
            assertThat(listener.keys).contains("down 3");
            assertThat(leg.stats().droppedMalformed()).isPositive();
            assertThat(engine.totals().dropped().get(MediaDrop.BAD_RTCP)).isPositive();
        }
    }

    @RealTimeTest
    void aPeerThatIsGoneKillsNothing() throws Exception {
        try (Phone other = new Phone(G711.PCMA, 7);
                MediaLeg leg = engine.open()) {
            Phone phone = new Phone(G711.PCMA, 7);
            InetSocketAddress address = phone.address();
            leg.connect(phone.format(), phone.peer());
            phone.say(new short[800], leg.local());
            phone.close();
            Phone.pause(200);
            assertThat(engine.totals().dropped().get(MediaDrop.PEER_REFUSED)).isPositive();
            leg.connect(other.format(), other.peer());
            Phone.pause(200);
            assertThat(other.heard()).hasSizeGreaterThan(5);
            try (Phone again = new Phone(G711.PCMA, 7, address)) {
                leg.connect(again.format(), again.peer());
                again.say(Tone.sine(500, 200, 8000), leg.local());
                assertThat(again.heard()).hasSizeGreaterThan(5);
            }
        }
    }

    @RealTimeTest
    void aMovedPeerIsFollowedOnlyAfterARenegotiation() throws Exception {
        try (Phone before = new Phone(G711.PCMA, 7);
                Phone after = new Phone(G711.PCMA, 8);
                MediaLeg leg = engine.open()) {
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            leg.connect(before.format(), before.peer());
            before.say(new short[1600], leg.local());
            after.press(1, leg.local());
            assertThat(listener.keys).isEmpty();
            leg.connect(after.format(), after.peer());
            Phone.pause(250);
            after.say(new short[3200], leg.local());
            after.press(2, leg.local());
            assertThat(listener.keys).containsExactly("down 2", "up 2 100");
            int heard = before.heard().size();
            Phone.pause(100);
            assertThat(before.heard()).hasSize(heard);
            assertThat(after.heard()).hasSizeGreaterThan(15);
        }
    }

    @RealTimeTest
    void portsRunOutWithAWordRestAndComeBack() throws Exception {
        try (MediaEngine small =
                TestEngine.on(300, 307, Duration.ofMillis(300), Duration.ofSeconds(1), 1)) {
            List<MediaLeg> legs = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                legs.add(small.open());
            }
            assertThatThrownBy(small::open)
                    .isInstanceOf(PortsExhaustedException.class)
                    .hasMessageContaining(
                            (RtpPorts.GATEWAY + 300)
                                    + "-"
                                    + (RtpPorts.GATEWAY + 307)
                                    + ": 4 in use");
            assertThat(small.totals().portPairsInUse()).isEqualTo(4);
            legs.forEach(MediaLeg::close);
            legs.forEach(MediaLeg::close);
            Phone.await(() -> small.totals().portPairsInUse() == 0);
            assertThat(small.totals().portPairsResting()).isEqualTo(4);
            assertThatThrownBy(small::open).isInstanceOf(PortsExhaustedException.class);
            Phone.await(() -> small.totals().portPairsResting() == 0);
            assertThat(small.open().local().getPort())
                    .isBetween(RtpPorts.GATEWAY + 300, RtpPorts.GATEWAY + 306);
            assertThat(small.totals().portPairsInUse()).isEqualTo(1);
        }
    }

    @RealTimeTest
    void aPairHeldByAnotherProcessIsPassedOverAndNeitherSocketStaysOpen() throws Exception {
        try (Phone squatter =
                        new Phone(
                                G711.PCMA,
                                1,
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), RtpPorts.GATEWAY + 311));
                MediaEngine small =
                        TestEngine.on(310, 313, Duration.ofMillis(50), Duration.ofSeconds(1), 1)) {
            for (int i = 0; i < 5; i++) {
                MediaLeg leg = small.open();
                assertThat(leg.local().getPort()).isEqualTo(RtpPorts.GATEWAY + 312);
                leg.close();
                Phone.await(() -> small.totals().portPairsInUse() == 0);
                Phone.await(() -> small.totals().portPairsResting() == 0);
            }
            assertThat(squatter.heard()).isEmpty();
            // The RTP port of the squatted pair was let go: it can be bound.
            new Phone(
                            G711.PCMA,
                            1,
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(), RtpPorts.GATEWAY + 310))
                    .close();
        }
    }

    @RealTimeTest
    void threeThousandLegsComeAndGoAndNothingOfThemIsLeft() throws Exception {
        var system =
                (com.sun.management.UnixOperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        try (Phone phone = new Phone(G711.PCMA, 1);
                MediaEngine busy =
                        TestEngine.on(500, 699, Duration.ofMillis(1), Duration.ofSeconds(1), 2)) {
            busy.open().close();
            Phone.await(() -> busy.totals().portPairsInUse() == 0);
            long before = system.getOpenFileDescriptorCount();
            for (int round = 0; round < 30; round++) {
                List<MediaLeg> legs = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    MediaLeg leg = busy.open();
                    leg.connect(phone.format(), phone.peer());
                    leg.play(List.of(AudioClip.of(new short[20 * 8])), true);
                    legs.add(leg);
                }
                legs.forEach(MediaLeg::close);
                Phone.await(() -> busy.totals().portPairsInUse() == 0);
                Phone.await(() -> busy.totals().portPairsResting() == 0);
            }
            assertThat(system.getOpenFileDescriptorCount()).isLessThanOrEqualTo(before + 2);
            assertThat(busy.totals().dropped().get(MediaDrop.SEND_FAILED)).isZero();
        }
    }

    @RealTimeTest
    void oneLoopIsFilledBeforeTheNextAndTheirLegsAreNotBridged() throws Exception {
        try (MediaEngine large =
                TestEngine.on(400, 1399, Duration.ofSeconds(1), Duration.ofSeconds(1), 2)) {
            MediaLeg first = large.open();
            assertThat(large.bridge(first, large.open())).isNotNull();
            for (int legs = 2; legs < 400; legs++) {
                large.open();
            }
            MediaLeg next = large.open();
            assertThatThrownBy(() -> large.bridge(first, next))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(large.bridge(next, large.open(next))).isNotNull();
        }
    }

    @RealTimeTest
    void aListenerThatThrowsLosesItsLegAndNoOther() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 7);
                Phone other = new Phone(G711.PCMA, 8)) {
            MediaLeg broken = engine.open();
            MediaLeg sound = engine.open(broken);
            broken.listen(
                    new MediaListener() {
                        @Override
                        public void keyDown(char digit, long atNanos) {
                            throw new IllegalStateException("a bug of the listener");
                        }
                    });
            broken.connect(phone.format(), phone.peer());
            sound.connect(other.format(), other.peer());
            phone.press(1, broken.local());
            long after = System.nanoTime();
            Phone.pause(200);
            assertThat(phone.heardSince(after)).hasSizeLessThan(2);
            assertThat(other.heardSince(after)).hasSizeGreaterThan(5);
            assertThat(broken.failure().toCompletableFuture()).as("told").isDone();
            sound.close();
            assertThat(sound.failure().toCompletableFuture()).isNotDone();
        }
    }

    /** The clock begins anew with lower timestamps and moves with each packet of the key. */
    @RealTimeTest
    void aKeyOfANewSequenceIsOnePressOfItsLength() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Phone phone = new Phone(G711.PCMA, 7);
                MediaLeg leg = phone.connected(engine, listener)) {
            phone.say(new short[800], leg.local());
            phone.press(1, leg.local());
            for (int i = -1; i < 8; i++) {
                ByteBuffer packet = ByteBuffer.allocate(16);
                packet.putInt(0x8065_0000 | 30_000 + i).putInt(0xFF00_0000 + i * 160).putInt(7);
                packet.putInt(i < 5 ? 0x020A_0000 | (i + 1) * 160 : 0x028A_0320).flip();
                phone.sendRaw(packet, leg.local());
                Phone.pause(20);
            }
            Phone.await(() -> listener.keys.size() == 4);
            Phone.pause(300);
            assertThat(listener.keys).containsExactly("down 1", "up 1 100", "down 2", "up 2 100");
        }
    }

    @RealTimeTest
    void theSameGoesOverIpv6() throws Exception {
        InetAddress local = InetAddress.ofLiteral("::1");
        try (MediaEngine six =
                        MediaEngine.start(
                                new MediaSettings(
                                        local,
                                        RtpPorts.GATEWAY + 320,
                                        RtpPorts.GATEWAY + 329,
                                        Duration.ofMillis(50),
                                        Duration.ofSeconds(1),
                                        1));
                Phone phone = new Phone(G711.PCMA, 7, new InetSocketAddress(local, 0));
                MediaLeg leg = six.open()) {
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            leg.connect(phone.format(), phone.peer());
            phone.say(Tone.sine(600, 300, 8000), leg.local());
            phone.press(6, leg.local());
            assertThat(seconds(listener.sound(), 600)).isBetween(0.26, 0.31);
            assertThat(listener.keys).containsExactly("down 6", "up 6 100");
            assertThat(phone.heard()).hasSizeGreaterThan(15);
            assertThat(leg.stats().droppedStrangers()).isZero();
        }
    }

    @RealTimeTest
    void theEndIsSaidInRtcp() throws Exception {
        try (Phone rtp = new Phone(G711.PCMA, 7);
                Phone rtcp = new Phone(G711.PCMA, 7)) {
            MediaLeg leg = engine.open();
            leg.connect(
                    rtp.format(),
                    new MediaPeer(
                            rtp.address(),
                            rtcp.address(),
                            MediaPeer.Direction.SENDRECV,
                            java.util.Set.of()));
            rtp.say(new short[1600], leg.local());
            leg.close();
            Phone.pause(100);
            assertThat(rtcp.heard()).hasSize(1);
            Phone.Heard report = rtcp.heard().getFirst();
            assertThat(report.type()).as("sender report").isEqualTo(200 & 0x7F);
        }
    }

    static Playback.Played end(Playback playback) throws Exception {
        return playback.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
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
