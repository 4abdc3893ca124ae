package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.SpeechSettings;

/** The recordings of src/test/resources/utterances and what is said in them. */
final class Utterances {
    static final Path ROOT = Path.of(System.getProperty("project.root", "."));

    /** The shipped model. */
    static final Path MODEL = ROOT.resolve("config/models/vosk-consent-de-en-small");

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

    /** As the gateway is shipped: the bundled model for German and English. */
    static SpeechSettings shipped() {
        return new SpeechSettings(
                Map.of("de", MODEL, "en", MODEL),
                ROOT.resolve("config/lexicon"),
                Math.max(1, Runtime.getRuntime().availableProcessors()),
                SpeechSettings.DEFAULT_ADMISSION_LIMIT,
                SpeechSettings.DEFAULT_DEADLINE,
                Double.NaN);
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
