package org.consentgateway.speech.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    /** In quotes, because YAML has its own idea of it. */
    private static final String WORDS = "en: {'yes': {entries: ['yes'], least: 0.6}}";

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
        return with(network(), words);
    }

    private Verifier with(ByteBuffer network, String words) throws IOException {
        Files.write(temp.resolve("verifier.bin"), network.array());
        Files.writeString(temp.resolve("words.yaml"), words);
        return Verifier.open(temp);
    }

    private static ByteBuffer network() throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(FOLDER.resolve("verifier.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where the deviations of the bands begin, behind the names and the means. */
    private static int deviations(ByteBuffer network) {
        return 8 + network.getInt(4) + MelSpectrum.BANDS * Float.BYTES;
    }

    /** Finite deviations, but so small that the network computes infinities and no probability. */
    @Test
    void aYesWhoseProbabilityIsNoNumberIsDoubted() throws Exception {
        ByteBuffer network = network();
        for (int band = 0; band < MelSpectrum.BANDS; band++) {
            network.putFloat(deviations(network) + band * Float.BYTES, Float.MIN_VALUE);
        }
        Verifier verifier = with(network, WORDS);
        short[] sound = sound("01-en-yes.wav", ends());
        assertThat(verifier.probabilities(sound)).contains(Double.NaN);
        assertThat(verifier.doubts("en", "yes", sound)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
    void aDeviationByWhichNothingCanBeDividedIsTold(float deviation) throws Exception {
        ByteBuffer network = network();
        network.putFloat(deviations(network), deviation);
        isDamaged(network);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
    void aWeightThatIsNoNumberIsTold(float weight) throws Exception {
        ByteBuffer network = network();
        network.putFloat(network.capacity() - Float.BYTES, weight);
        isDamaged(network);
    }

    private void isDamaged(ByteBuffer network) {
        assertThatThrownBy(() -> with(network, WORDS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no verifier")
                .hasMessageContaining("install it again");
    }

    /** A block of zeros where weights were is a network too, but not the one that was measured. */
    @Test
    void anotherNetworkThanTheOneThatWasMeasuredIsTold() throws Exception {
        String words = Files.readString(FOLDER.resolve("words.yaml"));
        assertThat(words).contains("sha256: " + Verifier.open(FOLDER).sha256());
        ByteBuffer network = network();
        network.put(network.capacity() - 512, new byte[512]);
        assertThatThrownBy(() -> with(network, words))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("verifier.bin is damaged, or another one than")
                .hasMessageContaining("Install it again, or write the SHA-256 of yours there");
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
