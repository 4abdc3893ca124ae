package org.consentgateway.speech;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How callers are heard. Immutable.
 *
 * @param models language (ISO 639-1) to the folder of its Vosk model
 * @param lexicon folder with {@code LANG.yaml}
 * @param workers threads that decode; more than cores only adds waiting
 * @param admissionLimit how many callers may be listened to at once; the next ones use keys
 * @param deadline how long a caller's audio may wait for a worker before that caller uses keys
 * @param agreeConfidence the least confidence for a yes, 0 to 1; NaN for the model's own rule
 */
public record SpeechSettings(
        Map<String, Path> models,
        Path lexicon,
        int workers,
        int admissionLimit,
        Duration deadline,
        double agreeConfidence) {

    /** Name of the model that comes with the product, in {@code config/models}. */
    public static final String BUNDLED = "bundled";

    public static final String BUNDLED_FOLDER = "vosk-consent-de-en-small";

    /**
     * Measured with scripts/evaluate-speech on 2 cores: see speech/README.md. About here decisions
     * become a fifth slower.
     */
    public static final int DEFAULT_ADMISSION_LIMIT = 50;

    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(1);

    public SpeechSettings {
        models = Map.copyOf(models);
        if (workers < 1 || admissionLimit < 1) {
            throw new IllegalArgumentException("at least one worker and one listening");
        }
    }
}
