package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.voice.EspeakVoice;
import org.consentgateway.speech.voice.FreeTtsVoice;
import org.consentgateway.speech.voice.Voice;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of a talk ends by words that the shipped recogniser knows. */
class KeepNothingTest {
    private static final Set<SpokenMeaning> TALK =
            EnumSet.of(SpokenMeaning.WITHDRAW, SpokenMeaning.KEEP_NOTHING);

    @ParameterizedTest
    @CsvSource({
        "de, espeak-ng, de, keine Aufzeichnung, KEEP_NOTHING",
        "de, espeak-ng, de, keine Aufnahme, KEEP_NOTHING",
        "de, espeak-ng, de, Aufzeichnung stopp, KEEP_NOTHING",
        "de, espeak-ng, de, Einwilligung widerrufen, WITHDRAW",
        "de, espeak-ng, de, keine Ahnung, NONE",
        "en, espeak-ng, en-us, stop recording, KEEP_NOTHING",
        "en, freetts, en, stop recording, KEEP_NOTHING",
        "en, freetts, en, no recording, KEEP_NOTHING",
        "en, freetts, en, withdraw consent, WITHDRAW",
        "en, freetts, en, that was correct, NONE"
    })
    void isHeardInATalk(String language, String voice, String tongue, String phrase, String meaning)
            throws Exception {
        Voice speaker = voice.equals("freetts") ? new FreeTtsVoice() : new EspeakVoice();
        Assumptions.assumeTrue(speaker.speaks(tongue), voice + " is not installed");
        try (var model = LanguageModel.open(Utterances.model(language))) {
            short[] sound = Sounds.scale(speaker.say(tongue, phrase).at(8000).samples(), -8);
            var session = new InlineSession(Utterances.recognised(model, language), TALK);
            session.hear(Sounds.silence(400));
            session.hear(Sounds.join(sound, Sounds.silence(1200)));
            session.session.close();
            session.session.work();
            assertThat(
                            session.last()
                                    .map(InlineSession.Told::heard)
                                    .filter(Heard.Words.class::isInstance)
                                    .map(heard -> ((Heard.Words) heard).meaning().name())
                                    .orElse("NONE"))
                    .isEqualTo(meaning);
        }
    }
}
