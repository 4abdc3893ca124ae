package org.consentgateway.speech;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How callers are heard. Immutable.
 *
 * @param models language (ISO 639-1) to the folder of its Vosk model
 * @param lexicon folder with {@code LANG.yaml}
 * @param verification who looks at a yes again
 * @param workers threads that decode; more than cores only adds waiting
 * @param limits how many callers may be listened to at once
 * @param deadline how long a caller's audio may wait for a worker before that caller uses keys
 */
public record SpeechSettings(
        Map<String, Path> models,
        Path lexicon,
        VerifierSettings verification,
        int workers,
        Limits limits,
        Duration deadline) {

    /** Name of the models that come with the product, one folder a language. */
    public static final String BUNDLED = "bundled";

    /** Language to the folder of its model in {@code config/models}. */
    public static final Map<String, String> BUNDLED_FOLDERS =
            Map.of("de", "vosk-consent-de-2026-11", "en", "vosk-consent-en-2026-11");

    /** Where none is given: a doubted yes only counts where somebody wrote so. */
    private static final Map<String, SecondOpinion> AS_SHIPPED =
            Map.of("de", SecondOpinion.ASK, "en", SecondOpinion.REQUIRE);

    /**
     * How many callers may be listened to at once. Immutable.
     *
     * @param questions while they are asked; the next ones use keys
     * @param talks while they talk, for the words that withdraw; the next ones use keys for it
     */
    public record Limits(int questions, int talks) {
        /**
         * Measured with scripts/evaluate-speech on 2 cores: see speech/README.md. With both of them
         * decisions become a fifth slower.
         */
        public static final int DEFAULT_QUESTIONS = 50;

        public static final int DEFAULT_TALKS = 25;

        /** Of a core, for each caller who says a word every two and a half seconds. */
        public static final double CORE_OF_A_QUESTION = 0.016;

        /** Of a core, for each who speaks two fifths of the time. */
        public static final double CORE_OF_A_TALK = 0.03;

        public Limits {
            if (questions < 1 || talks < 0) {
                throw new IllegalArgumentException("at least one question listened to");
            }
        }

        /** How many cores are busy where all of them are taken. */
        public double cores() {
            return questions * CORE_OF_A_QUESTION + talks * CORE_OF_A_TALK;
        }
    }

    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(1);

    /**
     * Only of the bundled models; any other is asked twice. Immutable.
     *
     * @param folder of the verifier
     * @param opinions by language
     */
    public record VerifierSettings(Path folder, Map<String, SecondOpinion> opinions) {

        /** Where it is, in {@code config/models}. */
        public static final String FOLDER = "verifier";

        public VerifierSettings {
            opinions = Map.copyOf(opinions);
        }

        /** As shipped where none is given; a language of another model has none. */
        public SecondOpinion in(String language) {
            return opinions.getOrDefault(
                    language, AS_SHIPPED.getOrDefault(language, SecondOpinion.OFF));
        }
    }

    public SpeechSettings {
        models = Map.copyOf(models);
        if (workers < 1) {
            throw new IllegalArgumentException("at least one worker");
        }
    }
}
