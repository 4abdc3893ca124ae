package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.srtp.SrtpKey;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.media.srtp.SrtpSuite;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Legs that speak SRTP, on real sockets: alone, and bridged with plain and other secure ones. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SecureLegsTest {
    private final SecureRandom random = new SecureRandom();
    private final MediaEngine engine =
            TestEngine.on(200, 399, Duration.ofSeconds(1), Duration.ofMillis(400), 2);

    @AfterEach
    void stop() {
        engine.close();
    }

    private static MediaFormat format(Codec codec) {
        return new MediaFormat(codec, codec.staticPayloadType(), 101);
    }

    private static MediaPeer at(MediaLeg leg, @Nullable SrtpKeys keys) {
        InetSocketAddress rtp = leg.local();
        return new MediaPeer(
                rtp,
                new InetSocketAddress(rtp.getAddress(), rtp.getPort() + 1),
                MediaPeer.Direction.SENDRECV,
                Set.of(),
                true,
                keys);
    }

    /** Connects two legs with each other; without a suite in plain. */
    private void join(MediaLeg one, MediaLeg other, Codec codec, @Nullable SrtpSuite suite) {
        SrtpKeys keys =
                suite == null
                        ? null
                        : new SrtpKeys(
                                SrtpKey.random(suite, random), SrtpKey.random(suite, random));
        one.connect(format(codec), at(other, keys));
        other.connect(format(codec), at(one, keys == null ? null : mirrored(keys)));
    }

    /** The same, seen from the other side. */
    private static SrtpKeys mirrored(SrtpKeys keys) {
        SrtpKey theirs = keys.receiving();
        SrtpKey ours = keys.sending();
        return new SrtpKeys(theirs, ours);
    }

    private static void sounds(MediaLeg leg, double hertz) {
        leg.play(List.of(AudioClip.of(Tone.sine(hertz, 5000, 8000))), false);
    }

    private static double share(RecordingListener listener, double hertz) {
        short[] sound = listener.sound();
        return sound.length < 4000 ? 0 : Tone.share(sound, sound.length - 4000, 4000, hertz);
    }

    @ParameterizedTest(name = "{0} with {2}, bridged to {1} with {3}")
    @CsvSource({
        "AEAD_AES_256_GCM, , PCMA, PCMA",
        ", AES_CM_128_HMAC_SHA1_80, PCMA, PCMU",
        "AES_CM_128_HMAC_SHA1_32, AEAD_AES_128_GCM, PCMU, PCMA",
    })
    void soundAndKeysPassBothWaysThroughABridge(
            @Nullable SrtpSuite first, @Nullable SrtpSuite second, Codec one, Codec two)
            throws Exception {
        MediaLeg caller = engine.open();
        MediaLeg near = engine.open();
        MediaLeg far = engine.open(near);
        MediaLeg called = engine.open();
        RecordingListener callerListener = new RecordingListener();
        RecordingListener calledListener = new RecordingListener();
        caller.listen(callerListener);
        called.listen(calledListener);
        join(caller, near, one, first);
        join(far, called, two, second);
        try (MediaBridge bridge = engine.bridge(near, far)) {
            assertThat(bridge).isNotNull();
            sounds(caller, 700);
            sounds(called, 1200);
            Phone.await(
                    () -> share(calledListener, 700) > 0.9 && share(callerListener, 1200) > 0.9);
            caller.sendDigit('1');
            called.sendDigit('9');
            Phone.await(() ->
                    calledListener.keys.contains("down 1")
                            && callerListener.keys.contains("down 9"));
        }
        for (MediaLeg leg : List.of(caller, near, far, called)) {
            assertThat(leg.stats().droppedForged()).isZero();
            assertThat(leg.stats().lostPackets()).isZero();
        }
        assertThat(engine.totals().dropped())
                .containsEntry(MediaDrop.BAD_RTCP, 0L)
                .containsEntry(MediaDrop.NOT_PROTECTED, 0L);
    }

    /** What leaves no room for the tag is passed over, and the leg it came on goes on. */
    @RealTimeTest
    void aPacketTooLongToBeProtectedIsPassedOver() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 5)) {
            MediaLeg near = phone.connected(engine);
            MediaLeg far = engine.open(near);
            MediaLeg called = engine.open();
            RecordingListener heard = new RecordingListener();
            called.listen(heard);
            join(far, called, G711.PCMA, SrtpSuite.AES_CM_128_HMAC_SHA1_80);
            try (MediaBridge bridge = engine.bridge(near, far)) {
                assertThat(bridge).isNotNull();
                phone.say(Tone.sine(700, 1000, 8000), near.local());
                Phone.await(() -> share(heard, 700) > 0.9);
                for (int octets : new int[] {2028, 2036}) {
                    phone.send(false, 8, octets, new byte[octets], near.local());
                }
                Phone.await(() ->
                        engine.totals().dropped().getOrDefault(MediaDrop.NOT_PROTECTED, 0L) == 2);
                phone.say(Tone.sine(1200, 1000, 8000), near.local());
                Phone.await(() -> share(heard, 1200) > 0.9);
            }
        }
    }

    @RealTimeTest
    void reportsAreProtectedAndUnderstood() throws Exception {
        MediaLeg one = engine.open();
        MediaLeg other = engine.open();
        join(one, other, G711.PCMA, SrtpSuite.AES_CM_128_HMAC_SHA1_80);
        Phone.await(() -> one.stats().receivedPackets() > 10);
        long end = System.nanoTime() + 12_000_000_000L;
        while (one.stats().roundTripMillis() < 0 && System.nanoTime() < end) {
            Phone.pause(50);
        }
        assertThat(one.stats().roundTripMillis()).isBetween(0.0, 100.0);
        assertThat(engine.totals().dropped()).containsEntry(MediaDrop.BAD_RTCP, 0L);
    }

    @RealTimeTest
    void plainMediaAndAWrongKeyAreNeitherHeardNorAnswered() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 5)) {
            MediaLeg leg = engine.open();
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            SrtpSuite suite = SrtpSuite.AES_CM_128_HMAC_SHA1_80;
            SrtpKeys keys =
                    new SrtpKeys(SrtpKey.random(suite, random), SrtpKey.random(suite, random));
            leg.connect(phone.format(), phone.peer().securedBy(keys));
            // It connects on its event loop; what comes before that is nobody's.
            Phone.await(() -> !phone.heard().isEmpty());
            phone.press(1, leg.local());
            phone.say(Tone.sine(700, 200, 8000), leg.local());
            Phone.await(() -> leg.stats().droppedForged() >= 18);
            assertThat(listener.keys).isEmpty();
            assertThat(listener.frames).isEmpty();
            assertThat(leg.stats().receivedPackets()).isZero();
            assertThat(phone.heard()).isNotEmpty().allMatch(heard -> heard.payload().length == 170);
        }
    }

    @RealTimeTest
    void aReplayedKeyIsNoSecondKey() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 5)) {
            MediaLeg leg = engine.open();
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            SrtpSuite suite = SrtpSuite.AEAD_AES_128_GCM;
            SrtpKeys keys =
                    new SrtpKeys(SrtpKey.random(suite, random), SrtpKey.random(suite, random));
            leg.connect(phone.format(), phone.peer().securedBy(keys));
            // It connects on its event loop; what comes before that is nobody's.
            Phone.await(() -> !phone.heard().isEmpty());
            var theirs = new org.consentgateway.media.srtp.SrtpSession(mirrored(keys), 5);
            ByteBuffer event = ByteBuffer.allocate(2048);
            event.putInt(0, 0x80E5_0001).putInt(4, 160).putInt(8, 5).putInt(12, 0x018A_0320);
            int length = theirs.protect(event, 0, 16, event);
            for (int i = 0; i < 3; i++) {
                phone.sendRaw(event.duplicate().limit(length), leg.local());
            }
            Phone.await(() -> leg.stats().droppedForged() == 2);
            assertThat(listener.keys).containsExactly("down 1", "up 1 100");
            assertThat(engine.totals().dropped()).containsEntry(MediaDrop.REPLAYED, 2L);
        }
    }
}
