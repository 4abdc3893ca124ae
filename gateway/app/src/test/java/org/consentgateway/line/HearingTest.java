package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.consentgateway.call.CallTime;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SpokenMeaning;
import org.junit.jupiter.api.Test;

class HearingTest {
    private static final Heard NOTHING = new Heard.Nothing(Heard.Why.GARBAGE);

    private final Ear ear = new Ear();
    private final MediaLeg leg =
            (MediaLeg)
                    Proxy.newProxyInstance(
                            MediaLeg.class.getClassLoader(),
                            new Class<?>[] {MediaLeg.class},
                            (_, _, _) -> null);
    private final Hearing hearing =
            new Hearing(ear, leg, new CallTime(() -> Instant.EPOCH, () -> 0), _ -> {});

    @Test
    void aListeningGoesOnUnderItsNumber() {
        int number = listen((listening, _) -> assertThat(hearing.again(listening)).isTrue());
        ear.tell();
        ear.tell();
        assertThat(ear.wentOn).isEqualTo(2);
        assertThat(ear.opened).isEqualTo(1);
        assertThat(hearing.current(number)).isTrue();
    }

    @Test
    void oneThatWasStoppedMeanwhileDoesNot() {
        listen((listening, _) -> {
            hearing.stop();
            assertThat(hearing.again(listening)).as("nothing is left to do").isTrue();
        });
        ear.tell();
        assertThat(ear.wentOn).isZero();
        assertThat(ear.opened).isEqualTo(1);
        assertThat(ear.closed).isEqualTo(1);
    }

    @Test
    void neitherDoesAnotherInItsPlace() {
        listen((listening, _) -> {
            listen((_, _) -> {});
            assertThat(hearing.again(listening)).isTrue();
        });
        ear.tell();
        assertThat(ear.wentOn).isZero();
        assertThat(ear.opened).isEqualTo(2);
    }

    private int listen(Hearing.Results to) {
        return hearing.start("de", Set.of(SpokenMeaning.WITHDRAW), to);
    }

    /** Hears nothing, as often as a test says. */
    private static final class Ear implements Recogniser {
        private Consumer<Heard> to = _ -> {};
        private int opened;
        private int wentOn;
        private int closed;

        void tell() {
            to.accept(NOTHING);
        }

        @Override
        public boolean hears(String language) {
            return true;
        }

        @Override
        public String model(String language) {
            return "22";
        }

        @Override
        public Map<String, String> state() {
            return Map.of();
        }

        @Override
        public Listening listen(String language, Set<SpokenMeaning> accepted, Consumer<Heard> to) {
            this.to = to;
            opened++;
            return new Listening() {
                @Override
                public void hear(PcmFrame frame) {}

                @Override
                public boolean again() {
                    wentOn++;
                    return true;
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }

        @Override
        public void close() {}
    }
}
