package org.consentgateway.speech.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicon;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root", "."));
    private static final Path FOLDER = ROOT.resolve("config/models/verifier");
    private static final Path RESOURCES = ROOT.resolve("speech/src/test/resources");

    /** As long as the recogniser waits after a word. */
    private static final double AFTER_SECONDS = 0.25;

    @TempDir Path temp;

    /** What another programme, written by others from the same page, found in the same sounds. */
    @Test
    void itFindsWhatTheNetworkFoundWhereItWasTrained() throws Exception {
        Verifier verifier = Verifier.open(FOLDER);
        Map<String, Double> ends = ends();
        List<String> rows = Files.readAllLines(RESOURCES.resolve("verifier/expected.tsv"));
        assertThat(rows.getFirst()).isEqualTo("# file\t" + String.join("\t", verifier.names()));
        for (String row : rows.subList(1, rows.size())) {
            String[] cell = row.split("\t", -1);
            double[] p = verifier.probabilities(sound(cell[0], ends));
            for (int i = 0; i < p.length; i++) {
                assertThat(p[i])
                        .as(cell[0] + " " + verifier.names().get(i))
                        .isCloseTo(Double.parseDouble(cell[i + 1]), within(1e-4));
            }
        }
        assertThat(rows).hasSizeGreaterThan(20);
    }

    private static short[] sound(String file, Map<String, Double> ends) throws IOException {
        short[] all = Wav.read(RESOURCES.resolve("utterances").resolve(file)).samples();
        int end = (int) Math.round(8000 * (ends.getOrDefault(file, 0.0) + AFTER_SECONDS));
        return Arrays.copyOf(all, Math.min(all.length, end));
    }

    private static Map<String, Double> ends() throws IOException {
        var ends = new HashMap<String, Double>();
        for (String row : Files.readAllLines(RESOURCES.resolve("utterances/labels.tsv"))) {
            String[] cell = row.split("\t", -1);
            if (cell[0].endsWith(".wav")) {
                ends.put(cell[0], Double.valueOf(cell[6]));
            }
        }
        return ends;
    }

    @Test
    void onlyTheEndOfTheSoundIsLookedAt() throws Exception {
        Verifier verifier = Verifier.open(FOLDER);
        short[] all = sound("58-de-auflauf-im-vorgeheizten-back.wav", ends());
        short[] end = Arrays.copyOfRange(all, all.length - Verifier.SAMPLES, all.length);
        short[] before = new short[80 * MelSpectrum.HOP + end.length];
        Arrays.fill(before, (short) 3000);
        System.arraycopy(end, 0, before, before.length - end.length, end.length);
        assertThat(verifier.probabilities(before)).isEqualTo(verifier.probabilities(end));
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aYesThatItKnowsAndWouldNotLookAtIsToldBefore(String language) throws Exception {
        Lexicon lexicon = Lexicon.load(ROOT.resolve("config/lexicon/" + language + ".yaml"));
        String yes = lexicon.first(SpokenMeaning.AGREE);
        Set<String> all = lexicon.phrases(SpokenMeaning.AGREE);
        Verifier.open(FOLDER).requireChecks(language, all);

        Verifier other = withWords("%s: {okay: {entries: [okay], least: 0.1}}".formatted(language));
        assertThatThrownBy(() -> other.requireChecks(language, all))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(yes);
        assertThatThrownBy(() -> other.requireChecks("fr", Set.of("oui")))
                .as("no word of this language")
                .hasMessageContaining("fr");
    }

    private Verifier withWords(String words) throws IOException {
        Files.copy(FOLDER.resolve("verifier.bin"), temp.resolve("verifier.bin"));
        Files.writeString(temp.resolve("words.yaml"), words);
        return Verifier.open(temp);
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void everyEntryThatIsLookedAtIsAYesOfTheLexicon(String language) throws Exception {
        Lexicon lexicon = Lexicon.load(ROOT.resolve("config/lexicon/" + language + ".yaml"));
        var entries = new HashSet<String>();
        new YAMLMapper()
                .readTree(Files.readString(FOLDER.resolve("words.yaml")))
                .path(language)
                .forEach(word -> word.path("entries").forEach(e -> entries.add(e.asText())));
        assertThat(entries).contains(lexicon.first(SpokenMeaning.AGREE)).hasSizeGreaterThan(7);
        assertThat(lexicon.phrases(SpokenMeaning.AGREE)).containsAll(entries);
    }

    @Test
    void aBrokenFileIsToldInWords() throws Exception {
        byte[] right = Files.readAllBytes(FOLDER.resolve("verifier.bin"));
        Files.copy(FOLDER.resolve("words.yaml"), temp.resolve("words.yaml"));
        assertThatThrownBy(() -> Verifier.open(temp)).hasMessageContaining("no " + temp);
        for (byte[] wrong :
                List.of(
                        new byte[0],
                        "no network at all".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        Arrays.copyOf(right, right.length - 4),
                        Arrays.copyOf(right, right.length + 4),
                        Arrays.copyOf(right, 600))) {
            Files.write(temp.resolve("verifier.bin"), wrong);
            assertThatThrownBy(() -> Verifier.open(temp)).hasMessageContaining("is no verifier");
        }
        Files.write(temp.resolve("verifier.bin"), right);
        Files.writeString(temp.resolve("words.yaml"), "de: {jo: {entries: [jo], least: 0.3}}");
        assertThatThrownBy(() -> Verifier.open(temp)).hasMessageContaining("de.jo: not one of");
    }
}
