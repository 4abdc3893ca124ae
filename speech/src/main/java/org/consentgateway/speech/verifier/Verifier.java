package org.consentgateway.speech.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A small convolutional network that looks at the sound of one utterance and says how probable it
 * is that a certain yes word was said and nothing else. It has its own weights and no grammar, so
 * that its errors are others than the recogniser's. File and layers: {@code
 * config/models/verifier/README.md}. Immutable.
 */
public final class Verifier {
    /** How much of the end of an utterance is looked at: 128 frames. */
    public static final int SAMPLES = MelSpectrum.FRAME + 127 * MelSpectrum.HOP;

    private static final int FRAMES = MelSpectrum.frames(SAMPLES);
    private static final int MAGIC = 0x31564743;
    private static final int NAMES_MOST = 10_000;
    private static final int CONVOLUTIONS = 4;

    /** The key of the digest of the network that the thresholds were measured with. */
    private static final String MEASURED = "sha256";

    private final List<String> names;
    private final float[] mean;
    private final float[] deviation;
    private final Convolution[] layers = new Convolution[CONVOLUTIONS + 2];
    private final MelSpectrum spectrum = new MelSpectrum();
    private final String sha256;

    /** Language to the entries of its lexicon that are looked at. */
    private final Map<String, Map<String, Check>> checks = new HashMap<>();

    /**
     * @param name index of the network's word
     * @param least the least probability of it
     */
    private record Check(int name, double least) {}

    /**
     * @throws IllegalArgumentException if its sizes or numbers make no sense
     * @throws BufferUnderflowException if the file ends too early
     */
    private Verifier(byte[] octets) {
        sha256 = sha256(octets);
        ByteBuffer file = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        int magic = file.getInt();
        int length = file.getInt();
        if (magic != MAGIC || length < 1 || length > NAMES_MOST) {
            throw new IllegalArgumentException("it begins otherwise");
        }
        byte[] text = new byte[length];
        file.get(text);
        names = List.of(new String(text, StandardCharsets.UTF_8).split(" ", -1));
        mean = Convolution.floats(file, MelSpectrum.BANDS);
        deviation = deviations(file);
        int channels = MelSpectrum.BANDS;
        for (int i = 0; i < layers.length; i++) {
            layers[i] = Convolution.read(file);
            // After the convolutions each channel is pooled twice: its maximum and its mean.
            if (layers[i].inputs() != (i == CONVOLUTIONS ? 2 * channels : channels)) {
                throw new IllegalArgumentException("its layers do not fit");
            }
            channels = layers[i].outputs();
        }
        if (channels != names.size() || file.hasRemaining()) {
            throw new IllegalArgumentException("its last layer does not fit");
        }
    }

    /** Each divides a band. */
    private static float[] deviations(ByteBuffer file) {
        float[] read = Convolution.floats(file, MelSpectrum.BANDS);
        for (float one : read) {
            if (one <= 0) {
                throw new IllegalArgumentException("a deviation of " + one + ": install it again");
            }
        }
        return read;
    }

