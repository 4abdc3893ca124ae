package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.voice.EspeakVoice;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said into the beginning of the first prompt, of which nobody knows what comes back. */
class FirstWordsTest {
    private static final int PROMPT_MILLIS = 3500;

    /** As an opening listens, whether there is a consent or not. */
    private static final Set<SpokenMeaning> OPENING =
            EnumSet.of(
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.INFORMATION,
                    SpokenMeaning.OTHER_LANGUAGE,
                    SpokenMeaning.AGREE,
                    SpokenMeaning.HEDGED);

    private static short[] phrase(String language) throws Exception {
        if (language.equals("en")) {
            return Wav.read(
                            Utterances.ROOT.resolve(
                                    "config/prompts/demo/say/en-withdraw-consent.wav"))
                    .at(8000)
                    .samples();
        }
        var voice = new EspeakVoice();
        Assumptions.assumeTrue(voice.speaks(language), "espeak-ng is not installed");
        return Sounds.scale(voice.say(language, "Einwilligung widerrufen").at(8000).samples(), -8);
    }

    private static String heard(String language, short[] said) throws Exception {
        try (var model = LanguageModel.open(Utterances.model(language))) {
            var session = new InlineSession(Utterances.recognised(model, language), OPENING);
            session.session.prompt(true);
            short[] noise = Sounds.noise(PROMPT_MILLIS, -65, 3);
            session.hear(Sounds.mix(noise, said));
            session.session.close();
            session.session.work();
            return session.last()
                    .map(InlineSession.Told::heard)
                    .filter(Heard.Words.class::isInstance)
                    .map(heard -> ((Heard.Words) heard).meaning().name())
                    .orElse("NONE");
        }
    }

    /** The phrase takes 1.7 s, which is longer than any word that may be our own. */
    @ParameterizedTest
    @CsvSource({
        "de, 0", "de, 200", "de, 350", "de, 500", "de, 800",
        "en, 0", "en, 200", "en, 350", "en, 500", "en, 800"
    })
    void aPhraseThatWithdrawsIsHeard(String language, int atMillis) throws Exception {
        short[] said = Sounds.join(Sounds.silence(atMillis), phrase(language));

        assertThat(heard(language, said)).isEqualTo("WITHDRAW");
    }
}
