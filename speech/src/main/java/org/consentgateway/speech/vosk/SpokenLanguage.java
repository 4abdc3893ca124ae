package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.LanguageVerdict;
import org.consentgateway.speech.engine.DecoderException;
import org.consentgateway.speech.engine.SpeechDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Hears whether recordings are in the language of their texts: the network of the bundled models
 * writes down sounds instead of words, and a table of each language says how well they fit the
 * letters of a text. Judged against the texts of all other languages, since how well a voice is
 * heard differs more from voice to voice than from text to text. Confined to the command that
 * judges recordings; no call uses it.
 */
public final class SpokenLanguage implements AutoCloseable {
    /** Where its files are, in {@code config/models}. */
    public static final String FOLDER = "sounds";

    private static final String TABLE = ".tsv";

    /** Heard in about two seconds; of fewer nobody can tell. */
    private static final int FEWEST_SOUNDS = 20;

    /** Sounds for each letter. Where fewer are heard the network does not follow this voice. */
    private static final double WELL_HEARD = 0.45;

    /**
     * Nats a sound by which another text has to fit better. Of the shipped recordings none comes
     * above 0.45 for its own text; of the German sentences of a woman whom the network hears worst,
     * none above 0.86, and above 1.17 where less than {@link #WELL_HEARD} was heard of them.
     */
    private static final double MARGIN = 0.9;

    private static final double MARGIN_UNCLEAR = 1.5;

    /** Silence before and behind, so that the decoder comes to the first and the last sound. */
    private static final int REST = 15 * PcmFrame.SAMPLES;

    private final LanguageModel model;
    private final Map<String, LetterSounds> known;
    private final Map<String, List<String>> texts;

    /**
     * Immutable.
     *
     * @param text as it is read out, with no digits
     * @param samples of 8 kHz
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and looked at by nobody else
    public record Recording(String text, short[] samples) {}

    private SpokenLanguage(
            LanguageModel model, Map<String, LetterSounds> known, Map<String, List<String>> texts) {
        this.model = model;
        this.known = known;
        this.texts = texts;
    }

    /**
     * @param texts by language, as they are read out: what a recording may say by mistake
     * @throws IOException in words for the operator, where something is missing or broken
     */
    public static SpokenLanguage open(Path folder, Map<String, List<String>> texts)
            throws IOException {
        LanguageModel model = LanguageModel.open(folder);
        Map<String, LetterSounds> known = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(TABLE)).toList()) {
                String name = file.getFileName().toString();
                String language = name.substring(0, name.length() - TABLE.length());
                known.put(language, LetterSounds.read(language, file));
            }
        } catch (IOException e) {
            model.close();
            throw e;
        }
        return new SpokenLanguage(model, known, Map.copyOf(texts));
    }

    /**
     * Of one recording, or of several that say too little to be judged alone.
     *
     * @param language the one of their texts, ISO 639-1
     */
    public LanguageVerdict judge(String language, Collection<Recording> recordings)
            throws IOException {
        LetterSounds meant = known.get(language);
        List<String> others =
                known.keySet().stream()
                        .filter(other -> !other.equals(language) && texts.containsKey(other))
                        .toList();
        if (meant == null) {
            return new LanguageVerdict.NotChecked(
                    "which sounds the letters of "
                            + language
                            + " are is not known, only of "
                            + String.join(", ", known.keySet()));
        }
        if (others.isEmpty()) {
            return new LanguageVerdict.NotChecked(
                    "there is no notice in another known language ("
                            + String.join(", ", known.keySet())
                            + ") to compare with");
        }
        List<String> heard = new ArrayList<>();
        double own = 0;
        int letters = 0;
        Map<String, Fit> fits = new TreeMap<>();
        for (Recording recording : recordings) {
            List<String> sounds = sounds(recording.samples());
            heard.addAll(sounds);
            own += meant.cost(recording.text(), sounds);
            letters += meant.letters(recording.text());
            for (String other : others) {
                fits.merge(other, nearest(other, sounds), Fit::and);
            }
        }
        Map.Entry<String, Fit> best = null;
        for (Map.Entry<String, Fit> fit : fits.entrySet()) {
            best = best == null || fit.getValue().cost < best.getValue().cost ? fit : best;
        }
        if (best == null || heard.size() < FEWEST_SOUNDS) {
            return new LanguageVerdict.TooLittle();
        }
        boolean well = heard.size() >= WELL_HEARD * letters;
        if (own - best.getValue().cost > (well ? MARGIN : MARGIN_UNCLEAR) * heard.size()) {
            return new LanguageVerdict.Other(
                    best.getKey(), best.getValue().text, String.join("", heard));
        }
        return well ? new LanguageVerdict.Fits() : new LanguageVerdict.TooLittle();
    }

    private record Fit(double cost, String text) {
        Fit and(Fit next) {
            return new Fit(cost + next.cost, text + " " + next.text);
        }
    }

    private Fit nearest(String language, List<String> sounds) {
        LetterSounds letters = known.get(language);
        @Nullable Fit nearest = null;
        for (String text : texts.getOrDefault(language, List.of())) {
            double cost = letters == null ? Double.MAX_VALUE : letters.cost(text, sounds);
            nearest = nearest == null || cost < nearest.cost ? new Fit(cost, text) : nearest;
        }
        return nearest == null ? new Fit(Double.MAX_VALUE, "") : nearest;
    }

    private List<String> sounds(short[] recording) throws IOException {
        short[] samples = new short[REST + recording.length + REST];
        System.arraycopy(recording, 0, samples, REST, recording.length);
        List<String> pieces = new ArrayList<>();
        try (SpeechDecoder decoder = model.openFree()) {
            for (int at = 0; at < samples.length; at += PcmFrame.SAMPLES) {
                if (decoder.accept(Arrays.copyOfRange(samples, at, at + PcmFrame.SAMPLES))) {
                    pieces.add(decoder.end().text());
                }
            }
            pieces.add(decoder.end().text());
        } catch (DecoderException e) {
            throw new IOException(e.getMessage(), e);
        }
        return pieces.stream()
                .flatMap(piece -> Stream.of(piece.split(" ")))
                .filter(sound -> !sound.isEmpty())
                .collect(Collectors.toList());
    }

    @Override
    public void close() {
        model.close();
    }
}