    /**
     * @param folder with {@code verifier.bin} and {@code words.yaml}
     * @throws IOException in words for the operator
     */
    public static Verifier open(Path folder) throws IOException {
        Path network = folder.resolve("verifier.bin");
        if (!Files.isRegularFile(network)) {
            throw new IOException("no " + network);
        }
        Verifier verifier;
        try {
            verifier = new Verifier(Files.readAllBytes(network));
        } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
            throw new IOException(network + " is no verifier: " + e.getMessage(), e);
        }
        Path words = folder.resolve("words.yaml");
        JsonNode root = new YAMLMapper().readTree(Files.readString(words));
        verifier.requireMeasured(network, words, root);
        verifier.readChecks(words, root);
        return verifier;
    }

    /** Zeros where weights were would be a network, too, and might find a yes in anything. */
    private void requireMeasured(Path network, Path words, JsonNode root) throws IOException {
        String measured = root.path(MEASURED).asText(sha256);
        if (!measured.equals(sha256)) {
            throw new IOException(
                    network
                            + " is damaged, or another one than "
                            + words
                            + " was measured with. Install it again, or write the SHA-256 of yours"
                            + " there");
        }
    }

    private void readChecks(Path file, JsonNode root) throws IOException {
        for (var language : root.properties()) {
            if (language.getKey().equals(MEASURED)) {
                continue;
            }
            var entries = new HashMap<String, Check>();
            for (var word : language.getValue().properties()) {
                int name = names.indexOf(word.getKey());
                double least = word.getValue().path("least").asDouble(Double.NaN);
                if (name < 0 || !(least >= 0 && least <= 1)) {
                    throw new IOException(
                            file
                                    + ": "
                                    + language.getKey()
                                    + "."
                                    + word.getKey()
                                    + ": not one of "
                                    + names
                                    + ", or its least is not between 0 and 1");
                }
                for (JsonNode entry : word.getValue().path("entries")) {
                    entries.put(entry.asText(), new Check(name, least));
                }
            }
            checks.put(language.getKey(), Map.copyOf(entries));
        }
    }

    /**
     * That each yes is looked at which this network knows as a word.
     *
     * @param yes all phrases that agree in this language
     * @throws IOException in words for the operator, where one is not
     */
    public void requireChecks(String language, Set<String> yes) throws IOException {
        Map<String, Check> looked = checks.getOrDefault(language, Map.of());
        List<String> missing =
                names.stream()
                        .filter(name -> yes.contains(name) && !looked.containsKey(name))
                        .toList();
        if (looked.isEmpty() || !missing.isEmpty()) {
            throw new IOException(
                    "words.yaml of the verifier has no entries for "
                            + (looked.isEmpty() ? language : language + "." + missing)
                            + ": a yes would not be looked at");
        }
    }

    /** Of the network, lower-case hex. */
    public String sha256() {
        return sha256;
    }

    /**
     * Whether this sound is not enough of the yes that was understood, or the network has no
     * probability for it (NaN). Never for a phrase that it does not know.
     *
     * @param entry of the lexicon
     * @param samples as given to the recogniser; the last {@link #SAMPLES} are looked at
     */
    public boolean doubts(String language, String entry, short[] samples) {
        @Nullable Check check = checks.getOrDefault(language, Map.of()).get(entry);
        return check != null && !(probabilities(samples)[check.name()] >= check.least());
    }

    List<String> names() {
        return names;
    }

    /** Of each name, for what was said in this sound. */
    double[] probabilities(short[] samples) {
        float[][] x = normalised(samples);
        for (int i = 0; i < CONVOLUTIONS; i++) {
            x = layers[i].rectified(x);
        }
        float[][] hidden = layers[CONVOLUTIONS].rectified(pooled(x));
        return softmax(layers[CONVOLUTIONS + 1].of(hidden));
    }

    /** By band and time; a shorter utterance is led in by its first frame. */
    private float[][] normalised(short[] samples) {
        short[] enough =
                samples.length >= MelSpectrum.FRAME
                        ? samples
                        : Arrays.copyOf(samples, MelSpectrum.FRAME);
        int frames = MelSpectrum.frames(enough.length);
        float[][] x = new float[MelSpectrum.BANDS][FRAMES];
        for (int t = FRAMES - 1; t >= 0; t--) {
            int frame = frames - FRAMES + t;
            if (frame < 0) {
                for (float[] band : x) {
                    band[t] = band[t + 1];
                }
                continue;
            }
            float[] bands = spectrum.bands(enough, frame * MelSpectrum.HOP);
            for (int band = 0; band < bands.length; band++) {
                x[band][t] = (bands[band] - mean[band]) / deviation[band];
            }
        }
        return x;
    }

    /** All maxima over time, then all means. */
    private static float[][] pooled(float[][] x) {
        float[][] pooled = new float[2 * x.length][1];
        for (int channel = 0; channel < x.length; channel++) {
            float most = Float.NEGATIVE_INFINITY;
            float sum = 0;
            for (float value : x[channel]) {
                most = Math.max(most, value);
                sum += value;
            }
            pooled[channel][0] = most;
            pooled[x.length + channel][0] = sum / x[channel].length;
        }
        return pooled;
    }

    private static double[] softmax(float[][] z) {
        double most = Double.NEGATIVE_INFINITY;
        for (float[] value : z) {
            most = Math.max(most, value[0]);
        }
        double[] p = new double[z.length];
        double sum = 0;
        for (int i = 0; i < z.length; i++) {
            p[i] = Math.exp(z[i][0] - most);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    private static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
