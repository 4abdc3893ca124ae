package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.consentgateway.speech.engine.AcousticModel;
import org.consentgateway.speech.engine.SpeechEngine;

/** libvosk. Immutable. */
final class VoskEngine implements SpeechEngine {
    @Override
    public boolean owns(Path folder) {
        return Files.exists(folder.resolve("am/final.mdl"));
    }

    @Override
    public AcousticModel open(Path folder) throws IOException {
        return LanguageModel.open(folder);
    }
}
