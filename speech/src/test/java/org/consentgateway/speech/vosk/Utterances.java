package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.verifier.Verifier;
import org.consentgateway.speech.words.Lexicon;

/** The recordings of src/test/resources/utterances and what is said in them. */
final class Utterances {
    static final Path ROOT = Path.of(System.getProperty("project.root", "."));

    /** Language to its shipped model. */
    static final Map<String, Path> MODELS = Map.of("de", model("de"), "en", model("en"));

    private static final Path FOLDER = ROOT.resolve("speech/src/test/resources/utterances");

    /**
     * @param expected text; empty for noise, {@code [unk]} for speech that is no answer
     */
    record Utterance(
            String file,
            String language,
            String expected,
            String kind,
            double startSeconds,
            double endSeconds,
            short[] samples) {}

    private Utterances() {}

    static final SpeechSettings.Limits LIMITS =
            new SpeechSettings.Limits(
                    SpeechSettings.Limits.DEFAULT_QUESTIONS, SpeechSettings.Limits.DEFAULT_TALKS);

    /** The shipped model of a language. */
    static Path model(String language) {
        String folder = SpeechSettings.BUNDLED_FOLDERS.getOrDefault(language, "none");
        return ROOT.resolve("config/models").resolve(folder);
    }

    /** As the gateway is shipped: the bundled models for German and English. */
    static SpeechSettings shipped() {
        return new SpeechSettings(
                MODELS,
                ROOT.resolve("config/lexicon"),
                verified(),
                Math.max(1, Runtime.getRuntime().availableProcessors()),
                LIMITS,
                SpeechSettings.DEFAULT_DEADLINE);
    }

    /** As the gateway is shipped, with the verifier where the model is a bundled one. */
    static RecognisedLanguage recognised(LanguageModel model, String language) throws IOException {
        SpeechSettings.VerifierSettings verification = shipped().verification();
        DecisionRule rule = DecisionRule.of(model.sha256());
        return RecognisedLanguage.of(
                model,
                Lexicon.load(ROOT.resolve("config/lexicon/" + language + ".yaml")),
                rule,
                rule.secondOpinion()
                        ? null
                        : new Doubt(
                                Verifier.open(verification.folder()),
                                language,
                                verification.in(language)));
    }

    static SpeechSettings.VerifierSettings verified() {
        return new SpeechSettings.VerifierSettings(
                ROOT.resolve("config/models/verifier"), Map.of());
    }

    static List<Utterance> all() throws IOException {
        var all = new ArrayList<Utterance>();
        for (String line : Files.readAllLines(FOLDER.resolve("labels.tsv"))) {
            String[] cell = line.split("\t", -1);
            if (!cell[0].endsWith(".wav")) {
                continue;
            }
            all.add(
                    new Utterance(
                            cell[0],
                            cell[1],
                            cell[3],
                            cell[4],
                            Double.parseDouble(cell[5]),
                            Double.parseDouble(cell[6]),
                            Wav.read(FOLDER.resolve(cell[0])).samples()));
        }
        return all;
    }

    static Utterance of(String file) throws IOException {
        return all().stream().filter(u -> u.file().equals(file)).findFirst().orElseThrow();
    }
}
