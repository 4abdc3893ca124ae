package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.DecoderException;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.engine.SpeechDecoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the shipped models. */
class ReusedDecoderTest {
    private static final Set<SpokenMeaning> ENDS =
            EnumSet.of(SpokenMeaning.WITHDRAW, SpokenMeaning.KEEP_NOTHING);

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void afterItsFinalResultItHearsWhatANewOneHears(String language) throws Exception {
        try (var model = LanguageModel.open(Utterances.model(language))) {
            RecognisedLanguage recognised = Utterances.recognised(model, language);
            try (SpeechDecoder reused = recognised.decoder(ENDS)) {
                for (short[] sound : sounds()) {
                    try (SpeechDecoder alone = recognised.decoder(ENDS)) {
                        assertThat(heard(reused, sound)).isEqualTo(heard(alone, sound));
                    }
                }
            }
        }
    }

    /** Words of several people; a phrase stands between others, and after itself. */
    private static List<short[]> sounds() throws IOException {
        Path words = Utterances.ROOT.resolve("speech/src/test/resources/sounds");
        short[] phrase = Wav.read(words.resolve("einwilligung-widerrufen.wav")).samples();
        List<short[]> sounds =
                new ArrayList<>(
                        Utterances.all().stream()
                                .limit(9)
                                .map(Utterances.Utterance::samples)
                                .toList());
        sounds.add(4, phrase);
        sounds.add(5, phrase);
        return sounds;
    }

    /** All partial results and the final one, with its confidence. */
    private static List<Hypothesis> heard(SpeechDecoder decoder, short[] sound)
            throws DecoderException {
        var heard = new ArrayList<Hypothesis>();
        for (int at = 0; at + PcmFrame.SAMPLES <= sound.length; at += PcmFrame.SAMPLES) {
            boolean _ = decoder.accept(Arrays.copyOfRange(sound, at, at + PcmFrame.SAMPLES));
            if (at % 800 == 0) {
                heard.add(decoder.partial());
            }
        }
        heard.add(decoder.end());
        return heard;
    }
}
