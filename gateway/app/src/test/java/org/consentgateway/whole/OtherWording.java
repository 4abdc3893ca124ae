package org.consentgateway.whole;

import java.io.IOException;
import java.nio.file.Path;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;

/** What an editor does for words that nobody has spoken yet: has them recorded. */
final class OtherWording {
    private OtherWording() {}

    /**
     * In English, as a melody that no other words have.
     *
     * @param cache a folder of the test
     */
    static void record(TestGateway gateway, Path cache, String words) throws IOException {
        PromptLibrary.open(
                        new VoiceSettings(
                                gateway.prompts().prompts(), cache, false, ShippedLanguages.ALL))
                .adopt(
                        "en",
                        words,
                        new Wav(ShortPrompts.melody(words, 1500), PcmFrame.SAMPLE_RATE),
                        "a test",
                        "none");
    }
}
