package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Telephones that send nothing while nobody speaks. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SuppressedSilenceTest {
    private static final int PAUSE_MILLIS = 600;

    private static final Duration SILENCE = Duration.ofMillis(400);

    private static final int SSRC = 9;

    /** Agreed to by nobody, and none of the static ones that are decoded all the same. */
    private static final int UNKNOWN = 98;

    private final MediaEngine engine = TestEngine.on(1200, 1299, Duration.ofSeconds(1), SILENCE, 1);

    /** RTP timestamp of what is said next. */
    private int time = 0x7FFF_F000;

    @AfterEach
    void stop() {
        engine.close();
    }

    private void sends(Phone phone, MediaLeg to, int type, int packets) {
        for (int i = 0; i < packets; i++) {
            phone.send(false, type, time, new byte[160], to.local());
            time += PcmFrame.SAMPLES;
            Phone.pause(20);
        }
    }

    private void pauses(int millis) {
        time += millis * 8;
        Phone.pause(millis);
    }

    /**
     * What a listener is told is missing of sound before and behind so many packets and a pause.
     */
    private int lostBehind(int type, int packets, int pauseMillis) throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Phone phone = new Phone(G711.PCMA, SSRC);
                MediaLeg leg = phone.connected(engine, listener)) {
            sends(phone, leg, 8, 10);
            sends(phone, leg, type, packets);
            pauses(pauseMillis);
            sends(phone, leg, 8, 10);
            Phone.pause(100);
            return listener.frames.stream().mapToInt(PcmFrame::lostMillis).sum();
        }
    }

    @RealTimeTest
    void inAPauseBehindComfortNoiseNothingIsLost() throws Exception {
        assertThat(lostBehind(13, 1, PAUSE_MILLIS)).as("RFC 3389").isZero();
        assertThat(lostBehind(19, 1, PAUSE_MILLIS)).as("as before it").isZero();
    }

    @RealTimeTest
    void aPacketThatIsNotDecodedIsLostAndThePauseBehindItIsNot() throws Exception {
        assertThat(lostBehind(UNKNOWN, 1, PAUSE_MILLIS)).isEqualTo(20);
    }

    @RealTimeTest
    void packetsThatAreNotDecodedAreEachLost() throws Exception {
        assertThat(lostBehind(UNKNOWN, 25, 0)).isEqualTo(500);
        assertThat(lostBehind(UNKNOWN, 25, PAUSE_MILLIS)).isEqualTo(500);
    }

    /** Of a leg: how often it was lost, and what became of the prompt. */
    private record Silent(int losses, Playback.Played prompt) {}

    /**
     * Speaks, and is silent for three times as long as it takes to be lost, with a prompt in it.
     */
    private Silent silent(Report report) throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Phone phone = new Phone(G711.PCMA, SSRC);
                MediaLeg leg = phone.connected(engine, listener)) {
            sends(phone, leg, 8, 10);
            sends(phone, leg, 13, 1);
            Phone.pause(60);
            AudioClip clip = AudioClip.of(new short[8 * 3 * (int) SILENCE.toMillis()]);
            Playback prompt = leg.play(List.of(clip), false);
            while (!prompt.ended().toCompletableFuture().isDone()) {
                byte[] octets = report.of(phone.heard().getLast());
                phone.sendRaw(ByteBuffer.wrap(octets), leg.local());
                Phone.pause(100);
            }
            return new Silent(listener.losses, prompt.ended().toCompletableFuture().join());
        }
    }

    /** Of the last that was heard of the gateway; no octets are no report. */
    private interface Report {
        byte[] of(Phone.Heard last);
    }

    /** A receiver report (RFC 3550 §6.4.2) with one block, and the name it has to come with. */
    private static byte[] report(int reporter, int ssrc, int highest) {
        ByteBuffer packet = ByteBuffer.allocate(48);
        packet.putInt(0x81C9_0007).putInt(reporter);
        packet.putInt(ssrc).putInt(0).putInt(highest).putInt(0).putInt(0).putInt(0);
        packet.putInt(0x81CA_0003).putInt(reporter);
        packet.put(new byte[] {1, 4, 'c', 'a', 'l', 'l', 0, 0});
        return packet.array();
    }

    private Silent whoReports(int reporter) throws Exception {
        return silent(last -> report(reporter, last.ssrc(), last.sequence()));
    }

    @RealTimeTest
    void whoReportsIsThereAndHearsWhatItReports() throws Exception {
        Silent caller = whoReports(SSRC);
        assertThat(caller.losses()).isZero();
        assertThat(caller.prompt().receivedPackets()).isZero();
        assertThat(caller.prompt().reported()).isTrue();
    }

    @RealTimeTest
    void whoReportsThatNothingComesIsThereAndHearsNothing() throws Exception {
        Silent deaf = silent(last -> report(SSRC, last.ssrc() + 1, last.sequence()));
        assertThat(deaf.losses()).isZero();
        assertThat(deaf.prompt().reported()).isFalse();
    }

    @RealTimeTest
    void whoReportsNothingIsLostAsIsWhoseReportsAreAnothers() throws Exception {
        Silent alone = silent(_ -> new byte[0]);
        assertThat(alone.losses()).isPositive();
        assertThat(alone.prompt().reported()).isFalse();
        Silent beside = whoReports(SSRC + 1);
        assertThat(beside.losses()).as("of another source").isPositive();
        assertThat(beside.prompt().reported()).isFalse();
    }
}
