package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Set;
import org.consentgateway.call.CallTime;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.junit.jupiter.api.Test;

class HearingTest {
    private static final Heard NOTHING = new Heard.Nothing(Heard.Why.GARBAGE);

    private final ToldRecogniser ear = new ToldRecogniser(true);
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
        ear.heard(NOTHING);
        ear.heard(NOTHING);
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
        ear.heard(NOTHING);
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
        ear.heard(NOTHING);
        assertThat(ear.wentOn).isZero();
        assertThat(ear.opened).isEqualTo(2);
    }

    private int listen(Hearing.Results to) {
        return hearing.start("de", Set.of(SpokenMeaning.WITHDRAW), to);
    }
}
