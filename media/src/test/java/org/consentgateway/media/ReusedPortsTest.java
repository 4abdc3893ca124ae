package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.timing.RealTimeTest;

/**
 * Where all ports are in use or rest, one is used before its time, after a second: what still comes
 * of the call before has to be a stranger to the next.
 */
class ReusedPortsTest {
    private static final double BEFORE_HERTZ = 800;
    private static final double NEXT_HERTZ = 1500;
    private static final int A_WHILE_MILLIS = 300;

    /** Both behind one proxy, say, which keeps no promise of its own about who sends what. */
    @RealTimeTest
    void whoHadTheCallBeforeIsNotHeardInTheNextThoughItGoesOnSending() throws Exception {
        try (MediaEngine engine =
                        TestEngine.on(
                                1100, 1101, Duration.ofSeconds(10), Duration.ofSeconds(5), 1);
                Phone before = new Phone(G711.PCMA, 7);
                Phone next = new Phone(G711.PCMA, 8);
                Phone far = new Phone(G711.PCMA, 9, new InetSocketAddress("127.0.0.2", 0))) {
            MediaLeg first = before.connected(engine);
            InetSocketAddress port = first.local();
            before.say(tone(BEFORE_HERTZ), port);
            first.close();
            Phone.await(() -> engine.totals().portPairsResting() == 1);

            Phone.pause(1100); // the least rest, of ten seconds
            RecordingListener listener = new RecordingListener();
            try (MediaLeg leg = next.connected(engine, listener)) {
                assertThat(leg.local()).as("before its time").isEqualTo(port);
                int heard = before.heard().size();

                // The last of what was on its way: too few to be believed.
                for (int late = 0; late < 3; late++) {
                    before.send(false, 8, 0, new byte[160], port);
                }
                far.say(tone(BEFORE_HERTZ), port);
                far.press(1, port);
                next.say(new short[160], port);
                before.say(tone(BEFORE_HERTZ), port);
                before.press(2, port);
                next.say(tone(NEXT_HERTZ), port);
                Phone.pause(A_WHILE_MILLIS);

                assertThat(listener.keys).isEmpty();
                short[] sound = listener.sound();
                assertThat(Tone.share(sound, NEXT_HERTZ)).isGreaterThan(0.9);
                assertThat(Tone.share(sound, BEFORE_HERTZ)).isLessThan(0.05);
                assertThat(leg.stats().droppedStrangers()).isGreaterThan(10);
                assertThat(before.heard()).as("nor is anything sent to it").hasSize(heard);
                assertThat(far.heard()).isEmpty();
            }
        }
    }

    private static short[] tone(double hertz) {
        return Tone.sine(hertz, A_WHILE_MILLIS, 8000);
    }
}
