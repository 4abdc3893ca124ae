package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Keys as tones: heard where no events were agreed, and only there. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class InbandKeysTest {
    private final MediaEngine engine =
            TestEngine.on(400, 499, Duration.ofSeconds(1), Duration.ofMillis(400), 1);

    @AfterEach
    void stop() {
        engine.close();
    }

    private static short[] one() {
        short[] low = Tone.sine(697, 300, 4000);
        short[] high = Tone.sine(1209, 300, 4000);
        for (int i = 0; i < low.length; i++) {
            boolean pressed = i > 8 * 100 && i < 8 * 200;
            low[i] = (short) (pressed ? low[i] + high[i] : 0);
        }
        return low;
    }

    private static short[] tone(int millis) {
        short[] low = Tone.sine(697, millis, 4000);
        short[] high = Tone.sine(1209, millis, 4000);
        for (int i = 0; i < low.length; i++) {
            low[i] += high[i];
        }
        return low;
    }

    private static final MediaFormat WITHOUT_EVENTS = new MediaFormat(G711.PCMA, 8, -1);

    @RealTimeTest
    void aToneIsAKeyOnceWhereEventsWereNotAgreed() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 5)) {
            MediaLeg leg = engine.open();
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            leg.connect(WITHOUT_EVENTS, phone.peer());
            phone.say(one(), leg.local());
            Phone.await(() -> listener.keys.size() == 2);
            assertThat(listener.keys.getFirst()).isEqualTo("down 1");
            assertThat(listener.keys.getLast()).startsWith("up 1 ");
        }
    }

    @RealTimeTest
    void aToneThatIsHeldOverABurstOfLossIsOneKey() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 5)) {
            MediaLeg leg = engine.open();
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            leg.connect(WITHOUT_EVENTS, phone.peer());
            short[] held = tone(200);
            phone.say(held, leg.local());
            for (int i = 0; i < 10; i++) {
                phone.loses();
                Phone.pause(20);
            }
            phone.say(held, leg.local());
            phone.say(new short[8 * 200], leg.local());
            Phone.await(() -> listener.keys.size() > 1);
            assertThat(listener.keys).hasSize(2).first().isEqualTo("down 1");
        }
    }

    @RealTimeTest
    void theSameToneIsSoundWhereEventsWereAgreed() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 5)) {
            MediaLeg leg = engine.open();
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            leg.connect(phone.format(), phone.peer());
            phone.say(one(), leg.local());
            phone.press(1, leg.local());
            Phone.await(() -> listener.keys.size() == 2);
            Phone.pause(100);
            assertThat(listener.keys).containsExactly("down 1", "up 1 100");
        }
    }

    /** The withdrawal keys have to be heard in the conversation, too. */
    @RealTimeTest
    void aToneIsAKeyWhileTheLegIsBridged() throws Exception {
        try (Phone phone = new Phone(G711.PCMA, 5);
                Phone far = new Phone(G711.PCMA, 6)) {
            MediaLeg leg = engine.open();
            MediaLeg other = engine.open(leg);
            RecordingListener listener = new RecordingListener();
            leg.listen(listener);
            leg.connect(WITHOUT_EVENTS, phone.peer());
            other.connect(far.format(), far.peer());
            try (MediaBridge bridge = engine.bridge(leg, other)) {
                assertThat(bridge).isNotNull();
                phone.say(one(), leg.local());
                Phone.await(() -> listener.keys.contains("down 1"));
                assertThat(listener.frames).isEmpty();
                assertThat(far.heard()).hasSizeGreaterThan(10);
            }
        }
    }
}
