package org.consentgateway.speech.vosk;

import java.util.function.Supplier;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SecondOpinion;
import org.consentgateway.speech.verifier.Verifier;

/**
 * What becomes of a yes in one language where the verifier does not hear one. Immutable.
 *
 * @param language ISO 639-1
 */
record Doubt(Verifier verifier, String language, SecondOpinion opinion) {

    /**
     * @param sound of the utterance, asked for only if it is looked at
     */
    Heard of(Heard.Words yes, Supplier<short[]> sound) {
        boolean doubted =
                opinion != SecondOpinion.OFF && verifier.doubts(language, yes.entry(), sound.get());
        if (!doubted) {
            return yes;
        }
        return switch (opinion) {
            case OFF -> yes;
            case ASK -> yes.asWeak();
            case REQUIRE -> new Heard.Nothing(Heard.Why.DISAGREEMENT);
        };
    }
}
