package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SecondOpinion;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.verifier.Verifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubtTest {
    private static final Path FOLDER = Utterances.ROOT.resolve("config/models/verifier");

    @ParameterizedTest
    @CsvSource({
        "REQUIRE, yes, NOTHING",
        "ASK, yes, WEAK",
        "OFF, yes, STANDS",
        "REQUIRE, yes of course, STANDS"
    })
    void aYesThatIsOnlyNoiseIsWhatTheLanguageSaysOfADoubt(
            SecondOpinion opinion, String entry, String becomes) throws Exception {
        var doubt = new Doubt(Verifier.open(FOLDER), "en", opinion);
        Heard heard = doubt.of(yes(entry), () -> Sounds.noise(1000, -30, 1));
        switch (becomes) {
            case "NOTHING" ->
                    assertThat(heard).isEqualTo(new Heard.Nothing(Heard.Why.DISAGREEMENT));
            case "WEAK" -> assertThat(((Heard.Words) heard).weak()).isTrue();
            default -> assertThat(heard).isEqualTo(yes(entry));
        }
    }

    @Test
    void theSoundIsNotEvenAskedForWhereNobodyLooksAtIt() throws Exception {
        var asked = new AtomicInteger();
        new Doubt(Verifier.open(FOLDER), "en", SecondOpinion.OFF)
                .of(
                        yes("yes"),
                        () -> {
                            asked.incrementAndGet();
                            return new short[0];
                        });
        assertThat(asked).hasValue(0);
    }

    private static Heard.Words yes(String entry) {
        return new Heard.Words(SpokenMeaning.AGREE, entry, 1, 400, 900, false);
    }
}
