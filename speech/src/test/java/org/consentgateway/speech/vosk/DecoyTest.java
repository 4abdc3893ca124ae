package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.voice.EspeakVoice;
import org.consentgateway.speech.voice.FreeTtsVoice;
import org.consentgateway.speech.voice.Voice;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each word of the lexicon that sounds like a yes, spoken to the shipped recogniser. */
@Nightly("sentences that are rendered and heard; what it finds comes with a new lexicon or model")
class DecoyTest {
    private static final Set<SpokenMeaning> YES_NO =
            EnumSet.of(
                    SpokenMeaning.AGREE,
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HEDGED,
                    SpokenMeaning.REPEAT,
                    SpokenMeaning.HELP,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.OTHER_LANGUAGE);

    @ParameterizedTest
    @CsvSource({
        "de, espeak-ng, de, ich bin einverstanden",
        "en, espeak-ng, en-us, I agree",
        "en, espeak-ng, en-gb, I agree",
        "en, freetts, en, I agree"
    })
    void eachIsHeardAsItselfOrAsNothing(String language, String voice, String tongue, String yes)
            throws Exception {
        Voice speaker = voice.equals("freetts") ? new FreeTtsVoice() : new EspeakVoice();
        Assumptions.assumeTrue(speaker.speaks(tongue), voice + " is not installed");
        var taken = new ArrayList<String>();
        try (var model = LanguageModel.open(Utterances.model(language))) {
            RecognisedLanguage recognised = Utterances.recognised(model, language);
            assertThat(heard(recognised, speaker, tongue, yes))
                    .as("what is a yes, by the same voice")
                    .isInstanceOf(Heard.Words.class);
            List<String> spoken = new ArrayList<>(recognised.lexicon().decoys());
            for (String word : spoken) {
                if (heard(recognised, speaker, tongue, word) instanceof Heard.Words words
                        && !words.entry().equals(word)) {
                    taken.add(word + " as " + words.entry());
                }
            }
        }
        assertThat(taken).isEmpty();
    }

    private static Heard heard(
            RecognisedLanguage recognised, Voice speaker, String tongue, String word)
            throws Exception {
        short[] sound = Sounds.scale(speaker.say(tongue, word).at(8000).samples(), -8);
        var session = new InlineSession(recognised, YES_NO);
        session.hear(Sounds.silence(400));
        session.hear(Sounds.join(sound, Sounds.silence(1200)));
        session.session.close();
        session.session.work();
        return session.last()
                .map(InlineSession.Told::heard)
                .orElse(new Heard.Nothing(Heard.Why.EMPTY));
    }
}
