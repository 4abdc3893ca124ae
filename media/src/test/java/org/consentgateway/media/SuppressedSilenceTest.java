package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Telephones that send nothing while nobody speaks. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SuppressedSilenceTest {
    private static final int PAUSE_MILLIS = 600;

    /** Agreed to by nobody, and none of the static ones that are decoded all the same. */
    private static final int UNKNOWN = 98;

    private final MediaEngine engine =
            TestEngine.on(1200, 1299, Duration.ofSeconds(1), Duration.ofMillis(400), 1);

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
        try (Phone phone = new Phone(G711.PCMA, 9);
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
}
