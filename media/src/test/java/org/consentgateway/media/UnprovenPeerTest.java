package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.G711;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A description says where a peer is; whether it is there only its packets say. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class UnprovenPeerTest {
    /** Longer than everything that goes to a bystander takes. */
    private static final int LONG_MILLIS = 3500;

    private static final int MOST_PACKETS = 3;

    private final MediaEngine engine =
            TestEngine.on(700, 899, Duration.ofMillis(100), Duration.ofSeconds(2), 1);

    @AfterEach
    void stop() {
        engine.close();
    }

    private static Phone elsewhere() throws Exception {
        return elsewhere(9);
    }

    private static Phone elsewhere(int ssrc) throws Exception {
        return new Phone(
                G711.PCMA, ssrc, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.9"), 0));
    }

    /** With its reports at a port of their own. */
    private static MediaPeer unproven(Phone phone, Phone reports) {
        return new MediaPeer(
                        phone.address(), reports.address(), MediaPeer.Direction.SENDRECV, Set.of())
                .unproven();
    }

    private static Playback prompt(MediaLeg leg) {
        return leg.play(List.of(AudioClip.of(Tone.sine(440, 300, 8000))), false);
    }

    @Test
    void getsATrickleOfSilenceUntilItIsHeardFromAndThenAllThatWaitedForIt() throws Exception {
        try (Phone phone = elsewhere();
                MediaLeg leg = engine.open()) {
            leg.connect(phone.format(), phone.peer().unproven());
            Playback prompt = prompt(leg);
            leg.sendDigit('5');
            Phone.pause(1500);
            assertThat(phone.heard()).hasSizeBetween(1, MOST_PACKETS);
            assertThat(Tone.level(Phone.sound(phone.heard(), G711.PCMA))).isLessThan(10);

            Thread talk = Thread.ofVirtual().start(() -> phone.say(new short[4000], leg.local()));
            Playback.Played played = prompt.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
            talk.join();
            assertThat(played.samplesSent()).isEqualTo(2400);
            assertThat(played.heldMillis()).as("it had not begun").isZero();
        }
    }

    @Test
    void getsNoMoreThanThreePacketsAndNoReportsHoweverLongItIsSilent() throws Exception {
        CompletableFuture<Long> never = new CompletableFuture<>();
        try (Phone phone = elsewhere();
                Phone reports = elsewhere(1)) {
            MediaLeg leg = engine.open();
            leg.listen(
                    new MediaListener() {
                        @Override
                        public void mediaNeverCame(long atNanos) {
                            never.complete(atNanos);
                        }
                    });
            leg.connect(phone.format(), unproven(phone, reports));
            Playback prompt = prompt(leg);
            Phone.pause(LONG_MILLIS);
            assertThat(phone.heard()).hasSizeBetween(1, MOST_PACKETS);
            assertThat(reports.heard()).isEmpty();
            assertThat(never).as("that nobody is there").isDone();
            leg.close();
            assertThat(prompt.ended().toCompletableFuture().get(10, TimeUnit.SECONDS).samplesSent())
                    .isZero();
            assertThat(reports.heard()).as("a BYE").isEmpty();
        }
    }

    /** An UPDATE has fewer octets than three packets. */
    @Test
    void getsOnePacketForALaterDescription() throws Exception {
        try (Phone first = elsewhere();
                Phone second = elsewhere(1);
                MediaLeg leg = engine.open()) {
            leg.connect(first.format(), first.peer().unproven());
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> first.heard().size() == MOST_PACKETS);

            leg.connect(second.format(), second.peer().unproven());
            Phone.pause(LONG_MILLIS);
            assertThat(second.heard()).hasSize(1);
            assertThat(first.heard()).hasSize(MOST_PACKETS);
        }
    }

    /** Who is silent while listening (VAD) tells by its reports that it is there. */
    @Test
    void isFoundByItsReportsToo() throws Exception {
        try (Phone phone = elsewhere();
                Phone reports = elsewhere(1);
                MediaLeg leg = engine.open()) {
            leg.connect(phone.format(), unproven(phone, reports));
            Playback prompt = prompt(leg);
            InetSocketAddress rtcp =
                    new InetSocketAddress(leg.local().getAddress(), leg.local().getPort() + 1);
            // A receiver report of nothing (RFC 3550 §6.4.2), with the name it has to come with.
            byte[] report = {
                (byte) 0x80,
                (byte) 201,
                0,
                1,
                0,
                0,
                0,
                9,
                (byte) 0x81,
                (byte) 202,
                0,
                3,
                0,
                0,
                0,
                9,
                1,
                4,
                'c',
                'a',
                'l',
                'l',
                0,
                0
            };
            while (!prompt.ended().toCompletableFuture().isDone()) {
                reports.sendRaw(ByteBuffer.wrap(report), rtcp);
                Phone.pause(50);
            }
            assertThat(prompt.ended().toCompletableFuture().get().samplesSent()).isEqualTo(2400);
        }
    }

    @Test
    void aMoveToWhereThePeerHasNotBeenHeardFromStopsWhatIsPlayed() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 7);
                Phone bystander = elsewhere();
                MediaLeg leg = engine.open()) {
            leg.connect(phone.format(), phone.peer().unproven());
            phone.say(new short[800], leg.local());
            Playback prompt = leg.play(List.of(AudioClip.of(Tone.sine(440, 20_000, 8000))), false);
            while (phone.heard().size() < 10) {
                Phone.pause(20);
            }
            leg.connect(phone.format(), bystander.peer().unproven());
            Phone.pause(LONG_MILLIS);
            assertThat(bystander.heard()).hasSizeBetween(1, MOST_PACKETS);
            int before = phone.heard().size();
            leg.connect(phone.format(), phone.peer().unproven());
            phone.say(new short[1600], leg.local());
            while (phone.heard().size() < before + 10) {
                Phone.pause(20);
            }
            prompt.stop();
        }
    }
}
